"""The staged functions on Google's own emulators: one message, all the way."""

import base64
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import requests

from lib.model import InboundMessage
from lib.queue.envelope import encode
from tests.cloud import Cloud, stage
from tests.local_gateway import ANN
from tests.processes import ROOT, free_port, python, wait_for
from tests.sample import FORM_TYPE, sid
from tests.sentences import HELP
from tests.stores import firestore_storage
from tests.turns import started


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return stage(tmp_path_factory.mktemp("staged"))


@pytest.fixture(scope="module")
def cloud(build, firestore_emulator, pubsub_emulator, tmp_path_factory):
    with ExitStack() as stack:
        ready = Cloud(tmp_path_factory.mktemp("cloud"), firestore_emulator, pubsub_emulator, stack)
        for name in ready.ports:
            stack.enter_context(ready.function(build, name))
        ready.subscribe()
        yield ready


def test_one_message_all_the_way(cloud):
    person = "+15550010001"
    assert cloud.post(sid("SMa1"), "Hello", person, ProfileName="Ann") == 200
    said = wait_for(lambda: cloud.sent(person))
    assert "Hello" in said[0]

    session = cloud.documents("whatsapp_sessions")[person]
    assert session["phone_number"] == person
    assert session["session_id"] == f"whatsapp-{person}"
    assert session["user_email"] == f"{person}@whatsapp.user"
    assert session["display_name"] == "Ann"
    assert session["assistant_id"] == "default-assistant"

    turn = wait_for(lambda: _delivered(cloud, sid("SMa1")))
    assert [chunk["state"] for chunk in turn["chunks"]] == ["sent"]
    history = [
        one for one in cloud.documents("messages").values() if one["message_id"] == sid("SMa1")
    ]
    assert {one["role"] for one in history} == {"user", "assistant"}
    assert {one["source"] for one in history} == {"whatsapp"}
    assert {one["trace_id"] for one in history} == {f"whatsapp-{sid('SMa1')}"}


def _delivered(cloud, turn_id):
    turn = cloud.documents("whatsapp_turns").get(turn_id)
    return turn if turn and turn["state"] == "delivered" else None


def _state(cloud, turn_id):
    return cloud.documents("whatsapp_turns").get(turn_id, {}).get("state")


def test_the_text_of_a_document_reaches_the_assistant(cloud):
    """Read by a child of the staged function, with the packages that it has."""
    person = "+15550010011"
    medium = cloud.medium("text/rtf", rb"{\rtf1\ansi The meeting is at noon.}", "plan.rtf")
    assert cloud.post(sid("SMa2"), "When?", person, **medium) == 200
    said = wait_for(lambda: cloud.sent(person), 40)
    assert "plan.rtf" in said[0]
    assert "The meeting is at noon." in said[0]


def test_five_deliveries_of_one_webhook_make_one_reply(cloud):
    person = "+15550010002"
    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(lambda _: cloud.post(sid("SMb1"), "/help", person), range(5)))
    assert statuses == [200] * 5
    assert cloud.post(sid("SMb2"), "/current", person) == 200
    wait_for(lambda: len(cloud.sent(person)) == 2, 30)
    assert [said.split()[0] for said in cloud.sent(person)] == ["🤖", "🤖"]


def test_twilio_s_429_costs_nothing_but_time(cloud):
    person = "+15550010003"
    cloud.fault(fault="error", status=429, code=20429, times=2, match=f"whatsapp:{person}")
    assert cloud.post(sid("SMc1"), "/help", person) == 200
    wait_for(lambda: cloud.sent(person), 30)
    assert len(cloud.sent(person)) == 1


def test_an_answer_of_twilio_s_that_got_lost_makes_no_second_message(cloud):
    person = "+15550010004"
    cloud.fault(fault="cut_after", match=f"whatsapp:{person}")
    assert cloud.post(sid("SMd1"), "/help", person) == 200
    wait_for(lambda: _delivered(cloud, sid("SMd1")), 30)
    assert len(cloud.sent(person)) == 1


def test_a_conversation_keeps_its_order_and_its_assistant(cloud):
    person = "+15550010005"
    for number, text in enumerate(["/list", "/current", "one", "two", "/current"]):
        assert cloud.post(sid(f"SMe{number}"), text, person) == 200
    wait_for(lambda: len(cloud.sent(person)) == 5, 40)
    said = cloud.sent(person)
    assert said[0].startswith("📋")
    assert "one" in said[2]
    assert "1 earlier question" in said[3]


def test_a_push_that_cannot_be_read_is_buried_and_not_repeated(cloud):
    push = {"message": {"data": base64.b64encode(b"{}").decode(), "messageId": "1"}}
    for body in (json.dumps(push), "garbage"):
        assert requests.post(cloud.url("responder"), data=body, timeout=10).status_code == 204
    letters = cloud.documents("dead_letters").values()
    assert len(letters) == 2
    assert all(letter["reason"].startswith("envelope") for letter in letters)


