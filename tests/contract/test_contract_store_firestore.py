"""What only the store in Firestore promises: few round trips, limits of time, no lost answers."""

import logging
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from google.cloud.firestore_v1.types import ListenRequest, ListenResponse

from lib.errors import StoreError
from lib.model import (
    Assistant,
    Catalogue,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Permissions,
    Session,
)
from lib.storage.stores.sessions import link_write, session_write
from tests.processes import ROOT, free_port, python
from tests.stores import LOST, NOON, FirestoreBackend, firestore_storage, turn

PHONE = "+15550001111"
USER_ID = "US.1A2B3C"
SESSION = Session(PHONE, PHONE, "a", "Ann", NOON, NOON)
GEMINI = Assistant("gemini", "Gemini", settings={"model": "old", "path": "/x"})


@pytest.fixture
def backend(relay):
    return FirestoreBackend()


@pytest.fixture
def stores(backend, relay):
    stores = backend.stores(Catalogue(assistants=(GEMINI,)))
    stores.conversations.read(PHONE, "")
    relay.calls.clear()
    return stores


def asked(relay):
    calls, relay.calls = relay.calls, []
    return calls


def test_a_plain_turn_takes_one_round_trip_for_each_step(stores, relay):
    claimed, _ = stores.turns.claim(turn())
    assert asked(relay) == ["Commit"]
    stores.conversations.read(PHONE, USER_ID)
    assert asked(relay) == ["BatchGetDocuments"]
    sent = stores.deliveries.sent_write("SMout", claimed)
    writes = (session_write(SESSION), link_write(USER_ID, PHONE), sent)
    answered = stores.turns.commit(claimed, writes)
    assert asked(relay) == ["Commit"]
    stores.turns.commit(answered)
    assert asked(relay) == ["Commit"]


def test_a_turn_that_was_there_takes_one_more_round_trip(stores, relay):
    stores.turns.claim(turn())
    asked(relay)
    stores.turns.claim(turn())
    assert asked(relay) == ["Commit", "BatchGetDocuments"]


def test_only_a_link_to_another_contact_takes_a_second_round_trip(stores, relay):
    claimed, _ = stores.turns.claim(turn())
    stores.turns.commit(claimed, (session_write(SESSION), link_write(USER_ID, PHONE)))
    asked(relay)
    assert stores.conversations.read(PHONE, USER_ID).session == SESSION
    assert asked(relay) == ["BatchGetDocuments"]
    assert stores.conversations.read(USER_ID, USER_ID).session == SESSION
    assert asked(relay) == ["BatchGetDocuments"] * 2


def test_a_number_of_two_forms_and_a_person_of_two_names_take_one_round_trip(stores, relay):
    stores.conversations.read("+5215512345678", "MX.1A2B3C")
    assert asked(relay).count("BatchGetDocuments") == 1


def test_assistants_are_read_once_a_minute_beside_the_conversation(backend, stores, relay):
    backend.keep("assistants", "new", {"name": "New"})
    asked(relay)
    backend.watch.now += timedelta(seconds=59)
    assert len(stores.conversations.read(PHONE, "").assistants) == 1
    assert asked(relay) == ["BatchGetDocuments"]
    backend.watch.now += timedelta(seconds=1)
    assert len(stores.conversations.read(PHONE, "").assistants) == 2
    assert sorted(asked(relay)) == ["BatchGetDocuments", "RunQuery"]


def test_assistants_that_cannot_be_read_again_serve_for_ten_minutes(backend, stores, relay):
    relay.refuse = "RunQuery"
    backend.watch.now += timedelta(minutes=10)
    assert stores.conversations.read(PHONE, "").assistants == (GEMINI,)
    backend.watch.now += timedelta(seconds=1)
    with pytest.raises(StoreError, match="PermissionDenied"):
        stores.conversations.read(PHONE, "")
    relay.refuse = ""
    assert stores.conversations.read(PHONE, "").assistants == (GEMINI,)


def test_a_claim_whose_answer_got_lost_is_still_ours(stores, relay):
    relay.instead["Commit"] = [LOST]
    claimed, ours = stores.turns.claim(turn())
    assert ours
    assert asked(relay) == ["Commit", "Commit", "BatchGetDocuments"]
    assert stores.turns.claim(turn()) == (claimed, False)
    stores.turns.commit(claimed)


