"""What is kept ends, and not before what needs it: on SQLite, and on Firestore's emulator.

Firestore itself deletes by the field ``expire_at``, which its emulator does not: there the field is
looked at, on both the clock is moved.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.conversation.consent import Purpose, may_write_first
from lib.conversation.converse import converse
from lib.conversation.limits import Limits
from lib.conversation.merging import merge
from lib.conversation.moment import Tools
from lib.model import Answer, Assistant, InboundMessage, Session, TurnState
from lib.ports.typing import no_typing
from lib.storage.stores.sessions import session_write
from operations.retention import give_end
from tests.stores import NOON, turn

PHONE, OTHER = "+15550001111", "+15550002222"
USER_ID, NEW_ID = "US.1A2B3C", "US.9Z9Z9Z"
DAY = timedelta(days=1)


class Echo:
    def ask(self, assistant, question, listener):
        return Answer("Yes")


class Person:
    """Writes to a gateway of this backend, whose clock is moved; what ended is gone by then."""

    def __init__(self, backend):
        self.backend = backend
        self.stores = backend.stores()
        self.number = 0
        self.tools = Tools(
            stores=self.stores,
            clients={"vac": Echo()},
            default_assistant=Assistant("a", "A"),
            typing=no_typing,
            limits=Limits(),
            clock=backend.watch,
        )

    def write(self, text="Hello", address=PHONE, user_id="", **fields):
        self.number += 1
        now = self.backend.watch()
        sid = f"SM{self.number}"
        message = InboundMessage(sid, address, now, text=text, user_id=user_id, **fields)
        person = self.stores.conversations.read(address, user_id, sid)
        outcome = converse(message, person, self.tools)
        claimed, _ = self.stores.turns.claim(turn(sid, address))
        writes = [*outcome.writes]
        if outcome.session is not None:
            writes.append(self.stores.sessions.write(outcome.session))
        done = replace(claimed, state=TurnState.DELIVERED)
        self.stores.turns.commit(done, tuple(writes))
        return outcome

    def wait(self, days):
        """Let time pass, and what is over by then be deleted."""
        self.backend.watch.now += days * DAY
        for name in ("whatsapp_sessions", "whatsapp_contacts", "whatsapp_consents"):
            self._sweep(name)
        self._sweep("whatsapp_erasures")

    def _sweep(self, collection):
        documents, now = self.stores.documents, self.backend.watch()
        over = [
            key
            for key, stored in documents.query(collection)
            if stored.document.get("expire_at") and stored.document["expire_at"] <= now
        ]
        documents.delete(over)

    def read(self, address=PHONE, user_id=""):
        return self.stores.conversations.read(address, user_id)


@pytest.fixture
def ann(backend):
    return Person(backend)


def test_a_link_ends_behind_its_session(ann):
    ann.write(user_id=USER_ID)
    kept = ann.backend.kept("whatsapp_contacts", USER_ID)
    assert kept["expire_at"] == NOON + 430 * DAY
    ann.wait(days=400)
    assert ann.read().session is None
    assert ann.backend.kept("whatsapp_contacts", USER_ID) is not None
    ann.wait(days=30)
    assert ann.backend.kept("whatsapp_contacts", USER_ID) is None


def test_a_link_stays_while_its_person_writes_though_nobody_shows_it(ann):
    ann.write(user_id=USER_ID)
    for _ in range(4):
        ann.wait(days=250)
        ann.write()
    assert ann.read(USER_ID, USER_ID).contact == PHONE
    assert ann.read(USER_ID, USER_ID).session is not None


def test_whoever_comes_back_by_an_id_that_ended_is_a_stranger(ann):
    ann.write(user_id=USER_ID)
    ann.stores.documents.delete([key for key, _ in ann.stores.documents.query("whatsapp_contacts")])
    for _ in range(2):
        ann.wait(days=31)
        ann.write()  # what is renewed by now leads to nobody
    found = ann.read(USER_ID, USER_ID)
    assert (found.contact, found.session) == (USER_ID, None)
    ann.write(address=USER_ID, user_id=USER_ID)
    assert ann.read(USER_ID, USER_ID).session.contact == USER_ID


def test_between_two_renewals_nothing_is_written_beside(ann):
    ann.write(user_id=USER_ID)
    outcome = ann.write(user_id=USER_ID)
    collections = {write.key.collection for write in outcome.writes}
    assert collections == {"messages"}


def test_what_was_merged_stays_as_long_as_what_it_leads_to(ann):
    ann.write()
    ann.write(address=OTHER)
    merge(PHONE, OTHER, ann.stores)
    for _ in range(4):
        ann.wait(days=250)
        ann.write()
    assert ann.read(OTHER).contact == PHONE
    ann.wait(days=400)
    assert ann.read(PHONE).session is None
    assert (ann.read(OTHER).contact, ann.read(OTHER).merged) == (OTHER, False)


def test_the_next_owner_of_a_merged_number_is_never_led_to_the_former_one(ann):
    ann.write(user_id=USER_ID)
    ann.write(address=OTHER, user_id="US.SECOND")
    merge(PHONE, OTHER, ann.stores)
    ann.write(address=OTHER, user_id=NEW_ID)
    for _ in range(3):
        ann.wait(days=60)
        ann.write()
        assert ann.read(OTHER, NEW_ID).contact == OTHER
        assert ann.read(OTHER).contact == OTHER


def test_a_merged_session_that_was_deleted_by_hand_is_not_there_again(ann):
    ann.write()
    ann.write(address=OTHER)
    merge(PHONE, OTHER, ann.stores)
    ann.backend.delete("whatsapp_sessions", OTHER)
    ann.wait(days=31)
    ann.write()
    assert ann.read(OTHER).session is None


def test_a_stop_outlives_the_session_that_it_was_said_in(ann):
    ann.write("STOP", user_id=USER_ID)
    ann.wait(days=4000)
    assert not list(ann.stores.documents.query("whatsapp_sessions"))
    for address, user_id in ((PHONE, ""), (PHONE, USER_ID), (USER_ID, USER_ID)):
        person = ann.read(address, user_id)
        assert person.session is None
        assert not may_write_first(person, Purpose.OWED)
    ann.write("Hello again", user_id=USER_ID)
    assert ann.read().session.opted_out_at == NOON
    ann.write("START")
    assert ann.read().session.opted_out_at is None
    ann.wait(days=4000)
    assert ann.read().opted_out_at is None
    assert not list(ann.stores.documents.query("whatsapp_erasures"))


def test_the_mark_of_a_stop_names_nobody(ann):
    ann.write("STOP", user_id=USER_ID)
    for key, stored in ann.stores.documents.query("whatsapp_erasures"):
        assert not {PHONE, USER_ID} & {key.id, *map(str, stored.document.values())}


def test_a_stop_that_an_earlier_version_kept_is_marked_while_its_person_writes(ann):
    since = NOON - 40 * DAY
    known = Session(PHONE, PHONE, "a", "Ann", since, since, opted_out_at=since)
    ann.stores.documents.replace([session_write(known)])
    ann.write()
    ann.wait(days=4000)
    assert ann.read().opted_out_at == since


def test_who_opted_in_has_not_once_their_session_is_over(ann):
    ann.write("START")
    assert may_write_first(ann.read(), Purpose.BROADCASTS)
    ann.wait(days=400)
    assert not may_write_first(ann.read(), Purpose.BROADCASTS)
    assert may_write_first(ann.read(), Purpose.OWED)


def test_the_proof_of_a_consent_lasts_while_it_is_in_force_and_three_years_longer(ann):
    ann.write("START")
    for _ in range(10):
        ann.wait(days=300)
        ann.write()
    (event,) = ann.stores.consents.events_of(PHONE)
    assert (event.state, event.wording) == ("granted", "START")
    ann.wait(days=400 + 3 * 365 - 30)
    assert ann.stores.consents.events_of(PHONE) == [event]
    ann.wait(days=61)
    assert ann.stores.consents.events_of(PHONE) == []


def test_what_no_longer_holds_is_proven_for_three_years_and_no_longer(ann):
    ann.write("START")
    ann.write("STOP")
    for _ in range(5):
        ann.wait(days=320)
        ann.write()
    assert [one.state for one in ann.stores.consents.events_of(PHONE)] == ["revoked"]


def test_a_turn_that_wrote_a_session_as_it_was_takes_no_word_back(ann):
    ann.write()
    before = ann.read().session
    ann.backend.watch.now += DAY
    ann.write("STOP")
    ann.stores.documents.replace([session_write(before)])
    assert ann.read().opted_out_at == NOON + DAY
    assert ann.read().session.opted_out_at == NOON + DAY


def test_the_next_owner_of_a_number_has_said_nothing(ann):
    ann.write(user_id=USER_ID)
    ann.write("STOP", user_id=USER_ID)
    ann.backend.watch.now += DAY
    ann.write(user_id=NEW_ID)
    found = ann.read(PHONE, NEW_ID)
    assert found.session.user_id == NEW_ID
    assert (found.opted_out_at, found.session.opted_out_at) == (None, None)
    assert ann.read(USER_ID, USER_ID).opted_out_at == NOON


def test_documents_of_earlier_versions_are_given_an_end_and_others_stay_as_they_are(ann):
    ann.backend.keep("messages", "old", {"created_at": NOON, "content": "Hi"})
    ann.backend.keep("messages", "new", {"expire_at": NOON + DAY, "content": "Ho"})
    end = NOON + 365 * DAY
    assert give_end("messages", end, ann.stores.documents) == 1
    assert ann.backend.kept("messages", "old")["expire_at"] == end
    assert ann.backend.kept("messages", "old")["content"] == "Hi"
    assert ann.backend.kept("messages", "new")["expire_at"] == NOON + DAY
    assert give_end("messages", end, ann.stores.documents) == 0


def test_an_invitation_of_a_web_page_without_an_end_gets_one_when_it_is_taken(ann):
    ann.backend.keep("whatsapp_invitations", "id", {"expires_at": NOON + DAY, "uses": 2})
    assert ann.stores.invitations.take("id", "SM1", NOON) is not None
    assert ann.backend.kept("whatsapp_invitations", "id")["expire_at"] == NOON + 2 * DAY


def test_a_mark_of_an_earlier_version_is_known_as_ever(ann):
    (key,) = ann.stores.erasures.keys([PHONE])
    mark = {"before": NOON, "at": NOON, "opted_out_at": NOON, "expire_at": None}
    ann.backend.keep(*key, mark)
    found = ann.read()
    assert found.forgotten.before == NOON
    assert found.opted_out_at == NOON
