"""The standalone server as a process: started, driven over HTTP, killed, started again."""

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from simulator.assistants import app as assistants
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from tests.local_gateway import ACCOUNT_SID, ANN, NUMBER, TOKEN
from tests.processes import ROOT, free_port, python, running, wait_for
from tests.sample import sid, sign
from tests.sampled import sampled

CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  mood-slow: {name: Slow}
  mood-slower: {name: Slower}
  mood-hang: {name: Hanging}
  mood-failing: {name: Failing}
  mood-traceback: {name: Traceback}
  mood-empty: {name: Empty}
"""


class Service:
    """A standalone server with a Twilio account and assistants outside of it."""

    def __init__(self, folder, stack):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
        stack.callback(account.close)
        self.twilio = stack.enter_context(serve(twilio.create_app(account))).url
        self.assistants = stack.enter_context(serve(assistants.create_app())).url
        (folder / "assistants.yaml").write_text(CATALOGUE)
        self.log = folder / "log"

    def environ(self, **more):
        settings = {
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{NUMBER}",
            "TWILIO_API_BASE_URL": self.twilio,
            "TWILIO_WEBHOOK_URL": f"{self.url}/whatsapp/webhook",
            "TWILIO_STATUS_CALLBACK_URL": f"{self.url}/whatsapp/status",
            "ASSISTANT_API_URL": self.assistants,
            "ASSISTANT_API_TIMEOUT": "3",
            # This Twilio lists a message as soon as it has it.
            "SEND_SETTLE_SECONDS": "1",
            "JOIN_BURSTS": "false",
            "ASSISTANTS_FILE": str(self.folder / "assistants.yaml"),
        }
        return {**place(self.folder, self.port), **settings, **more}

    def run(self, **more):
        return running(
            python("-m", "standalone"),
            f"{self.url}/whatsapp/health",
            self.environ(**more),
            ROOT,
            self.log,
        )

    def post(self, sid, body, sender=ANN):
        form = {
            "MessageSid": sid,
            "From": f"whatsapp:{sender}",
            "Body": body,
            "AccountSid": ACCOUNT_SID,
        }
        url = f"{self.url}/whatsapp/webhook"
        headers = {"X-Twilio-Signature": sign(TOKEN, url, form)}
        return requests.post(url, data=form, headers=headers, timeout=10).status_code

    def sent(self, to=ANN):
        answer = requests.get(f"{self.twilio}/simulator/messages", timeout=5).json()
        return [one["body"] for one in answer["messages"] if one["to"] == f"whatsapp:{to}"]

    def fault(self, **fault):
        requests.post(f"{self.twilio}/simulator/faults", json=fault, timeout=5).raise_for_status()

    def settled(self, count, to=ANN, seconds=60):
        """Wait for that many messages, and see that no more come."""
        wait_for(lambda: len(self.sent(to)) >= count, seconds)
        time.sleep(0.5)
        assert len(self.sent(to)) == count
        return self.sent(to)


def ended(folder, environ):
    """Run a server from a folder that is not to come up; return how it ended."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        python("-m", "standalone"),
        cwd=folder,
        env={**bare, **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def place(folder, port):
    return {"PORT": str(port), "DATA_DIR": str(folder / "data")}


@pytest.fixture
def service(tmp_path):
    with ExitStack() as stack:
        yield Service(tmp_path, stack)


def test_a_newcomer_s_two_lines_give_a_reply_and_the_health_document(tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "log"
    (tmp_path / "empty.yaml").write_text("")
    environ = {**place(tmp_path, port), "ASSISTANTS_FILE": str(tmp_path / "empty.yaml")}
    with running(python("-m", "standalone"), f"{url}/whatsapp/health", environ, ROOT, log):
        health = requests.get(f"{url}/whatsapp/health", timeout=5).json()
        assert health["status"] == "healthy"
        assert health["twilio_configured"] is False
        # As typed by hand: the plus is not encoded and arrives as a blank.
        answer = requests.post(
            f"{url}/whatsapp/webhook",
            data="From=whatsapp:+1234567890&Body=Hello&MessageSid=test123",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            timeout=5,
        )
        assert answer.status_code == 200
        wait_for(lambda: "to +1234567890" in log.read_text())
        assert requests.get(f"{url}/elsewhere", timeout=5).status_code == 404


def test_one_message_delivered_five_times_at_once_and_after_a_restart_is_answered_once(service):
    with service.run(), ThreadPoolExecutor(5) as pool:
        assert list(pool.map(lambda _: service.post(sid("SM1"), "Hello"), range(5))) == [200] * 5
        service.settled(1)
    with service.run():
        assert service.post(sid("SM1"), "Hello") == 200
        service.settled(1)


def test_a_kill_while_the_assistant_thinks_loses_nothing(service):
    with service.run() as process:
        assert service.post(sid("SM0"), "/switch mood-slower") == 200
        service.settled(1)
        assert service.post(sid("SM1"), "Are you there?") == 200
        time.sleep(0.2)
        process.kill()
        process.wait(5)
    assert len(service.sent()) == 1
    with service.run():
        assert service.settled(2)[1] == "You said: Are you there?"


def test_messages_of_one_person_are_answered_in_order_and_others_do_not_wait(service):
    other = "+15550009999"
    with service.run():
        service.post(sid("SM0"), "/switch mood-slow")
        service.settled(1)
        for number in range(3):
            service.post(sid(f"SM-a{number}"), f"slow {number}")
        service.post(sid("SM-b"), "/help", other)
        wait_for(lambda: service.sent(other))
        assert len(service.sent()) < 4
        assert service.settled(4)[1:] == [f"You said: slow {number}" for number in range(3)]


def test_a_long_answer_arrives_whole_and_in_order(service):
    with service.run():
        service.post(sid("SM1"), "long")
        wait_for(lambda: "paragraph 24" in "".join(service.sent()))
        parts = service.sent()
    assert len(parts) > 3
    text = "\n\n".join(parts)
    places = [text.index(f"paragraph {number + 1} ") for number in range(24)]
    assert places == sorted(places)
    assert all(len(part) <= 1600 for part in parts)


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "status": 429, "code": 20429},
        pytest.param({"fault": "error", "status": 500, "code": 20500}, marks=pytest.mark.thorough),
        pytest.param({"fault": "cut_before"}, marks=pytest.mark.thorough),
        {"fault": "cut_after"},
        pytest.param({"fault": "error", "status": 401, "code": 20003}, marks=pytest.mark.thorough),
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
def test_a_failure_of_twilio_s_costs_neither_the_reply_nor_a_second_one(service, fault):
    with service.run():
        service.fault(**fault)
        assert service.post(sid("SM1"), "/help") == 200
        assert service.settled(1)[0].startswith("🤖 WhatsApp Aitana Commands:")


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        pytest.param("failing", "Something went wrong", marks=pytest.mark.thorough),
        ("traceback", "Something went wrong"),
        pytest.param("empty", "no answer", marks=pytest.mark.thorough),
        ("hang", "too long"),
    ],
)
def test_a_failure_of_an_assistant_is_told_in_plain_words(service, mood, words):
    with service.run():
        service.post(sid("SM0"), f"/switch mood-{mood}")
        service.settled(1)
        service.post(sid("SM1"), "Hello")
        said = service.settled(2)[1]
    assert words in said
    assert "Traceback" not in said


