"""Flags of features: who has one. A feature without a flag is on for everybody, as it is set up."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import isfinite

from lib.address import canonical, parse_address
from lib.errors import AddressError
from lib.model.switches import Flag

FEATURES = ("early", "hours", "introduction", "joining", "media", "menus", "voice")
"""What a flag may take away, and an answer still be given: a closed list."""

_WHOLE = 100.0
_PARTS = 10_000


class FlagError(ValueError):
    """A flag that cannot be read; the text says why."""


def features_off(flags: Mapping[str, Flag], contact: str, assistant_id: str) -> frozenset[str]:
    """Return the features that a person does not have now."""
    return frozenset(
        name for name, flag in flags.items() if not _is_in(name, flag, contact, assistant_id)
    )


def _is_in(name: str, flag: Flag, contact: str, assistant_id: str) -> bool:
    if flag.assistants and assistant_id not in flag.assistants:
        return False
    who = canonical(contact)
    return who in flag.contacts or place_of(name, who) < flag.share * (_PARTS / _WHOLE)


def place_of(name: str, contact: str) -> int:
    """Return where among 10,000 a person stands for a flag: always the same, whatever its share.

    Of a growing share nobody falls out, and who is first in for one flag is not so for another.
    """
    return int.from_bytes(sha256(f"{name}:{contact}".encode()).digest()) % _PARTS


def read_flag(name: str, written: object) -> Flag:
    """Return a flag as it is written: a share, or a map of share, contacts and assistants.

    Without a share it is for the contacts named, and for all where none is.

    Raises:
        FlagError: it is no flag.
    """
    if name not in FEATURES:
        raise FlagError(f"there is no feature {name[:40]!r}; there is {', '.join(FEATURES)}")
    told = written if isinstance(written, Mapping) else {"share": written}
    unknown = set(told) - {"share", "contacts", "assistants"}
    if unknown:
        raise FlagError(f"{name}: a flag has a share, contacts and assistants")
    contacts = frozenset(map(_contact, _names(name, told.get("contacts"))))
    usual = 0.0 if contacts else _WHOLE
    share = _share(name, told["share"]) if told.get("share") is not None else usual
    return Flag(share, contacts, frozenset(_names(name, told.get("assistants"))))


def _share(name: str, written: object) -> float:
    if isinstance(written, bool):
        return _WHOLE if written else 0.0
    try:
        share = float(written.strip().removesuffix("%") if isinstance(written, str) else written)  # type: ignore[arg-type] # what it refuses is told below
    except (TypeError, ValueError, OverflowError):
        share = -1.0
    if not isfinite(share) or not 0 <= share <= _WHOLE:
        raise FlagError(f"{name}: the share is from 0 to 100 percent")
    return share


def _contact(written: str) -> str:
    """A contact in the one spelling; what is none is nobody's, and so it stays."""
    try:
        return canonical(parse_address(written))
    except AddressError:
        return written


def _names(name: str, written: object) -> Iterable[str]:
    listed = [] if written is None else written
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise FlagError(f"{name}: contacts and assistants are lists of texts")
    return listed
