"""A number that passes on to somebody else, on both stores: the business-scoped id tells."""

from dataclasses import replace

import pytest

from lib.model import Catalogue, Changes, Exchange, Permissions, Session
from tests.stores import NOON, turn

NUMBER, FORMER, NEW = "+15550001111", "US.FORMER1", "US.NEW2"
MEXICO, MEXICO_OLD = "+525512345678", "+5215512345678"


def session(contact=NUMBER, user_id=FORMER, **fields):
    recent = (Exchange("My secret", "Is kept"),)
    kept = Session(contact, contact, "a", "Ann", NOON, NOON, recent, user_id=user_id)
    return replace(kept, **fields)


def keep(store, **changes):
    number = sum(1 for _ in store.documents.query("whatsapp_turns"))
    claimed, _ = store.claim(turn(f"SM{number}"))
    store.commit(claimed, Changes(**changes))


def with_former(backend, **fields):
    store = backend.store()
    kept = session(**fields)
    keep(store, session=kept, alias=(FORMER, kept.contact))
    return store


def moved_in(store, contact=NUMBER):
    """The new owner, after a first message was answered."""
    found = store.conversation(contact, NEW)
    fresh = Session(found.contact, contact, "a", "Bob", NOON, NOON, user_id=NEW, number_since=NOON)
    keep(store, session=fresh, alias=(NEW, found.contact), former=found.former)
    return fresh


def test_a_number_with_another_id_is_another_person(backend):
    found = with_former(backend).conversation(NUMBER, NEW)
    assert (found.contact, found.session, found.linked) == (NUMBER, None, False)
    assert found.former == session()


def test_the_new_owner_goes_on_with_a_session_of_their_own(backend):
    store = with_former(backend, parked=("SM7",))
    fresh = moved_in(store)
    for address in (NUMBER, NEW):
        found = store.conversation(address, NEW)
        assert (found.session, found.former, found.linked) == (fresh, None, True)
    assert store.conversation(NUMBER, "").session == fresh


def test_the_former_owner_is_known_under_their_id_and_nothing_waits_for_the_number(backend):
    store = with_former(backend, parked=("SM7",))
    moved_in(store)
    for address in (FORMER, "+15550002222"):
        found = store.conversation(address, FORMER)
        assert found.session == session(contact=FORMER, phone_number=NUMBER)
        assert (found.contact, found.linked, found.former) == (FORMER, True, None)


def test_an_older_session_takes_the_first_id_that_is_seen(backend):
    backend.keep("whatsapp_sessions", NUMBER, {"assistant_id": "a"})
    found = backend.store().conversation(NUMBER, NEW)
    assert (found.session.user_id, found.former) == ("", None)


def test_without_an_id_nobody_can_tell(backend):
    assert with_former(backend).conversation(NUMBER, "").session == session()


@pytest.mark.parametrize(("kept", "written"), [(MEXICO, MEXICO_OLD), (MEXICO_OLD, MEXICO)])
def test_a_number_passes_on_in_either_form(backend, kept, written):
    store = with_former(backend, contact=kept, phone_number=kept)
    found = store.conversation(written, NEW)
    assert (found.contact, found.session, found.former.contact) == (kept, None, kept)
    moved_in(store, written)
    for address in (kept, written):
        assert store.conversation(address, NEW).session.display_name == "Bob"


def test_an_older_link_to_a_number_that_passed_on_leads_nowhere(backend):
    store = backend.store()
    keep(store, session=session(user_id=NEW), alias=(FORMER, NUMBER))
    found = store.conversation(FORMER, FORMER)
    assert (found.contact, found.session, found.former, found.linked) == (FORMER, None, None, False)
    assert NUMBER not in found.names


@pytest.mark.parametrize(
    "permissions", [Permissions(blocked=True), Permissions(assistants=frozenset({"secret"}))]
)
def test_what_was_permitted_to_the_number_is_the_former_owner_s(backend, permissions):
    store = backend.store(Catalogue(permissions={f"{NUMBER}@whatsapp.user": permissions}))
    keep(store, session=session(), alias=(FORMER, NUMBER))
    assert store.conversation(NUMBER, FORMER).permissions == permissions
    assert store.conversation(NUMBER, NEW).permissions == Permissions()
    moved_in(store)
    for address in (NUMBER, NEW):
        assert store.conversation(address, NEW).permissions == Permissions()
    assert store.conversation(FORMER, FORMER).permissions == permissions


def test_the_new_owner_is_blocked_by_their_own_id(backend):
    blocked = {f"{NEW}@whatsapp.user": Permissions(blocked=True)}
    store = backend.store(Catalogue(permissions=blocked))
    keep(store, session=session(), alias=(FORMER, NUMBER))
    assert store.conversation(NUMBER, NEW).permissions.blocked
    moved_in(store)
    assert store.conversation(NUMBER, NEW).permissions.blocked
