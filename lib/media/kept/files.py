"""A kept medium as a file: a line of JSON, then the bytes; its time is when it was kept."""

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from lib.errors import StoreError
from lib.file_errors import said

_LONGEST_HEAD = 1024


class Head(NamedTuple):
    """What is told of a medium before its bytes."""

    content_type: str
    name: str


def write(path: Path, head: Head, data: bytes, now: datetime) -> None:
    """Let a file appear as a whole, for this user alone, also where the power goes."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(json.dumps(head._asdict()).encode() + b"\n" + data)
            file.flush()
            os.utime(file.fileno(), (now.timestamp(), now.timestamp()))
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read(path: Path) -> tuple[Head, bytes] | None:
    """Return what is in a file; None if there is none."""
    try:
        line, _, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return _head(line), data


def look(path: Path) -> tuple[Head, datetime] | None:
    """Return what is told of a medium, and since when it is kept; None if there is none."""
    try:
        with path.open("rb") as file:
            return _head(file.readline(_LONGEST_HEAD)), kept_at(os.fstat(file.fileno()))
    except FileNotFoundError:
        return None


def kept_at(found: os.stat_result) -> datetime:
    """When a file was kept."""
    return datetime.fromtimestamp(found.st_mtime, UTC)


def remove_if_empty(folder: Path) -> None:
    """Remove a folder unless there is something in it."""
    with contextlib.suppress(OSError):
        folder.rmdir()


@contextlib.contextmanager
def told(done: str) -> Iterator[None]:
    """Raise a StoreError that says what could not be ``done``, where the system has one."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"a medium cannot be {done}: {said(error)}") from None


def _head(line: bytes) -> Head:
    try:
        return Head(**json.loads(line))
    except (ValueError, TypeError):
        raise StoreError("a file among the kept media is none of ours") from None
