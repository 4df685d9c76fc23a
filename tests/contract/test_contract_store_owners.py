"""A number that passes on to somebody else, on both stores: the business-scoped id tells."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from lib.model import Catalogue, Exchange, Permissions, Session
from lib.model.span import Span
from lib.storage.stores.sessions import archive_writes, link_write, session_write
from tests.stores import NOON, turn

NUMBER, FORMER, NEW = "+15550001111", "US.FORMER1", "US.NEW2"
MEXICO, MEXICO_OLD = "+525512345678", "+5215512345678"


def session(contact=NUMBER, user_id=FORMER, **fields):
    recent = (Exchange("My secret", "Is kept"),)
    kept = Session(contact, contact, "a", "Ann", NOON, NOON, recent, user_id=user_id)
    return replace(kept, **fields)


def keep(stores, *writes):
    claimed, _ = stores.turns.claim(turn(f"SM{uuid4().hex}"))
    stores.turns.commit(claimed, writes)


def with_former(backend, **fields):
    stores = backend.stores()
    kept = session(**fields)
    keep(stores, session_write(kept), link_write(FORMER, kept.contact))
    return stores


def moved_in(stores, contact=NUMBER):
    """The new owner, after a first message was answered."""
    found = stores.conversations.read(contact, NEW)
    fresh = Session(found.contact, contact, "a", "Bob", NOON, NOON, user_id=NEW, number_since=NOON)
    archived = archive_writes(found.former, NOON)
    keep(stores, *archived, session_write(fresh), link_write(NEW, found.contact))
    return fresh


def test_a_number_with_another_id_is_another_person(backend):
    found = with_former(backend).conversations.read(NUMBER, NEW)
    assert (found.contact, found.session, found.linked) == (NUMBER, None, False)
    assert found.former == session()


def test_the_new_owner_goes_on_with_a_session_of_their_own(backend):
    stores = with_former(backend, parked=("SM7",))
    fresh = moved_in(stores)
    for address in (NUMBER, NEW):
        found = stores.conversations.read(address, NEW)
        assert (found.session, found.former, found.linked) == (fresh, None, True)
    assert stores.conversations.read(NUMBER, "").session == fresh


def test_the_former_owner_is_known_under_their_id_and_nothing_waits_for_the_number(backend):
    stores = with_former(backend, parked=("SM7",))
    moved_in(stores)
    for address in (FORMER, "+15550002222"):
        found = stores.conversations.read(address, FORMER)
        assert found.session == session(
            contact=FORMER,
            phone_number=NUMBER,
            known_as=NUMBER,
            former_numbers=(Span(NUMBER, None, NOON),),
        )
        assert (found.session.id, found.session.user_email) == (
            "whatsapp-+15550001111",
            "+15550001111@whatsapp.user",
        )
        assert (found.contact, found.linked, found.former) == (FORMER, True, None)


def test_an_older_session_takes_the_first_id_that_is_seen(backend):
    backend.keep("whatsapp_sessions", NUMBER, {"assistant_id": "a"})
    found = backend.stores().conversations.read(NUMBER, NEW)
    assert (found.session.user_id, found.former) == ("", None)


def test_without_an_id_nobody_can_tell(backend):
    assert with_former(backend).conversations.read(NUMBER, "").session == session()


@pytest.mark.parametrize(("kept", "written"), [(MEXICO, MEXICO_OLD), (MEXICO_OLD, MEXICO)])
def test_a_number_passes_on_in_either_form(backend, kept, written):
    stores = with_former(backend, contact=kept, phone_number=kept)
    found = stores.conversations.read(written, NEW)
    assert (found.contact, found.session, found.former.contact) == (kept, None, kept)
    moved_in(stores, written)
    for address in (kept, written):
        assert stores.conversations.read(address, NEW).session.display_name == "Bob"


def test_an_older_link_to_a_number_that_passed_on_leads_nowhere(backend):
    stores = backend.stores()
    keep(stores, session_write(session(user_id=NEW)), link_write(FORMER, NUMBER))
    found = stores.conversations.read(FORMER, FORMER)
    assert (found.contact, found.session, found.former, found.linked) == (FORMER, None, None, False)
    assert NUMBER not in found.names


@pytest.mark.parametrize(
    "permissions", [Permissions(blocked=True), Permissions(assistants=frozenset({"secret"}))]
)
def test_what_was_permitted_to_the_number_is_the_former_owner_s(backend, permissions):
    stores = backend.stores(Catalogue(permissions={f"{NUMBER}@whatsapp.user": permissions}))
    keep(stores, session_write(session()), link_write(FORMER, NUMBER))
    assert stores.conversations.read(NUMBER, FORMER).permissions == permissions
    assert stores.conversations.read(NUMBER, NEW).permissions == Permissions()
    moved_in(stores)
    for address in (NUMBER, NEW):
        assert stores.conversations.read(address, NEW).permissions == Permissions()
    assert stores.conversations.read(FORMER, FORMER).permissions == permissions


def test_the_new_owner_is_blocked_by_their_own_id(backend):
    blocked = {f"{NEW}@whatsapp.user": Permissions(blocked=True)}
    stores = backend.stores(Catalogue(permissions=blocked))
    keep(stores, session_write(session()), link_write(FORMER, NUMBER))
    assert stores.conversations.read(NUMBER, NEW).permissions.blocked
    moved_in(stores)
    assert stores.conversations.read(NUMBER, NEW).permissions.blocked


def busy(stores, changed, others):
    """Let people write, of whom some got another id just now."""
    keep(
        stores,
        *(
            session_write(session(f"+1555111{count:04d}", user_id_since=NOON))
            for count in range(changed)
        ),
        *(session_write(session(f"+1555222{count:04d}")) for count in range(others)),
    )


@pytest.mark.parametrize(("changed", "is_new"), [(0, True), (5, True), (6, False)])
def test_while_many_people_get_other_ids_none_of_them_is_somebody_else(backend, changed, is_new):
    stores = with_former(backend, last_active=NOON - timedelta(days=1))
    busy(stores, changed, 20)
    found = stores.conversations.read(NUMBER, NEW)
    assert (found.former is not None) is is_new
    if not is_new:
        recognised = session(user_id=NEW, last_active=NOON - timedelta(days=1))
        assert replace(found.session, user_id_since=None) == recognised
        assert found.session.user_id_since is not None
