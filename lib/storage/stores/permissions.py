"""Which permissions hold for a person: their own, else their domain's, else everybody's."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from lib.address import mask
from lib.errors import StoreError
from lib.model import Permissions, email_of, ruling, strictest
from lib.ports.documents import Document, Documents, Key, Stored, Write
from lib.storage.catalogue.documents import (
    PERMISSIONS,
    is_listing,
    is_rule,
    read_permissions,
    unread_fields,
)
from lib.storage.stores.identity import Identity, Read

DOMAIN = Key(PERMISSIONS, "whatsapp.user")
EVERYBODY = Key(PERMISSIONS, "*")
"""The rules that people share: of everybody without an account, and of all."""

SHARED_FRESH = timedelta(seconds=60)
"""How long a change of those may take to be noticed."""

_BY, _OPERATOR = "blocked_by", "operator"
_MOST_TRIES = 5

Rules = Mapping[Key, Document]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for a person; see ``Conversation``."""

    permissions: Permissions
    listed: bool
    account: str


class SharedRules:
    """What a process knows of the rules that people share: read with one message in a minute.

    They come in the round trip that reads a person: where that fails, nobody is answered. What has
    to hold at once, a block, is among a person's own rules, which are read with each message.
    """

    def __init__(self) -> None:
        self._read: tuple[datetime, Rules] | None = None

    def due(self, now: datetime) -> tuple[Key, ...]:
        """Return what is to be read with the next message; mostly nothing."""
        # A clock that was set back must not keep them for longer.
        is_fresh = self._read is not None and self._read[0] <= now < self._read[0] + SHARED_FRESH
        return () if is_fresh else (DOMAIN, EVERYBODY)

    def take(self, due: tuple[Key, ...], found: Rules, began: datetime) -> Rules:
        """Return the rules there are; those that were ``due`` out of all that was found.

        ``began`` is when reading them began, from which they are fresh.
        """
        if not due and self._read is not None:
            return self._read[1]
        rules = {key: found[key] for key in due if key in found}
        self._read = (began, rules)
        return rules


def held_by(person: Identity, shared: Rules, now: datetime, read: Read) -> Held:
    """Return what holds for a person by the documents found with them, and the ``shared`` rules.

    One more round trip for those who act as an account: what is permitted to that. What held until
    a time that is over is as if it were not there.
    """
    _report_unread(person.found)
    own = list(_valid(person.permissions(), now))
    account = _account(person, own)
    domain = Key(PERMISSIONS, account.rpartition("@")[2]) if account else DOMAIN
    found = shared
    if account:
        of_account = read([Key(PERMISSIONS, account), domain])
        _report_unread(of_account)
        found = {**shared, **of_account}
    closest = [*own, *_valid(_at(found, Key(PERMISSIONS, account)), now)]
    levels = (closest, _valid(_at(found, domain), now), _valid(_at(found, EVERYBODY), now))
    ruled = ruling(map(_rule, levels))
    login = person.session.login if person.session else None
    if login is not None and login.assistants is not None:
        ruled = replace(
            strictest((ruled, Permissions(assistants=login.assistants))), email=ruled.email
        )
    return Held(ruled, any(map(is_listing, own)), account)


def block(documents: Documents, contact: str, *, blocked: bool) -> None:
    """Block somebody under a name, or take that back; whatever else is permitted to them stays.

    Raises:
        StoreError: it is not kept.
    """
    key = Key(PERMISSIONS, email_of(contact))
    stored = documents.read([key]).get(key)
    for _ in range(_MOST_TRIES):
        # What an operator's file says has no revision: nothing was written to it yet.
        revision = stored.revision or None if stored else None
        news = {"blocked": True, _BY: _OPERATOR} if blocked else {"blocked": None, _BY: None}
        stored, ours = documents.write_if(key, news, revision, durable=True)
        if ours:
            return
    raise StoreError("too many write to one permission at once")


def permitted_to(emails: Iterable[str], documents: Documents) -> Iterator[tuple[Key, Stored]]:
    """Give what is permitted to these e-mail addresses, and to nobody else."""
    yield from documents.read([Key(PERMISSIONS, email) for email in sorted(emails)]).items()


def with_blocks(writes: Iterable[Write], documents: Documents) -> Iterator[Write]:
    """Give what a file says of permissions, with the blocks that an operator set since.

    Raises:
        StoreError: nobody can tell now who is blocked.
    """
    said = list(writes)
    keys = [one.key for one in said if one.key.collection == PERMISSIONS]
    found = documents.read(keys) if keys else {}
    for key, document, _ in said:
        known = found[key].document if key in found else {}
        is_blocked = known.get("blocked") is True and known.get(_BY) == _OPERATOR
        kept = {"blocked": True, _BY: _OPERATOR} if is_blocked else {}
        yield Write(key, document | kept)


def _account(person: Identity, own: Iterable[Document]) -> str:
    """The account that somebody acts as: the one they proved, else the one an operator named."""
    login = person.session.login if person.session else None
    named = (read_permissions(one).email for one in own)
    account = (login.email if login else "") or next(filter(None, named), "")
    return account.lower()


def _at(found: Mapping[Key, Document], key: Key) -> Iterator[Document]:
    if key in found:
        yield found[key]


def _valid(documents: Iterable[Document], now: datetime) -> Iterator[Document]:
    for one in documents:
        until = read_permissions(one).until
        if until is None or now < until:
            yield one


def _rule(level: Iterable[Document]) -> Permissions | None:
    rules = [read_permissions(one) for one in level if is_rule(one)]
    return strictest(rules) if rules else None


def _report_unread(found: Rules) -> None:
    """Tell operators of what cannot be understood, which allows next to nothing."""
    for key, document in found.items():
        if key.collection == PERMISSIONS:
            for field in unread_fields(document):
                _tell_unread(key.id, field)


@lru_cache(maxsize=256)  # once a process
def _tell_unread(whom: str, field: str) -> None:
    name, at, domain = whom.rpartition("@")
    facts = {"document": f"{PERMISSIONS}/{mask(name) if at else ''}{at}{domain}", "field": field}
    _log.error("permission cannot be read", extra=facts)
