"""Documents on their way into an export: in a temporary file, until all of them are known."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import IO, NamedTuple

from lib.ports.exporter import ExportError


class _Place(NamedTuple):
    """Where a line is, ordered by when it is of, then as it came."""

    at: datetime
    start: int
    size: int


class Spool:
    """Lines by section, given back in the order of their times.

    What is kept in memory of each is where it lies. ``most`` is the bytes of all of them.
    """

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self._end = 0
        self._places: defaultdict[str, list[_Place]] = defaultdict(list)

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of all sections, also of those without a line."""
        return tuple(sorted(self._places))

    def begin(self, section: str) -> None:
        """Let there be a section."""
        self._places[section] = []

    def add(self, section: str, at: datetime, line: bytes) -> None:
        """Keep a line.

        Raises:
            ExportError: there are too many.
        """
        if self._end + len(line) > self._most:
            raise ExportError("too large for an export")
        self._file.write(line)
        self._places[section].append(_Place(at, self._end, len(line)))
        self._end += len(line)

    def count(self, section: str) -> int:
        """Return how many lines a section has."""
        return len(self._places.get(section, ()))

    def lines(self, section: str) -> Iterator[bytes]:
        """Give the lines of a section, the earliest first."""
        for place in sorted(self._places.get(section, ())):
            self._file.seek(place.start)
            yield self._file.read(place.size)
