"""Two sessions of one person that an operator makes one, on both stores."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from lib.conversation.erasure import erasure_of
from lib.conversation.merging import MergeError, merge
from lib.conversation.sessions import open_session
from lib.model import Catalogue, Exchange, InboundMessage, Permissions, Session, Usage
from lib.storage.stores.belongings import belongings
from lib.storage.stores.sessions import archive_writes, link_write, session_write
from tests.stores import NOON, turn

PRIVATE, WORK, THIRD = "+15550001111", "+15550002222", "+15550003333"
PRIVATE_ID, WORK_ID, NEW_ID = "US.PRIVATE1", "US.WORK2", "US.NEW3"


def session(contact, **fields):
    recent = (Exchange(f"About {contact}", "Yes"),)
    return replace(Session(contact, contact, "a", "Ann", NOON, NOON, recent), **fields)


def keep(stores, *sessions):
    claimed, _ = stores.turns.claim(turn(f"SM{uuid4().hex}", "+15559990000"))
    stores.turns.commit(claimed, tuple(map(session_write, sessions)))


@pytest.fixture
def both(stores):
    keep(stores, session(PRIVATE, user_id=PRIVATE_ID), session(WORK, user_id=WORK_ID))
    return stores


def test_who_writes_under_either_name_is_one_person(both):
    kept = merge(PRIVATE, WORK, both)
    assert kept == session(PRIVATE, user_id=PRIVATE_ID, merged=(WORK,))
    for address, user_id in ((PRIVATE, PRIVATE_ID), (WORK, WORK_ID), (WORK, ""), (PRIVATE, "")):
        found = both.conversations.read(address, user_id)
        assert (found.contact, found.session, found.former) == (PRIVATE, kept, None)
        assert found.names >= {address, PRIVATE}


def test_a_hidden_number_that_was_merged_leads_to_the_same_person(both):
    claimed, _ = both.turns.claim(turn("SM9", "+15559990000"))
    both.turns.commit(claimed, (link_write(WORK_ID, WORK),))
    merge(PRIVATE, WORK, both)
    assert both.conversations.read(WORK_ID, WORK_ID).contact == PRIVATE


def test_what_a_merged_name_shows_of_itself_is_not_the_sessions(stores):
    keep(stores, session(PRIVATE), session(WORK, user_id=WORK_ID))
    merge(PRIVATE, WORK, stores)
    person = stores.conversations.read(WORK, WORK_ID)
    message = InboundMessage("SM1", WORK, NOON, text="Hello", user_id=WORK_ID)
    left = open_session(person, message, "a", NOON)
    assert (left.contact, left.phone_number, left.user_id) == (PRIVATE, PRIVATE, "")
    keep(stores, left)
    found = stores.conversations.read(PRIVATE, PRIVATE_ID)
    assert (found.contact, found.former) == (PRIVATE, None)


def test_the_new_owner_of_a_merged_number_is_somebody_else(both):
    merge(PRIVATE, WORK, both)
    person = both.conversations.read(WORK, NEW_ID)
    assert (person.contact, person.session) == (WORK, None)
    message = InboundMessage("SM1", WORK, NOON, text="Hello", user_id=NEW_ID)
    fresh = open_session(person, message, "a", NOON)
    claimed, _ = both.turns.claim(turn("SM9", "+15559990000"))
    both.turns.commit(claimed, (*archive_writes(person.former, NOON), session_write(fresh)))
    assert both.conversations.read(WORK, NEW_ID).contact == WORK
    assert both.conversations.read(WORK, NEW_ID).session.recent == ()
    assert both.conversations.read(WORK_ID, WORK_ID).contact == PRIVATE


def test_what_was_merged_into_a_number_that_passed_on_stays_with_its_person(both):
    merge(PRIVATE, WORK, both)
    person = both.conversations.read(PRIVATE, NEW_ID)
    assert person.former.user_id == PRIVATE_ID
    message = InboundMessage("SM1", PRIVATE, NOON, text="Hello", user_id=NEW_ID)
    fresh = open_session(person, message, "a", NOON)
    claimed, _ = both.turns.claim(turn("SM9", "+15559990000"))
    archived = both.sessions.archive(person.former, NOON)
    both.turns.commit(claimed, (*archived, session_write(fresh)))
    for address, user_id in ((WORK, WORK_ID), (WORK, ""), (PRIVATE_ID, PRIVATE_ID)):
        assert both.conversations.read(address, user_id).contact == PRIVATE_ID
    new = both.conversations.read(PRIVATE, NEW_ID)
    erasure = erasure_of(new, new.session, "", NOON, NOON, both)
    assert (set(erasure.names), erasure.histories) == ({PRIVATE, NEW_ID}, (NEW_ID,))


def test_what_is_permitted_to_one_name_only_is_permitted_to_nobody(backend):
    blocked = {f"{WORK}@whatsapp.user": Permissions(blocked=True)}
    both = backend.stores(Catalogue(permissions=blocked))
    keep(both, session(PRIVATE, user_id=PRIVATE_ID), session(WORK, user_id=WORK_ID))
    merge(PRIVATE, WORK, both)
    assert both.conversations.read(WORK, WORK_ID).permissions == Permissions(blocked=True)


def test_limits_are_added_and_what_waited_or_was_refused_stays(stores):
    used = {"usage": Usage(day="2026-11-23", asked=3), "spent": 5, "spent_on": "2026-11-23"}
    other = {**used, "opted_out_at": NOON, "parked": ("SM7",), "created_at": NOON - timedelta(1)}
    keep(stores, session(PRIVATE, parked=("SM6",), **used), session(WORK, **other))
    kept = merge(PRIVATE, WORK, stores)
    assert kept == stores.conversations.read(WORK, "").session
    assert (kept.usage.asked, kept.spent, kept.parked) == (6, 10, ("SM6", "SM7"))
    assert (kept.opted_out_at, kept.created_at) == (NOON, NOON - timedelta(1))
    assert kept.recent == (Exchange(f"About {PRIVATE}", "Yes"),)


def test_who_was_merged_before_goes_along(stores):
    keep(stores, *map(session, (PRIVATE, WORK, THIRD)))
    merge(WORK, THIRD, stores)
    merge(PRIVATE, WORK, stores)
    for address in (PRIVATE, WORK, THIRD):
        assert stores.conversations.read(address, "").contact == PRIVATE
    kept_of = {key.id for key, _ in belongings([PRIVATE], [], stores)}
    assert kept_of == {PRIVATE, WORK, THIRD}


@pytest.mark.parametrize(
    ("kept", "other", "reason"),
    [
        (PRIVATE, PRIVATE, "Both are the same person already."),
        (PRIVATE, WORK_ID, "Nobody is known as …ORK2."),
        (THIRD, WORK, "Nobody is known as …3333."),
    ],
)
def test_who_is_not_two_known_people_is_not_merged(both, kept, other, reason):
    with pytest.raises(MergeError) as refused:
        merge(kept, other, both)
    assert str(refused.value) == reason


def test_nobody_is_merged_twice_or_with_who_they_are(both):
    merge(PRIVATE, WORK, both)
    for kept, other in ((PRIVATE, WORK), (WORK, PRIVATE)):
        with pytest.raises(MergeError, match="same person already"):
            merge(kept, other, both)


def test_two_spellings_of_one_number_are_one_person_already(stores):
    keep(stores, session("+5511987654321"))
    with pytest.raises(MergeError, match="same person already"):
        merge("+5511987654321", "+551187654321", stores)


@pytest.mark.parametrize("address", [PRIVATE, WORK])
def test_nobody_is_merged_while_they_are_answered(both, address):
    both.turns.claim(turn("SM5", address))
    with pytest.raises(MergeError, match="is being answered just now"):
        merge(PRIVATE, WORK, both)


def test_a_deleted_session_leaves_the_other_name_as_it_was(both, backend):
    merge(PRIVATE, WORK, both)
    backend.delete("whatsapp_sessions", PRIVATE)
    found = both.conversations.read(WORK, WORK_ID)
    assert (found.contact, found.session.recent) == (WORK, ())


@pytest.mark.parametrize("address", [PRIVATE, WORK])
def test_who_is_forgotten_is_so_under_every_name_that_was_merged(both, address):
    keep(both, session(THIRD, user_id="US.THIRD3"))
    merge(WORK, THIRD, both)
    merge(PRIVATE, WORK, both)
    person = both.conversations.read(address, "")
    erasure = erasure_of(person, person.session, "", NOON, NOON, both)
    every = {PRIVATE, WORK, THIRD, PRIVATE_ID, WORK_ID, "US.THIRD3"}
    assert set(erasure.names) == every
    assert set(erasure.histories) == {PRIVATE, WORK, THIRD}
