"""Erasures: who asked to be forgotten, and, once that is done, a keyed hash that says so.

While it lasts, a document has the names of its person in the map ``work``. In the end that is gone:
what stays are hashes of the names, by which a message that comes late is known, an opting out, and
what was used of limits. The same marks say of others what outlives their sessions: see
``lib.storage.stores.standing``.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from lib.address import spellings
from lib.errors import TurnTakenError
from lib.model.erasure import Erasure, Forgotten, Used
from lib.ports.documents import Document, Documents, Key, Until, Write
from lib.storage.fields import number, text, texts, time, time_if_any
from lib.storage.stores.session_documents import read_usage, times_of, usage_document

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
        self, erasure: Erasure, opted_out_at: datetime | None = None, used: Used = _NOTHING
    ) -> tuple[Write, ...]:
        """What begins an erasure, or begins it anew: the work, and a mark for each name."""
        mark: Document = {
            "before": erasure.before,
            "at": erasure.at,
            "opted_out_at": opted_out_at,
            "opted_in_at": None,
            "used": _used_document(used),
            # Whoever wants no messages is to be known for good.
            "expire_at": None if opted_out_at else erasure.at + KNOWN_FOR,
        }
        first = Write(Key(ERASURES, erasure.id), mark | _work_document(erasure))
        others = [key for key in self.keys(erasure.names) if key.id != erasure.id]
        return first, *(Write(key, {**mark, "erasure": erasure.id}) for key in others)

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
        return stored and _read(erasure_id, stored.document, stored.revision)

    def due(self, now: datetime, most: int) -> list[Erasure]:
        """Return erasures that are due, the earliest first."""
        found = self._documents.query(ERASURES, Until("overdue_at", now), most)
        read = (_read(key.id, stored.document, stored.revision) for key, stored in found)
        return [one for one in islice(read, most) if one]

    def go_on(self, erasure: Erasure, **moved: object) -> Erasure:
        """Keep how far an erasure is.

        Raises:
            TurnTakenError: it was begun anew, or somebody else went on with it.
        """
        further = replace(erasure, **moved)  # type: ignore[arg-type]  # fields of its own
        key = Key(ERASURES, erasure.id)
        stored, ours = self._documents.write_if(key, _work_document(further), erasure.revision)
        if stored is None or not ours:
            raise TurnTakenError("the erasure was moved by another worker")
        return replace(further, revision=stored.revision)

    def finish(self, erasure: Erasure) -> None:
        """Forget whose erasure it was.

        Raises:
            TurnTakenError: as ``go_on``.
        """
        key = Key(ERASURES, erasure.id)
        done: Document = {"work": None, "overdue_at": None}
        _, ours = self._documents.write_if(key, done, erasure.revision)
        if not ours:
            raise TurnTakenError("the erasure was moved by another worker")

    def _hash(self, name: str) -> str:
        # Of a number that is written in two ways, the same one.
        one = min(spellings(name))
        return hmac.new(self._secret, f"erasure {one}".encode(), hashlib.sha256).hexdigest()


def forgotten(keys: Iterable[Key], found: Mapping[Key, Document]) -> Forgotten | None:
    """What is known of a person who was forgotten, by the documents found; the latest of it."""
    known = [(key.id, found[key]) for key in keys if "before" in found.get(key, {})]
    # What says itself how far it is goes before a mark that only names it.
    known.sort(key=lambda one: (time(one[1].get("before")), "erasure" not in one[1]))
    return _forgotten(*known[-1]) if known else None


def _forgotten(erasure_id: str, document: Document) -> Forgotten:
    work = document.get("work")
    is_begun = isinstance(work, dict) and not number(work.get("passes"))
    return Forgotten(
        before=time(document.get("before")),
        at=time(document.get("at")),
        opted_out_at=time_if_any(document.get("opted_out_at")),
        erasure=text(document.get("erasure")) or (erasure_id if is_begun else ""),
        used=_used(document.get("used")),
    )


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
        times_of(known.get("wrong_codes")),
    )


def _work_document(erasure: Erasure) -> Document:
    return {
        "overdue_at": erasure.due_at,
        "work": {
            "names": list(erasure.names),
            "histories": list(erasure.histories),
            "turn": erasure.turn,
            "passes": erasure.passes,
            "answered_at": erasure.answered_at,
            "told": erasure.told,
        },
    }


def _read(erasure_id: str, document: Document, revision: str) -> Erasure | None:
    work = document.get("work")
    if not isinstance(work, dict):
        return None
    at = time(document.get("at"))
    return Erasure(
        id=erasure_id,
        names=texts(work.get("names")),
        histories=texts(work.get("histories")),
        turn=text(work.get("turn")),
        before=time(document.get("before")),
        at=at,
        due_at=time(document.get("overdue_at"), at),
        passes=int(number(work.get("passes"))),
        answered_at=time_if_any(work.get("answered_at")),
        told=work.get("told") is True,
        revision=revision,
    )
