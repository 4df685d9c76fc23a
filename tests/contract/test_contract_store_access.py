"""Invitations, consents and permissions, on SQLite and on the real Firestore emulator."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import StoreError
from lib.model import Catalogue, Permissions, Session
from lib.model.access import Invitation, Login
from lib.storage.stores import stores_on
from lib.storage.stores.belongings import belongings
from lib.storage.stores.consents import ConsentEvent, consent_write
from lib.storage.stores.permissions import block
from lib.storage.stores.sessions import session_write
from tests.stores import NOON
from tests.watched import WatchedDocuments

PHONE = "+15550001111"
EMAIL = f"{PHONE}@whatsapp.user"
HOUR = timedelta(hours=1)
INVITATION = Invitation(uses=1, expires_at=NOON + HOUR, made_by="ops", email="ann@firm.example")
OWN, ACCOUNT, FIRM = EMAIL, "ann@firm.example", "firm.example"
DOMAIN, EVERYBODY = "whatsapp.user", "*"


SESSION = Session(PHONE, PHONE, "default-assistant", "Ann", NOON, NOON)


def only(name):
    return Permissions(assistants=frozenset({name}))


def test_an_invitation_is_made_once_and_taken_once(stores):
    assert stores.invitations.make("id", INVITATION)
    assert not stores.invitations.make("id", replace(INVITATION, uses=9))
    taken = stores.invitations.take("id", "SM1", NOON)
    assert (taken.email, taken.assistants, taken.taken) == ("ann@firm.example", None, ("SM1",))
    assert stores.invitations.take("id", "SM2", NOON) is None
    assert stores.invitations.take("id", "SM1", NOON + 2 * HOUR) == taken


@pytest.mark.parametrize(("uses", "now"), [(0, NOON), (1, NOON + HOUR), (5, NOON + 2 * HOUR)])
def test_an_invitation_ends(stores, uses, now):
    stores.invitations.make("id", replace(INVITATION, uses=uses))
    assert stores.invitations.take("id", "SM1", now) is None
    assert stores.invitations.take("other", "SM1", now) is None


def test_of_several_at_once_as_many_take_it_as_it_is_for(stores):
    stores.invitations.make("id", replace(INVITATION, uses=2))
    with ThreadPoolExecutor(5) as pool:
        taken = list(
            pool.map(lambda n: stores.invitations.take("id", f"SM{n}", NOON) is not None, range(5))
        )
    assert sum(taken) == 2


def test_an_invitation_is_forgotten_a_day_after_it_expired(backend, stores):
    stores.invitations.make("id", INVITATION)
    kept = backend.kept("whatsapp_invitations", "id")
    assert kept["expire_at"] == NOON + HOUR + timedelta(days=1)


def test_what_somebody_said_of_messages_is_kept_as_often_as_they_said_it(documents, stores):
    writes = [
        consent_write(ConsentEvent(PHONE, "revoked", "word", "SM1", NOON, "STOP")),
        consent_write(ConsentEvent(PHONE, "revoked", "word", "SM1", NOON, "STOP")),
        consent_write(ConsentEvent(PHONE, "granted", "word", "SM2", NOON, "START")),
        consent_write(ConsentEvent("+15550002222", "revoked", "21610", "SM3", NOON)),
    ]
    documents.replace(writes)
    kept = [stored.document for _, stored in stores.consents.documents_of(PHONE)]
    assert [(one["state"], one["source"], one["message_id"]) for one in kept] == [
        ("revoked", "word", "SM1"),
        ("granted", "word", "SM2"),
    ]
    assert len(list(belongings([PHONE], [], stores))) == 2


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ({EVERYBODY: only("a")}, {"a"}),
        ({DOMAIN: only("b"), EVERYBODY: only("a")}, {"b"}),
        ({OWN: only("c"), DOMAIN: only("b"), EVERYBODY: only("a")}, {"c"}),
        ({OWN: Permissions(email=ACCOUNT), DOMAIN: only("b"), FIRM: only("d")}, {"d"}),
        ({OWN: Permissions(email=ACCOUNT), ACCOUNT: only("e"), FIRM: only("d")}, {"e"}),
        ({OWN: Permissions(email=ACCOUNT), DOMAIN: only("b"), EVERYBODY: only("a")}, {"a"}),
        ({OWN: Permissions(), EVERYBODY: only("a")}, None),
        ({OWN: replace(only("c"), until=NOON), DOMAIN: only("b")}, {"b"}),
        ({OWN: replace(only("c"), until=NOON + HOUR), DOMAIN: only("b")}, {"c"}),
    ],
)
def test_the_closest_rule_holds(backend, rules, allowed):
    stores = backend.stores(Catalogue(permissions=rules))
    found = stores.conversations.read(PHONE, "").permissions.assistants
    assert (None if found is None else set(found)) == allowed


def test_what_is_denied_anywhere_is_denied(backend):
    rules = {
        OWN: Permissions(assistants=frozenset({"a", "b"}), denied=frozenset({"x"})),
        EVERYBODY: Permissions(denied=frozenset({"b"})),
    }
    found = backend.stores(Catalogue(permissions=rules)).conversations.read(PHONE, "").permissions
    assert [one for one in ("a", "b", "c") if found.allows(one)] == ["a"]
    assert found.denied == {"x", "b"}


def test_everything_that_a_rule_says_is_kept(backend):
    rule = Permissions(
        assistants=frozenset({"a"}),
        email=ACCOUNT,
        tools=frozenset({"search"}),
        denied=frozenset({"b"}),
        limits={"questions_per_day": 5, "messages_per_minute": 0},
    )
    found = backend.stores(Catalogue(permissions={OWN: rule})).conversations.read(PHONE, "")
    assert (found.permissions, found.account, found.listed) == (rule, ACCOUNT, True)


@pytest.mark.parametrize("rules", [{DOMAIN: Permissions()}, {EVERYBODY: Permissions()}, {}])
def test_nobody_is_listed_by_a_rule_for_all(backend, rules):
    assert not backend.stores(Catalogue(permissions=rules)).conversations.read(PHONE, "").listed


def test_a_login_is_kept_and_what_it_gives_is_all_that_may_be_used(documents, stores):
    login = Login("id", NOON, "ann@firm.example", frozenset({"a"}))
    there = replace(SESSION, login=login, wrong_codes=(NOON, NOON + HOUR), opted_in_at=NOON)
    documents.replace([session_write(there)])
    found = stores.conversations.read(PHONE, "")
    assert found.session == there
    assert found.account == "ann@firm.example"
    assert found.permissions.assistants == {"a"}


def test_a_block_of_an_operator_holds_beside_all_else_and_can_be_taken_back(backend):
    storage = backend.storage(Catalogue(permissions={OWN: only("a")}))
    for blocked in (True, True, False):
        block(storage.documents, PHONE, blocked=blocked)
        found = storage.stores.conversations.read(PHONE, "").permissions
        assert (found.blocked, found.assistants) == (blocked, {"a"})


def test_whoever_was_blocked_is_not_listed_by_that(backend):
    storage = backend.storage()
    block(storage.documents, PHONE, blocked=True)
    block(storage.documents, PHONE, blocked=False)
    found = storage.stores.conversations.read(PHONE, "")
    assert (found.permissions.blocked, found.listed) == (False, False)


@pytest.mark.parametrize("shared", [DOMAIN, EVERYBODY])
def test_a_shared_rule_is_read_once_a_minute(backend, shared):
    stores = backend.stores()
    read = stores.conversations.read
    assert read(PHONE, "").permissions.allows("a")
    backend.keep("user_permissions", shared, {"assistants": ["b"]})
    backend.watch.now += timedelta(seconds=59)
    assert read(PHONE, "").permissions.allows("a")
    backend.watch.now += timedelta(seconds=1)
    assert not read(PHONE, "").permissions.allows("a")
    backend.delete("user_permissions", shared)
    # Nor does a clock that is set back keep one for longer.
    backend.watch.now -= HOUR
    assert read("+15550002222", "").permissions.allows("a")


def test_a_person_s_own_rule_holds_with_the_next_message(backend):
    backend.keep("user_permissions", EVERYBODY, {"assistants": ["a"]})
    stores = backend.stores()
    assert not stores.conversations.read(PHONE, "").permissions.blocked
    backend.keep("user_permissions", OWN, {"blocked": True})
    assert stores.conversations.read(PHONE, "").permissions.blocked
    backend.keep("user_permissions", OWN, {"email": ACCOUNT})
    backend.keep("user_permissions", FIRM, {"assistants": ["b"]})
    assert stores.conversations.read(PHONE, "").permissions.assistants == {"b"}
    backend.keep("user_permissions", ACCOUNT, {"blocked": True})
    assert stores.conversations.read(PHONE, "").permissions.blocked


def test_nobody_is_answered_by_rules_that_cannot_be_read_again(backend):
    away = []

    def before(*_):
        if away:
            raise StoreError("away")

    stores = stores_on(WatchedDocuments(backend.storage().documents, before), backend.watch)
    assert stores.conversations.read(PHONE, "").permissions == Permissions()
    backend.watch.now += timedelta(minutes=2)
    away.append(True)
    with pytest.raises(StoreError):
        stores.conversations.read(PHONE, "")


def test_a_limit_that_cannot_be_read_is_told_once_without_whose_it_is(backend, caplog):
    # It is told once a process, and both backends are in this one.
    phone = "+15550002201" if hasattr(backend, "client") else "+15550002202"
    backend.keep("user_permissions", f"{phone}@whatsapp.user", {"limits": {"budget_per_day": "x"}})
    stores = backend.stores()
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert stores.conversations.read(phone, "").permissions.limits == {"budget_per_day": 1}
    (told,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    document = f"user_permissions/…{phone[-4:]}@whatsapp.user"
    assert (told.message, told.document, told.field) == (
        "permission cannot be read",
        document,
        "budget_per_day",
    )
