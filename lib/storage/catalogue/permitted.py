"""Permissions in the assistants file, checked as they are read."""

from datetime import datetime

from lib.address import parse_address
from lib.errors import AddressError
from lib.model import Permissions, email_of
from lib.people.budget import AmountError, amount
from lib.storage.catalogue.documents import BUDGET, EVERYTHING, LIMITS
from lib.storage.catalogue.until import until_of
from lib.storage.catalogue.yaml_tree import Tree

NUMBERS = "whatsapp.user"
"""The domain of the e-mail addresses that stand for contacts."""

_KNOWN = ("blocked", "assistants", "email", "tools", "denied", "limits", "until")


def permissions_of(key: Tree, value: Tree) -> tuple[str, Permissions]:
    """Whom an entry of the file is about, and what it says.

    Raises:
        ConfigurationError: it cannot be understood; it names the line.
    """
    fields = _fields(value, _KNOWN)
    return _whom(key), Permissions(
        blocked=fields["blocked"].flag() if "blocked" in fields else False,
        assistants=_allowed(fields.get("assistants"), "assistants"),
        email=_email(fields["email"]) if "email" in fields else "",
        tools=_allowed(fields.get("tools"), "tools"),
        denied=_allowed(fields.get("denied"), "denied") or frozenset(),
        limits=_limits(fields["limits"]) if "limits" in fields else {},
        until=_until(fields["until"]) if "until" in fields else None,
    )


def _fields(value: Tree, known: tuple[str, ...]) -> dict[str, Tree]:
    found = value.entries()
    for name, (key, _) in found.items():
        if name not in known:
            key.refuse(f"{name!r} is not known here; there is {' and '.join(known)}")
    return {name: field for name, (_, field) in found.items()}


def _whom(key: Tree) -> str:
    """A contact's or an account's e-mail address, a domain, or everybody."""
    whom = key.text()
    is_domain = "@" not in whom and "." in whom.strip(".") and "/" not in whom
    if not ("@" in whom or is_domain or whom == EVERYTHING):
        key.refuse(
            "permissions go by e-mail address (<contact>@whatsapp.user), by domain, or are "
            f"everybody's ({EVERYTHING!r})"
        )
    name, at, domain = whom.rpartition("@")
    if not at or domain.lower() != NUMBERS:
        return whom.lower()
    try:
        return email_of(parse_address(name))
    except AddressError:
        key.refuse(f"a contact is a number like +15550001111@{NUMBERS}")


def _allowed(value: Tree | None, what: str) -> frozenset[str] | None:
    if value is None:
        return None
    ids = [value.text()] if value.is_text() else [item.text() for item in value.items()]
    if "" in ids:
        value.refuse(f"a list of ids of {what}, or {EVERYTHING!r}, is needed here")
    if EVERYTHING in ids and what == "denied":
        value.refuse("nobody can be denied everything here; say blocked: true")
    return None if EVERYTHING in ids else frozenset(ids)


def _email(value: Tree) -> str:
    email = value.text().strip().lower()
    name, _, domain = email.rpartition("@")
    if not (name and domain) or any(map(str.isspace, email)):
        value.refuse("an e-mail address is needed here")
    return email


def _limits(value: Tree) -> dict[str, int]:
    fields = _fields(value, LIMITS)
    return {name: _limit(name, field) for name, field in fields.items()}


def _limit(name: str, value: Tree) -> int:
    told = value.text()
    if name == BUDGET and told:
        try:
            return amount(name, told)
        except AmountError as error:
            value.refuse(str(error))
    if not (told.isascii() and told.isdigit()):
        value.refuse(f"{name}: a whole number is needed here; 0 is without limit")
    return int(told)


def _until(value: Tree) -> datetime:
    until = until_of(value.text())
    if until is None:
        value.refuse("a time like 2026-12-31 or 2026-12-31T18:00+01:00 is needed here")
    return until