def queued_message(sid, person):
    message = InboundMessage(id=sid, address=person, received_at=datetime.now(UTC), text="/help")
    return message, encode(message)[0]


def test_work_left_lying_is_picked_up_by_the_tick(cloud):
    person = "+15550010006"
    message, data = queued_message(sid("SMt1"), person)
    stores = firestore_storage(cloud.project, lambda: datetime.now(UTC)).stores
    long_ago = datetime.now(UTC) - timedelta(minutes=10)
    stores.turns.claim(started(message, data.decode(), long_ago, long_ago))
    answer = requests.post(cloud.url("tick"), timeout=20)
    assert (answer.status_code, answer.json()) == (200, {"picked_up": 1})
    wait_for(lambda: _delivered(cloud, sid("SMt1")), 30)
    assert len(cloud.sent(person)) == 1
    assert requests.post(cloud.url("tick"), timeout=20).json() == {"picked_up": 0}


def test_what_pubsub_gave_up_becomes_a_dead_letter_and_the_person_is_told(cloud):
    person = "+15550010007"
    _, data = queued_message(sid("SMu1"), person)
    push = {"message": {"data": base64.b64encode(data).decode(), "messageId": "1"}}
    for _ in range(2):
        url = f"{cloud.url('responder')}/dead-letters"
        assert requests.post(url, json=push, timeout=20).status_code == 204
    assert cloud.sent(person) == [
        "I'm sorry, I could not answer your last message. Please send it again."
    ]
    assert cloud.documents("dead_letters")[sid("SMu1")]["reason"].startswith("undeliverable")

    environ = {"PATH": os.environ["PATH"], **cloud.environ()}
    command = python("-m", "operations.dead_letters", "replay", sid("SMu1"))
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{sid('SMu1')} is queued again\n", done.stderr
    wait_for(lambda: len(cloud.sent(person)) == 2, 30)
    assert cloud.sent(person)[1] == HELP


def test_an_answer_outside_the_window_waits_in_the_cloud_too(cloud):
    person = "+15550010008"
    cloud.fault(fault="status", code=63016, match=f"whatsapp:{person}")
    assert cloud.post(sid("SMv1"), "/help", person) == 200
    wait_for(lambda: _state(cloud, sid("SMv1")) == "parked", 30)
    assert cloud.documents("whatsapp_sessions")[person]["parked"] == [sid("SMv1")]
    assert cloud.post(sid("SMv2"), "/current", person) == 200
    wait_for(lambda: len(cloud.sent(person)) == 3, 30)
    assert cloud.sent(person)[1] == HELP
    assert cloud.documents("whatsapp_sessions")[person]["parked"] == []


def test_health_answers(cloud):
    document = requests.get(cloud.url("health"), timeout=5).json()
    assert document["status"] == "healthy"
    assert all(document["environment_vars"].values())


def test_a_body_without_an_end_is_cut_off(cloud):
    def endless():
        for _ in range(2000):
            yield b"x" * 1024

    url = cloud.url("webhook")
    try:
        answer = requests.post(url, data=endless(), headers={"Content-Type": FORM_TYPE}, timeout=10)
    except requests.ConnectionError:
        return  # cut while still sending
    assert answer.status_code in {403, 413}


def test_what_cannot_be_queued_is_not_acknowledged(cloud, build):
    with ExitStack() as stack:
        lonely = Cloud(cloud.folder, cloud.firestore, f"127.0.0.1:{free_port()}", stack)
        stack.enter_context(lonely.function(build, "webhook"))
        assert lonely.post(sid("SMf1"), "Hello") == 503


def test_without_a_store_nothing_is_acknowledged(cloud, build):
    with ExitStack() as stack:
        lonely = Cloud(cloud.folder, f"127.0.0.1:{free_port()}", cloud.pubsub, stack)
        stack.enter_context(lonely.function(build, "responder"))
        message = {
            "id": sid("SMg1"),
            "address": ANN,
            "received_at": "2026-01-02T03:04:05+00:00",
            "text": "Hi",
        }
        data = base64.b64encode(json.dumps(message).encode()).decode()
        answer = requests.post(
            lonely.url("responder"), json={"message": {"data": data}}, timeout=40
        )
        assert answer.status_code == 503


def test_missing_settings_are_named_in_the_log_and_nothing_is_taken(cloud, build):
    with ExitStack() as stack:
        bare = Cloud(cloud.folder / "..", cloud.firestore, cloud.pubsub, stack)
        empty = {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "GOOGLE_CLOUD_PROJECT": ""}
        stack.enter_context(bare.function(build, "webhook", **empty))
        assert bare.post(sid("SMh1"), "Hello") == 503
    log = (cloud.folder / ".." / "webhook.log").read_text()
    assert "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, GOOGLE_CLOUD_PROJECT" in log
