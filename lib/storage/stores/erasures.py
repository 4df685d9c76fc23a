"""Erasures: who asked to be forgotten, and, once that is done, a keyed hash that says so.

While it lasts, a document has the names of its person; see ``erasure_documents``. In the end they
are gone: what stays are hashes of the names, by which a message that comes late is known, an opting
out, what was used of limits, and since when a number was theirs that was somebody else's before.
The same marks say of others what outlives their sessions: see ``lib.storage.stores.standing``.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from lib.address import spellings
from lib.errors import TurnTakenError
from lib.model.erasure import Erasure, Forgotten, Used
from lib.ports.documents import Document, Documents, Key, Stored, Until, Write
from lib.storage.fields import number, text, time, time_if_any, times
from lib.storage.stores.session_documents import read_usage, usage_document

ERASURES = "whatsapp_erasures"

KNOWN_FOR = timedelta(days=30)
"""How long a message that was sent before is known as such: longer than any queue keeps one."""

_NOTHING = Used()


class Erasures:
    """The store of erasures. ``secret`` is what names are hashed with."""

    def __init__(self, documents: Documents, secret: bytes = b"") -> None:
        self._documents = documents
        self._secret = secret

    def keys(self, names: Iterable[str]) -> list[Key]:
        """Where it is noted that somebody of these names was forgotten."""
        hashed = dict.fromkeys(self._hash(name) for name in sorted(set(names)) if name)
        return [Key(ERASURES, one) for one in hashed]

    def writes(
        self,
        erasure: Erasure,
        opted_out_at: datetime | None = None,
        used: Used = _NOTHING,
        number_since: datetime | None = None,
    ) -> tuple[Write, ...]:
        """What begins an erasure, or begins it anew: the work, and a mark for each name.

        A number that was the person's and is no longer has none.
        """
        from lib.storage.stores.erasure_documents import work_document  # noqa: PLC0415 - few are forgotten

        mark: Document = {
            "before": erasure.before,
            "at": erasure.at,
            "opted_out_at": opted_out_at,
            "opted_in_at": None,
            "used": _used_document(used),
        }
        end = _end(erasure, opted_out_at or number_since)
        marks = {erasure.id: mark | {"expire_at": end}}
        spans = [erasure.span(name) for name in sorted(set(erasure.names))]
        for span in spans:
            if span.until is None:
                since = {"number_since": span.since} if span.since else {}
                end = _end(erasure, opted_out_at or span.since)
                marks[self._hash(span.name)] = mark | since | {"expire_at": end}
        work = work_document(erasure)
        return tuple(
            Write(
                Key(ERASURES, one), said | (work if one == erasure.id else {"erasure": erasure.id})
            )
            for one, said in marks.items()
        )

    def begin(
        self, erasure: Erasure, opted_out_at: datetime | None = None, used: Used = _NOTHING
    ) -> None:
        """Keep what begins an erasure that no message asked for."""
        self._documents.replace(self.writes(erasure, opted_out_at, used), durable=True)

    def id_of(self, contact: str) -> str:
        """Return the id of a person's erasure."""
        return self._hash(contact)

    def find(self, erasure_id: str) -> Erasure | None:
        """Return an erasure as long as anything of it is left to be done."""
        key = Key(ERASURES, erasure_id)
        stored = self._documents.read([key]).get(key)
        return stored and _read(key, stored)

    def due(self, now: datetime, most: int) -> list[Erasure]:
        """Return erasures that are due, the earliest first."""
        found = self._documents.query(ERASURES, Until("overdue_at", now), most)
        read = (_read(key, stored) for key, stored in found)
        return [one for one in islice(read, most) if one]

    def go_on(self, erasure: Erasure, **moved: object) -> Erasure:
        """Keep how far an erasure is.

        Raises:
            TurnTakenError: it was begun anew, or somebody else went on with it.
        """
        from lib.storage.stores.erasure_documents import work_document  # noqa: PLC0415 - as above

        further = replace(erasure, **moved)  # type: ignore[arg-type]  # fields of its own
        key = Key(ERASURES, erasure.id)
        stored, ours = self._documents.write_if(key, work_document(further), erasure.revision)
        if stored is None or not ours:
            raise TurnTakenError("the erasure was moved by another worker")
        return replace(further, revision=stored.revision)

    def finish(self, erasure: Erasure) -> None:
        """Forget whose erasure it was.

        Raises:
            TurnTakenError: as ``go_on``.
        """
        from lib.storage.stores.erasure_documents import DONE  # noqa: PLC0415 - as above

        key = Key(ERASURES, erasure.id)
        _, ours = self._documents.write_if(key, DONE, erasure.revision)
        if not ours:
            raise TurnTakenError("the erasure was moved by another worker")

    def _hash(self, name: str) -> str:
        # Of a number that is written in two ways, the same one.
        one = min(spellings(name))
        return hmac.digest(self._secret, f"erasure {one}".encode(), "sha256").hex()


def forgotten(keys: Iterable[Key], found: Mapping[Key, Document]) -> Forgotten | None:
    """What is known of a person who was forgotten, by the documents found; the latest of it."""
    known = [(key.id, found[key]) for key in keys if "before" in found.get(key, {})]
    # What says itself how far it is goes before a mark that only names it.
    known.sort(key=lambda one: (time(one[1].get("before")), "erasure" not in one[1]))
    return _forgotten(*known[-1]) if known else None


def _forgotten(erasure_id: str, document: Document) -> Forgotten:
    from lib.storage.stores.erasure_documents import work_of  # noqa: PLC0415 - as above

    work = work_of(document)
    is_begun = work is not None and not number(work.get("passes"))
    return Forgotten(
        before=time(document.get("before")),
        at=time(document.get("at")),
        opted_out_at=time_if_any(document.get("opted_out_at")),
        erasure=text(document.get("erasure")) or (erasure_id if is_begun else ""),
        used=_used(document.get("used")),
        id=text(document.get("erasure")) or erasure_id,
        number_since=time_if_any(document.get("number_since")),
    )


def _end(erasure: Erasure, for_good: datetime | None) -> datetime | None:
    """When a mark ends: whoever wants no messages is known for good.

    So is a number that passed on: whoever has it next must not be taken for its first owner.
    """
    return None if for_good else erasure.at + KNOWN_FOR


def _read(key: Key, stored: Stored) -> Erasure | None:
    from lib.storage.stores.erasure_documents import read_erasure  # noqa: PLC0415 - as above

    return read_erasure(key.id, stored.document, stored.revision)


def _used_document(used: Used) -> Document | None:
    if used == _NOTHING:
        return None
    return {
        "usage": usage_document(used.usage),
        "spent": used.spent,
        "spent_on": used.spent_on,
        "spoken": used.spoken,
        "spoken_on": used.spoken_on,
        "wrong_codes": list(used.wrong_codes),
    }


def _used(document: object) -> Used:
    known = document if isinstance(document, Mapping) else {}
    return Used(
        read_usage(known),
        int(number(known.get("spent"))),
        text(known.get("spent_on")),
        int(number(known.get("spoken"))),
        text(known.get("spoken_on")),
        times(known.get("wrong_codes")),
    )
