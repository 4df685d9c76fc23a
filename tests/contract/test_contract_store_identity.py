"""One person under all their names, on both stores."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.model import Catalogue, Permissions, Session
from lib.storage.stores.sessions import link_write, session_write
from tests.stores import NOON, turn

PHONE, USER_ID = "+15550001111", "US.1A2B3C"
BOTH_FORMS = [
    ("+525512345678", "+5215512345678"),
    ("+5511987654321", "+551187654321"),
    ("+5491123456789", "+541123456789"),
]
EITHER_WAY = [*BOTH_FORMS, *(pair[::-1] for pair in BOTH_FORMS)]


def session(contact, phone_number="", **fields):
    return Session(contact, phone_number, "a", "Ann", NOON, NOON, **fields)


def with_session(stores, kept, *links):
    claimed, _ = stores.turns.claim(turn(f"SM-{kept.contact}"))
    stores.turns.commit(claimed, (session_write(kept), *links))


def permitting(backend, names):
    return backend.stores(
        Catalogue(permissions={f"{name}@whatsapp.user": one for name, one in names.items()})
    )


@pytest.mark.parametrize(("kept", "written"), EITHER_WAY)
def test_a_session_is_found_under_the_other_form_of_its_number(backend, kept, written):
    stores = backend.stores()
    with_session(stores, session(kept, kept))
    found = stores.conversations.read(written, "")
    assert (found.contact, found.session.contact) == (kept, kept)
    assert found.names == {kept, written}


@pytest.mark.parametrize(("kept", "written"), BOTH_FORMS)
def test_of_two_sessions_of_one_person_the_one_used_last_goes_on(backend, kept, written):
    stores = backend.stores()
    with_session(stores, session(kept, kept))
    later = replace(session(written, written), last_active=NOON + timedelta(days=1))
    with_session(stores, later)
    for address in (kept, written):
        assert stores.conversations.read(address, "").contact == written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+551133334444", "+5511933334444"),  # a landline in Brazil, and a mobile number
        ("+15550001111", "+115550001111"),
        ("+525512345678", "+5205512345678"),
        ("+4915112345678", "+49115112345678"),
    ],
)
def test_another_number_is_another_person(backend, one, other):
    stores = backend.stores()
    with_session(stores, session(one, one))
    assert stores.conversations.read(other, "").session is None


def test_a_stranger_is_kept_under_the_address_they_write_from(backend):
    for pair in BOTH_FORMS:
        for address in pair:
            assert backend.stores().conversations.read(address, "").contact == address


@pytest.mark.parametrize("address", ["+525512345678", "+5215512345678"])
def test_a_link_to_either_form_leads_to_the_same_person(backend, address):
    stores = backend.stores()
    with_session(stores, session("+5215512345678"), link_write(USER_ID, "+5215512345678"))
    for given in (address, USER_ID):
        found = stores.conversations.read(given, USER_ID)
        assert (found.contact, found.linked) == ("+5215512345678", True)


@pytest.mark.parametrize("name", [PHONE, USER_ID])
@pytest.mark.parametrize("contact", [PHONE, USER_ID])
@pytest.mark.parametrize("address", [PHONE, USER_ID])
def test_a_block_holds_under_every_name(backend, contact, name, address):
    stores = permitting(backend, {name: Permissions(blocked=True)})
    with_session(stores, session(contact, PHONE), link_write(USER_ID, contact))
    found = stores.conversations.read(address, USER_ID)
    assert found.permissions.blocked
    assert {PHONE, USER_ID} >= {found.contact, address}
    assert PHONE in found.names


@pytest.mark.parametrize(("written", "blocked"), EITHER_WAY)
def test_a_block_holds_for_both_forms_of_a_number(backend, written, blocked):
    stores = permitting(backend, {blocked: Permissions(blocked=True)})
    assert stores.conversations.read(written, "").permissions.blocked
    assert stores.conversations.read(written, USER_ID).permissions.blocked
    with_session(stores, session(USER_ID, written), link_write(USER_ID, USER_ID))
    assert stores.conversations.read(USER_ID, USER_ID).permissions.blocked


def test_a_number_that_was_never_shown_blocks_nobody(backend):
    stores = permitting(backend, {PHONE: Permissions(blocked=True)})
    with_session(stores, session(USER_ID), link_write(USER_ID, USER_ID))
    assert not stores.conversations.read(USER_ID, USER_ID).permissions.blocked


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        ({PHONE: None, USER_ID: {"a", "b"}}, {"a", "b"}),
        ({PHONE: {"b", "c"}, USER_ID: {"a", "b"}}, {"b"}),
        ({PHONE: set(), USER_ID: {"a"}}, set()),
        ({PHONE: None}, None),
    ],
)
def test_of_several_permissions_the_strictest_wins(backend, names, allowed):
    kept = {
        name: Permissions(assistants=None if ids is None else frozenset(ids))
        for name, ids in names.items()
    }
    found = permitting(backend, kept).conversations.read(PHONE, USER_ID).permissions
    assert found.assistants == (None if allowed is None else frozenset(allowed))


def test_opting_out_is_kept_and_taken_back(backend):
    stores = backend.stores()
    with_session(stores, session(PHONE, opted_out_at=NOON))
    assert stores.conversations.read(PHONE, "").session.opted_out_at == NOON
    claimed, _ = stores.turns.claim(turn("SM2"))
    stores.turns.commit(claimed, (session_write(session(PHONE)),))
    assert stores.conversations.read(PHONE, "").session.opted_out_at is None


def test_a_session_from_before_there_was_opting_out_has_not_opted_out(backend):
    backend.keep("whatsapp_sessions", PHONE, {"assistant_id": "a"})
    assert backend.stores().conversations.read(PHONE, "").session.opted_out_at is None
