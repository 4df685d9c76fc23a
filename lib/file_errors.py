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
    errno.ENAMETOOLONG: ("its name is too long", "Name another place"),
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
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    is_absent = number in {errno.ENOENT, errno.EEXIST, errno.ELOOP}
    if is_absent and _is_there(path.parent) and path.is_symlink() and not _is_there(path):
        return _BY_ERRNO[errno.ELOOP]
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return _BY_ERRNO.get(error.errno or 0, (reason, "Name another place"))
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR} and (found := _in_the_way(path)):
        return found
    if code == sqlite3.SQLITE_CANTOPEN:
        return "it cannot be opened", "Give this user the right to it, or look at the disk"
    return _BY_CODE.get(code, (f"{error}", "Is it of another program? Name another folder"))


def _in_the_way(path: Path) -> tuple[str, str] | None:
    """Why SQLite cannot use a file, which it does not tell: the first that is in the way."""
    for one in (path, *(Path(f"{path}-{kind}") for kind in ("wal", "shm", "journal"))):
        beside = "" if one == path else f"{one.name} beside it: "
        if not _is_there(one):
            continue
        if one.is_dir():
            reason, way_out = _BY_ERRNO[errno.EISDIR]
            return (f"{one.name} beside it is a folder" if beside else reason), way_out
        if not os.access(one, os.R_OK | os.W_OK):
            return f"{beside}{_RIGHT[0]}", _RIGHT[1]
    return None if os.access(path.parent, os.W_OK | os.X_OK) else _RIGHT


def _is_there(path: Path) -> bool:
    """Whether there is a file or folder, where one may look."""
    return os.access(path, os.F_OK)
