"""What is known of the person behind a message, and the assistants, read in one round trip."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from lib.model import Assistant, Conversation
from lib.ports.clock import Clock
from lib.ports.documents import Document, Documents, Key
from lib.storage.catalogue.cached import Cached
from lib.storage.catalogue.documents import ASSISTANTS, read_assistant
from lib.storage.stores.erasures import Erasures, forgotten
from lib.storage.stores.history import question_keys
from lib.storage.stores.identity import Identity, identify
from lib.storage.stores.permissions import SharedRules, held_by
from lib.storage.stores.stops import stopped_before
from lib.storage.stores.switches import SwitchesRead

ASSISTANTS_FRESH = timedelta(seconds=60)
"""How long a change of ``assistants`` may take to be noticed."""

ASSISTANTS_USABLE = timedelta(minutes=10)
"""How long the assistants last read serve while they cannot be read again."""

MOST_ASSISTANTS = 1000
"""Assistants that are read; the rest is not seen."""


class Conversations:
    """Reads sessions, links, stops, permissions and assistants together."""

    def __init__(self, documents: Documents, clock: Clock, erasures: Erasures) -> None:
        self._documents = documents
        self._erasures = erasures
        self._clock = clock
        self._switches = SwitchesRead()
        self._rules = SharedRules()
        self._assistants = Cached(
            self._read_assistants, clock, fresh=ASSISTANTS_FRESH, usable=ASSISTANTS_USABLE
        )

    def read(self, address: str, user_id: str, message_id: str = "") -> Conversation:
        """Read all that is known of the person behind an address.

        One round trip, and a second one seldom; see ``identify``, and ``held_by``. The assistants,
        which change rarely, are read beside it.
        """
        assistants = self._assistants.begin()
        began = self._clock()
        question = question_keys(message_id)
        switches, rules = self._switches.due(began), self._rules.due(began)
        marks = self._erasures.keys((address, user_id))
        person = identify(address, user_id, (*question, *marks, *switches, *rules), self._read)
        if switches:
            self._switches.take(person.found, self._clock())
        shared = self._rules.take(rules, person.found, began)
        if person.former is not None:
            person = self._owner(person, user_id)
        person, standing = self._standing(person, marks)
        held = held_by(person, shared, self._clock(), self._read)
        return Conversation(
            contact=person.contact,
            session=person.session,
            permissions=held.permissions,
            assistants=assistants.result(),
            linked=person.linked,
            repeated=any(key in person.found for key in question),
            names=person.names,
            former=person.former,
            stopped_before=stopped_before(person.contact, person.found),
            forgotten=forgotten(marks, person.found),
            listed=held.listed,
            account=held.account,
            merged=person.merged,
            opted_out_at=standing[0],
            opted_in_at=standing[1],
            switches=self._switches.known,
        )

    def _owner(self, person: Identity, user_id: str) -> Identity:
        """Whose a number is that shows another business-scoped id: one more round trip."""
        from lib.storage.stores.owners import owner  # noqa: PLC0415 - numbers seldom pass on

        return owner(person, user_id, self._documents, self._clock())

    def _standing(
        self, person: Identity, marks: Iterable[Key]
    ) -> tuple[Identity, tuple[datetime | None, datetime | None]]:
        """The person as they stand by their marks, and when they opted out or in."""
        session = person.session
        if any(key in person.found for key in marks) and person.former is None:
            from lib.storage.stores import standing  # noqa: PLC0415 - few people have a mark

            mark = standing.marked(marks, person.found)
            stands = standing.standing_of(session, mark)
            known = standing.standing_so(session, stands) if session else None
            return replace(person, session=known), stands
        return person, (session.opted_out_at, session.opted_in_at) if session else (None, None)

    def _read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        return {key: stored.document for key, stored in self._documents.read(keys).items()}

    def _read_assistants(self) -> tuple[Assistant, ...]:
        found = self._documents.query(ASSISTANTS, page=MOST_ASSISTANTS)
        return tuple(
            read_assistant(key.id, stored.document)
            for key, stored in islice(found, MOST_ASSISTANTS)
        )