def test_a_commit_whose_answer_got_lost_is_made_once(backend, stores, relay):
    claimed, _ = stores.turns.claim(turn())
    relay.instead["Commit"] = [LOST]
    moved = stores.turns.commit(replace(claimed, attempt=2), (session_write(SESSION),))
    assert stores.turns.claim(turn()) == (moved, False)
    assert moved.attempt == 2
    assert stores.conversations.read(PHONE, "").session == SESSION
    stores.turns.commit(moved)


def test_a_report_whose_answer_got_lost_is_kept(stores, relay):
    report = DeliveryReport("SMout", DeliveryState.SENT)
    relay.instead["Commit"] = [LOST]
    assert stores.deliveries.record(report) == report


def test_a_read_whose_answer_got_lost_is_made_again(stores, relay):
    relay.instead["BatchGetDocuments"] = [LOST]
    assert stores.conversations.read(PHONE, "").contact == PHONE
    assert asked(relay) == ["BatchGetDocuments"] * 2


SENT = DeliveryReport("SMout", DeliveryState.SENT)


def test_waits_are_one_stream_and_no_look_at_all(stores, relay):
    asked(relay)
    for _ in range(3):
        assert stores.deliveries.await_report("SMout", 0.5).state is DeliveryState.QUEUED
    assert asked(relay) == ["Listen"]


def test_nothing_is_followed_for_longer_than_it_is_waited_for(stores, relay):
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: stores.deliveries.await_report(f"SM{n}", 0.2), range(20)))
    stores.deliveries.await_report("SMnext", 0.2)  # what is asked in a stream is asked in order
    watched = [ListenRequest.deserialize(one) for name, one in relay.requests if name == "Listen"]
    added = {one.add_target.target_id for one in watched if one.add_target}
    removed = {one.remove_target for one in watched if one.remove_target}
    assert len(added) == 21
    assert len(added - removed) <= 1  # the last end may still be on its way


GARBAGE = b"\xff"
NOTHING = b""
REMOVED = ListenResponse.serialize(
    ListenResponse(target_change={"target_change_type": "REMOVE", "target_ids": [1]})
)


@pytest.mark.parametrize("fault", [LOST, GARBAGE, REMOVED], ids=["broken", "garbage", "removed"])
def test_a_stream_that_breaks_is_opened_anew_and_tells_at_once(
    backend, stores, relay, caplog, fault
):
    reports = backend.stores()
    relay.instead["Listen"] = [fault] * 3
    later = threading.Timer(1, reports.deliveries.record, (SENT,))
    later.start()
    began = time.monotonic()
    assert stores.deliveries.await_report("SMout", 60) == SENT
    assert time.monotonic() - began < 20
    later.join()
    # A stream may have given more than one of them before it was noticed.
    assert 2 <= relay.calls.count("Listen") <= 4
    assert relay.calls.count("BatchGetDocuments") == 1  # by who reported
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_what_was_reported_while_there_was_no_stream_is_told_by_the_next(backend, stores, relay):
    backend.stores().deliveries.record(SENT)
    asked(relay)
    relay.instead["Listen"] = [LOST]
    assert stores.deliveries.await_report("SMout", 60) == SENT
    assert asked(relay) == ["Listen", "Listen"]


@pytest.mark.parametrize("fault", ["refused", "garbage"])
def test_a_stream_that_always_breaks_is_tried_now_and_then_and_read_in_the_end(
    backend, stores, relay, fault
):
    backend.stores().deliveries.record(SENT)
    asked(relay)
    if fault == "refused":
        relay.refuse = "Listen"
    else:
        relay.instead["Listen"] = [GARBAGE] * 10_000
    began = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: stores.deliveries.await_report("SMout", 1), range(20))) == {
            SENT
        }
    assert 1 < time.monotonic() - began < 20
    calls = asked(relay)
    assert calls.count("BatchGetDocuments") == 20  # each wait once, when its time was over
    # With 0.05 s between, doubled each time; an end that takes a while has time for one more.
    assert 2 <= calls.count("Listen") <= 6


def test_a_stream_that_tells_nothing_is_not_believed(backend, stores, relay):
    backend.stores().deliveries.record(SENT)
    asked(relay)
    relay.instead["Listen"] = [NOTHING] * 100
    assert stores.deliveries.await_report("SMout", 0.5) == SENT
    assert asked(relay) == ["Listen", "BatchGetDocuments"]


