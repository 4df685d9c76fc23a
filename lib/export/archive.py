"""The file of an export: a zip with ``export.json``, ``index.html``, and media that still lie here.

``docs/data-protection.md`` describes it; what stands there stays as it is within a version.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lib.export.page import page
from lib.export.spool import Spool
from lib.export.told import line
from lib.ports.media_store import StoredMedium
from lib.reply.phrase import Say

VERSION = 1
"""Of ``export.json``. Fields and sections may be added within a version."""

_OWNER_ALONE = 0o600 << 16
_ODD = re.compile(r"[^0-9A-Za-z._-]+")
_LONGEST_NAME = 80


def write_archive(
    file: IO[bytes],
    person: Mapping[str, Any],
    spool: Spool,
    media: Iterable[tuple[datetime, StoredMedium]],
    now: datetime,
    say: Say,
    check: Callable[[int], None],
) -> None:
    """Write an export; ``person`` is who it is of.

    ``check`` is called again and again with its bytes so far, and may raise.
    """
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:

        def put(name: str, pieces: Iterable[bytes]) -> None:
            entry = ZipInfo(name, now.timetuple()[:6])
            entry.external_attr, entry.compress_type = _OWNER_ALONE, ZIP_DEFLATED
            with archive.open(entry, "w") as out:
                for piece in pieces:
                    check(file.tell())
                    out.write(piece)
            check(file.tell())

        files = []
        for number, (kept_at, medium) in enumerate(media, start=1):
            name = f"media/{number}-{_plain(medium.name)}"
            put(name, [medium.data])
            files.append(_told(name, medium, kept_at))
        put("export.json", _document(person, spool, files, now))
        made = f"{now:%Y-%m-%d %H:%M}"
        put("index.html", (one.encode() for one in page(person, spool, files, made, say)))


def _plain(name: str) -> str:
    return _ODD.sub("-", name)[-_LONGEST_NAME:].lstrip(".-") or "file"


def _told(name: str, medium: StoredMedium, kept_at: datetime) -> dict[str, str]:
    return {"file": name, "content_type": medium.content_type, "kept_at": kept_at.isoformat()}


def _document(
    person: Mapping[str, Any], spool: Spool, files: list[dict[str, str]], now: datetime
) -> Iterator[bytes]:
    """Give ``export.json``: a section is a list with an entry on each line."""
    head = {"version": VERSION, "made_at": now.isoformat(), "person": dict(person), "media": files}
    yield line(head).removesuffix(b"}")
    for section in spool.sections:
        yield b',\n"%s": [' % section.encode()
        for number, one in enumerate(spool.lines(section)):
            yield (b",\n" if number else b"\n") + one
        yield b"\n]"
    yield b"}\n"
