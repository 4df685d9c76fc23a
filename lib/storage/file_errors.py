"""What is wrong with a file or a folder, in one line that names it and the way out.

The words are SQLite's and the system's where there are no better ones: neither quotes what a file
holds.
"""

import errno
import os
import sqlite3
from pathlib import Path

_ROOM = ("there is no room left for it", "Make room on its disk")
_RIGHT = ("this user has no right to it", "Give this user the right to it (chown, chmod)")
_READ_ONLY = ("it cannot be written to", "Let this user write there, or name another place")
_SPOILT = (
    "it is damaged, or no database",
    "Put a copy of it back; or move it away, with its -wal and -shm, and begin anew",
)
_BUSY = ("another program holds it", "End that program")

# POSIX, "Error numbers".
_BY_ERRNO = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.EROFS: _READ_ONLY,
    errno.EISDIR: ("it is a folder and should be a file", "Move it away"),
    errno.ENOTDIR: ("a file stands where a folder should be", "Move it away"),
    errno.EEXIST: ("a file stands where a folder should be", "Move it away"),
    errno.ENOENT: ("there is no such place", "Make it, or name another one"),
    errno.ELOOP: ("its links lead nowhere", "Mend them"),
    errno.EMFILE: ("too many files are open", "Allow this user more (ulimit -n)"),
    errno.ENFILE: ("too many files are open", "Let the system have more of them"),
    errno.EIO: ("its disk fails", "Look at the disk"),
}
# SQLite, "Result and Error Codes": the lower byte of an extended code is the primary one.
_PRIMARY = 0xFF
_BY_CODE = {
    sqlite3.SQLITE_NOTADB: _SPOILT,
    sqlite3.SQLITE_CORRUPT: _SPOILT,
    sqlite3.SQLITE_FORMAT: _SPOILT,
    sqlite3.SQLITE_FULL: _ROOM,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _RIGHT,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_IOERR: ("its disk is full, or fails", "Make room, or look at the disk"),
}


class NewerFileError(sqlite3.DatabaseError):
    """A database of a newer version of the gateway, which this one would spoil."""


def explained(path: str | os.PathLike[str], error: Exception, done: str = "used") -> str:
    """Return one line on why a file or folder cannot be used, and what to do about it."""
    reason, way_out = _facts(Path(path), error)
    return f"{os.fspath(path)} cannot be {done}: {reason}. {way_out}."


def said(error: OSError) -> str:
    """Return what an error of the system says, with the way out where it names a file."""
    known = isinstance(error.filename, str) and error.errno in _BY_ERRNO
    return explained(error.filename, error) if known else str(error)


def _facts(path: Path, error: Exception) -> tuple[str, str]:
    if isinstance(error, NewerFileError):
        return str(error), "Start that version, or name another folder with DATA_DIR"
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return _BY_ERRNO.get(error.errno or 0, (reason, "Name another place"))
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code == sqlite3.SQLITE_CANTOPEN:
        return _unopened(path)
    return _BY_CODE.get(code, (f"{error}", "Is it of another program? Name another folder"))


def _unopened(path: Path) -> tuple[str, str]:
    """Why SQLite cannot open a file, which it does not tell: the first that is in the way."""
    for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")):
        if one.is_dir():
            reason, way_out = _BY_ERRNO[errno.EISDIR]
            return reason if one == path else f"{one.name} beside it is a folder", way_out
    if not os.access(path.parent, os.W_OK | os.X_OK) or not os.access(path, os.R_OK):
        return _RIGHT
    return "it cannot be opened", "Give this user the right to it, or look at the disk"
