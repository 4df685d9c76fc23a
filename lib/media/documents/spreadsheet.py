"""The cells of xlsx: a line a row, tabs between them, values as they were last calculated.

Source: ECMA-376 part 1, 18 (SpreadsheetML).
"""

from collections.abc import Mapping
from string import ascii_uppercase

from lib.media.documents.cells import Looks, Values
from lib.media.documents.package import Package, Walk, main_part, reference, relations
from lib.media.documents.text import Text

_MOST_SHEETS = 5
_MOST_STRINGS = 100_000
_MOST_CHARACTERS = 2_000_000
# As many empty cells before one keep it in its column; beyond that, nobody reads columns.
_MOST_EMPTY = 50
_HIDDEN = {"hidden", "veryHidden"}


def read(data: bytes, text: Text) -> None:
    """Add the cells of a workbook, sheet by sheet; those that are hidden are not shown here."""
    package = Package(data)
    main = main_part(package)
    book = _Book()
    package.walk(main, book)
    text.pages = len(book.sheets)
    text.more = text.pages > _MOST_SHEETS
    parts = relations(package, main)
    values = _values(package, parts, book)
    for title, sheet in book.sheets[:_MOST_SHEETS]:
        text.begin_part(f"Sheet {title}")
        if sheet in parts:
            package.walk(parts[sheet][1], _Sheet(text, values))


def _values(package: Package, parts: dict[str, tuple[str, str]], book: "_Book") -> Values:
    named = {kind: part for kind, part in parts.values() if package.has(part)}
    looks, strings = Looks(), _Strings()
    if part := named.get("styles"):
        package.walk(part, looks)
    if part := named.get("sharedStrings"):
        strings.walk(package, part)
    return Values(strings.found, looks.dates, since_1904=book.since_1904)


class _Book(Walk):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet" and attributes.get("state") not in _HIDDEN:
            self.sheets.append((attributes.get("name", ""), reference(attributes)))


class _Strings(Walk):
    """The strings that cells share, as many of the first as cells that are read may need."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._left = _MOST_CHARACTERS
        self._reading = False
        self._hints = 0

    def walk(self, package: Package, part: str) -> None:
        try:
            package.walk(part, self)
        except _EnoughError:
            return

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - its form
        self._hints += name == "rPh"
        self._reading = name == "t" and not self._hints

    def end(self, name: str) -> None:
        self._reading = False
        self._hints -= name == "rPh"
        if name == "si":
            self.found.append("".join(self._pieces))
            self._pieces.clear()
            if len(self.found) >= _MOST_STRINGS:
                raise _EnoughError

    def characters(self, data: str) -> None:
        if self._reading:
            self._pieces.append(data)
            self._left -= len(data)
            if self._left < 0:
                raise _EnoughError


class _EnoughError(Exception):
    """Cells that are read hardly need more strings."""


class _Sheet(Walk):
    def __init__(self, text: Text, values: Values) -> None:
        self._text = text
        self._values = values
        self._column = 0
        self._cell: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._reading = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._column = 0
        elif name == "c":
            self._cell = attributes
            self._pieces.clear()
        self._reading = name in {"v", "t"}

    def characters(self, data: str) -> None:
        if self._reading:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._reading = False
        if name == "row":
            self._text.end_line()
        elif name == "c" and self._pieces:
            self._add(self._values.shown(self._cell, "".join(self._pieces)))

    def _add(self, value: str) -> None:
        """Add a value behind as many tabs as bring it to its column."""
        column = _column(self._cell.get("r", "")) or self._column + 1
        tabs = column - max(self._column, 1)
        self._text.add("\t" * min(max(tabs, 0), _MOST_EMPTY) + " ".join(value.split()))
        self._column = column


def _column(name: str) -> int:
    """The number of the column in a cell's name, as in "AB12"; 0 if it has none."""
    number = 0
    for letter in name[:3]:
        if letter in ascii_uppercase:
            number = number * 26 + ascii_uppercase.index(letter) + 1
    return number