def test_an_assistant_that_is_not_there_is_told_in_plain_words(service):
    with service.run(ASSISTANT_API_URL=f"http://127.0.0.1:{free_port()}"):
        service.post(sid("SM1"), "Hello")
        assert "couldn't reach" in service.settled(1)[0]


def test_nobody_else_gets_in(service):
    with service.run():
        url = f"{service.url}/whatsapp/webhook"
        form = {"MessageSid": sid("SM1"), "From": f"whatsapp:{ANN}", "Body": "Hello"}
        assert requests.post(url, data=form, timeout=5).status_code == 403
        assert requests.post(url, data=b"x" * 1_000_000, timeout=5).status_code in {403, 413}
        assert (
            requests.post(f"{service.url}/whatsapp/status", data=form, timeout=5).status_code == 403
        )
        near = sign(TOKEN, f"{url}/", form)
        headers = {"X-Twilio-Signature": near}
        assert requests.post(url, data=form, headers=headers, timeout=5).status_code == 403
        time.sleep(0.5)
        assert service.sent() == []
    log = service.log.read_text()
    assert f"Twilio was given {url}/, with another slash at the end" in log
    assert TOKEN not in log
    assert near not in log


def test_without_signatures_nothing_comes_in_through_a_tunnel_or_from_a_website(service):
    form = {"From": f"whatsapp:{ANN}", "Body": "/help"}
    url = f"{service.url}/whatsapp/webhook"
    with service.run(TWILIO_VALIDATE_SIGNATURE="false"):
        for headers in (
            {"Host": "abc.ngrok.app"},
            {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"},
            {"Forwarded": "for=1.2.3.4"},
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        ):
            answer = requests.post(url, data=form, headers=headers, timeout=5)
            assert (answer.status_code, "TWILIO_WEBHOOK_URL" in answer.text) == (403, True)
        time.sleep(0.5)
        assert service.sent() == []
        assert requests.post(url, data=form, timeout=5).status_code == 200
        service.settled(1)


def test_slow_connections_shut_nobody_out(service):
    head = b"POST /whatsapp/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nB"
    with service.run(), ExitStack() as stack:
        for _ in range(500):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", service.port), 5))
            slow.sendall(head)
        started = time.monotonic()
        assert requests.get(f"{service.url}/whatsapp/health", timeout=15).status_code == 200
        assert service.post(sid("SM1"), "/help") == 200
        # The slow ones are given up after fifteen.
        assert time.monotonic() - started < 12
        service.settled(1)


def test_sigterm_ends_it_in_time_even_while_an_assistant_hangs(service):
    with service.run(ASSISTANT_API_TIMEOUT="100") as process:
        service.post(sid("SM0"), "/switch mood-hang")
        service.settled(1)
        service.post(sid("SM1"), "Hello")
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        # In good order: after nine seconds the system would have ended it, with another code.
        assert process.wait(60) == 0


def test_the_log_names_no_number_and_no_words(service):
    with service.run(WHATSAPP_DEBUG="1"):
        service.post(sid("SM1"), "my secret question")
        service.settled(1)
    log = service.log.read_text()
    assert f"whatsapp-{sid('SM1')}" in log
    assert ANN not in log
    assert "secret question" not in log
    assert TOKEN not in log


@pytest.mark.parametrize(
    ("environ", "words", "code"),
    sampled(
        {
            "an account": (
                {"TWILIO_ACCOUNT_SID": "AC1"},
                "TWILIO_ACCOUNT_SID must be AC and 32 digits",
                2,
            ),
            "no token": ({"TWILIO_ACCOUNT_SID": ACCOUNT_SID}, "TWILIO_AUTH_TOKEN is not set", 2),
            "half of a simulator": (
                {"TWILIO_API_BASE_URL": "http://127.0.0.1:1"},
                "TWILIO_ACCOUNT_SID",
                2,
            ),
            "a port": ({"PORT": "high"}, "PORT", 2),
            "a way without a key": ({"ASSISTANT_API_AUTH": "bearer"}, "ASSISTANT_API_KEY", 2),
            "an address": ({"HOST": "0.0.0.0"}, "HOST must be 127.0.0.1", 2),  # noqa: S104 - the case refused
            "a broken file": ({"ASSISTANTS_FILE": "broken.yaml"}, "broken.yaml, line 3", 2),
            "no file": ({"ASSISTANTS_FILE": "none.yaml"}, "none.yaml cannot be read", 2),
            "no place": ({"DATA_DIR": "/proc/nowhere"}, "", 1),
        },
        "no token",
        "a broken file",
        "no place",
    ),
)
def test_a_wrong_configuration_is_named_and_ends_it(tmp_path, environ, words, code):
    (tmp_path / "broken.yaml").write_text("assistants:\n  one:\n    enabled: perhaps\n")
    done = ended(tmp_path, {**place(tmp_path, free_port()), **environ})
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_gateway_on_the_same_data_is_refused(service):
    with service.run():
        done = ended(service.folder, service.environ(PORT=str(free_port())))
    assert done.returncode == 1
    assert "another gateway uses" in done.stderr


def test_a_taken_port_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ended(tmp_path, place(tmp_path, port))
    assert done.returncode == 1
    reason = "Address already in use; set PORT to another one, or end the program that has it"
    assert done.stderr == f"Cannot start: 127.0.0.1:{port}: {reason}\n"


def test_an_answer_outside_the_window_comes_when_the_person_writes_again(service):
    with service.run():
        service.fault(fault="status", code=63016)
        assert service.post(sid("SM1"), "/current") == 200
        wait_for(lambda: "answer parked" in service.log.read_text())
        assert service.post(sid("SM2"), "/help") == 200
        sent = service.settled(3)
    assert [one[:2] for one in sent] == ["🤖 "] * 3
    assert sent[0] == sent[1] != sent[2]


def test_a_message_that_failed_for_the_moment_is_sent_again(service):
    with service.run():
        service.fault(fault="status", code=63018)
        assert service.post(sid("SM1"), "/help") == 200
        sent = service.settled(2)
    assert sent[0] == sent[1]


def dead_letters(folder, *arguments, **settings):
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), **settings}
    return subprocess.run(
        python("-m", "operations.dead_letters", *arguments),
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_dead_letters_are_listed_shown_and_replayed_while_it_runs(service):
    with service.run():
        service.fault(fault="error", code=21610, status=400, times=2)
        for number in range(2):
            assert service.post(sid(f"SM{number}"), "/help") == 200
        wait_for(lambda: service.log.read_text().count("reply given up") == 2)
        listed = dead_letters(service.folder)
        assert listed.returncode == 0
        assert listed.stdout.count("send_unreachable 21610") == 2
        assert ANN not in listed.stdout
        shown = dead_letters(service.folder, "show", sid("SM1"))
        assert "/help" in shown.stdout
        assert "given_up" in shown.stdout
        one = dead_letters(service.folder, "replay", sid("SM1"))
        assert one.stdout == f"{sid('SM1')} is queued again\n"
        service.settled(1)
        everything = dead_letters(service.folder, "replay", "--all")
        assert everything.stdout == f"{sid('SM0')} is queued again\n"
        service.settled(2)
        assert dead_letters(service.folder, "list").stdout.count("replayed") == 2
        assert dead_letters(service.folder, "replay", "--all").stdout == ""


def test_what_is_wrong_with_a_call_for_dead_letters_is_said(service):
    service.folder.joinpath("data").mkdir()
    assert dead_letters(service.folder).stdout == "No dead letters.\n"
    unknown = dead_letters(service.folder, "show", sid("SM9"))
    assert (unknown.returncode, sid("SM9") in unknown.stderr) == (1, True)
    assert dead_letters(service.folder, "replay").returncode == 2