def test_a_stream_that_breaks_while_nobody_waits_is_opened_by_the_next(backend, stores, relay):
    stores.deliveries.await_report("SMout", 0.1)
    relay.drop_streams()
    backend.stores().deliveries.record(SENT)
    assert stores.deliveries.await_report("SMout", 60) == SENT
    assert relay.calls.count("Listen") == 2


def test_a_report_that_cannot_be_read_in_the_end_either_is_an_error(monkeypatch):
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    storage = firestore_storage("demo-nobody", lambda: NOON, timeout=1)
    with pytest.raises(StoreError, match="ServiceUnavailable"):
        storage.stores.deliveries.await_report("SMout", 0.1)


def test_a_catalogue_can_be_loaded_again_and_again(backend):
    email = f"{PHONE}@whatsapp.user"
    backend.keep("assistants", "gemini", {"name": "Gemini", "model": "beside", "left": "over"})
    changed = replace(GEMINI, settings={"model": "new"})
    catalogue = Catalogue((changed,), {email: Permissions(blocked=True)})
    for _ in range(2):
        backend.storage(catalogue)
    found = backend.stores(Catalogue()).conversations.read(PHONE, "")
    assert found.assistants == (changed,)
    assert found.permissions == Permissions(blocked=True)


def test_a_large_catalogue_is_loaded_and_read_whole(backend):
    many = tuple(Assistant(f"assistant-{n}", "x" * 100) for n in range(1000))
    found = backend.stores(Catalogue(many)).conversations.read(PHONE, "")
    assert len(found.assistants) == 1000


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"tools": ["search"]}, Permissions(tools=frozenset({"search"}))),
        ({"assistants": ["*", "a"], "blocked": None}, Permissions()),
        ({"assistants": "a"}, Permissions(assistants=frozenset({"a"}))),
        ({"assistants": {"a": True}}, Permissions(assistants=frozenset())),
        ({"blocked": "yes"}, Permissions(blocked=True)),
    ],
)
def test_permissions_written_by_others_are_understood_or_allow_nothing(
    backend, stores, document, expected
):
    backend.keep("user_permissions", f"{PHONE}@whatsapp.user", document)
    assert stores.conversations.read(PHONE, "").permissions == expected


CALLS = {
    "claim": lambda storage: storage.stores.turns.claim(turn()),
    "commit": lambda storage: storage.stores.turns.commit(
        replace(turn(), revision="2026-11-23T12:00:00Z")
    ),
    "conversation": lambda storage: storage.stores.conversations.read(PHONE, USER_ID),
    "record_delivery": lambda storage: storage.stores.deliveries.record(
        DeliveryReport("SMout", DeliveryState.SENT)
    ),
    "keep_letter": lambda storage: storage.stores.dead_letters.keep(
        DeadLetter("SM1", "r", "p", NOON)
    ),
    "check": lambda storage: storage.documents.check(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_firestore_out_of_reach_is_an_error_in_time_and_in_silence(monkeypatch, capfd, call):
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    storage = firestore_storage("demo-nobody", lambda: NOON, timeout=1)
    began = time.monotonic()
    with pytest.raises(StoreError, match="ServiceUnavailable") as error:
        call(storage)
    assert time.monotonic() - began < 20
    assert error.value.retryable
    assert PHONE not in str(error.value)
    assert capfd.readouterr() == ("", "")


def test_a_firestore_that_never_answers_is_an_error_in_time(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{silent.getsockname()[1]}")
        storage = firestore_storage("demo-nobody", lambda: NOON, timeout=1)
        began = time.monotonic()
        with pytest.raises(StoreError):
            storage.stores.turns.claim(turn())
        assert time.monotonic() - began < 20


def test_what_firestore_refuses_is_an_error_without_its_contents(stores):
    claimed, _ = stores.turns.claim(turn())
    for text in ("x" * 1_100_000, "\ud83d"):
        session = replace(SESSION, display_name=text)
        with pytest.raises(StoreError) as error:
            stores.turns.commit(claimed, (session_write(session),))
        assert len(str(error.value)) < 100
    stores.turns.commit(claimed)


def test_nothing_of_google_is_loaded_before_the_first_use():
    program = (
        "import sys, threading\n"
        "from lib.storage.firestore.storage import FirestoreStorage\n"
        "FirestoreStorage('demo-x', lambda: None)\n"
        "assert not {'grpc', 'google.cloud.firestore_v1', 'google.api_core'} & sys.modules.keys()\n"
        "assert threading.active_count() == 1\n"
    )
    subprocess.run(python("-c", program), cwd=ROOT, check=True)
