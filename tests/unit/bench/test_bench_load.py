"""The load and the stand-ins, over real connections and in real processes."""

import hmac
import socket
import sqlite3
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from bench.activator import activator
from bench.errors import MeasurementError
from bench.functions import exchange
from bench.load import run_load
from bench.messages import TOKEN, Message, messages, posted, push_request, webhook_request
from bench.processes import Program, child, memory_of, python, wait_for
from bench.standins.handle import stand_ins
from bench.standins.http import response, take_request
from bench.standins.played import NO_TIME, Times
from bench.wal import Committer, commits
from lib.queue.push import decode_push
from lib.twilio.request import HttpRequest, read_form
from lib.twilio.signature import Verifier
from tests.processes import free_port


@contextmanager
def tiny_server(status=lambda _number: 200, *, keep=True):
    """Answers every POST, and keeps what it was sent."""
    bodies, lock = [], threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                bodies.append(body)
                number = len(bodies)
            self.send_response(status(number))
            self.send_header("Content-Length", "2")
            if not keep:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments):
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", bodies
    finally:
        server.shutdown()
        server.server_close()


def numbered(url, count):
    return [posted(url, b"%d" % number, {}) for number in range(count)]


@pytest.mark.parametrize("keep", [True, False])
def test_the_load_sends_everything_once_and_counts_it(keep):
    with tiny_server(keep=keep) as (url, bodies):
        result = run_load(url, numbered(url, 100), 8)
    assert sorted(map(int, bodies)) == list(range(100))
    assert result.sent == 100
    assert result.statuses == {"200": 100}
    assert sum(result.lanes) == 100
    assert result.errors == 0
    assert 0 < result.latency(0.5) <= result.latency(0.99)
    assert result.per_second > 0


def test_one_connection_keeps_the_order():
    with tiny_server() as (url, bodies):
        run_load(url, numbered(url, 50), 1)
    assert list(map(int, bodies)) == list(range(50))


def test_the_load_counts_what_is_refused():
    with tiny_server(lambda number: 503 if number % 10 == 0 else 200) as (url, _):
        result = run_load(url, numbered(url, 100), 4)
    assert result.errors == 10
    with pytest.raises(MeasurementError, match="10 of 100"):
        result.require_clean()


def test_the_load_ends_when_its_time_is_over():
    with tiny_server() as (url, bodies):
        result = run_load(url, numbered(url, 100_000), 2, seconds=0.3)
    assert 0 < result.sent < 100_000
    assert len(bodies) == result.sent
    assert result.ended - result.began < 3


def test_a_load_that_meets_nobody_is_a_failure():
    url = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(MeasurementError, match="Refused"):
        run_load(url, numbered(url, 1), 1)


def test_messages_are_of_many_people_each_numbered():
    written = list(messages(10, 4))
    assert len({one.sid for one in written}) == 10
    assert [one.text for one in written if one.contact == written[1].contact] == [
        "question 0?",
        "question 1?",
        "question 2?",
    ]
    assert not {one.contact for one in messages(10, 4, label=1)} & {one.contact for one in written}


def test_a_webhook_s_request_is_signed_as_twilio_signs():
    message = Message("SM" + "a" * 32, "+15550001111", "ünïcode & more")
    raw = webhook_request(message, "http://127.0.0.1:1/x", "https://gate.example/whatsapp/webhook")
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    request = HttpRequest(
        path="/x",
        body=body,
        content_type=fields["Content-Type"],
        signature=fields["X-Twilio-Signature"],
    )
    form = read_form(request)
    Verifier(auth_tokens=(TOKEN,), public_url="https://gate.example/whatsapp/webhook").check(
        request, form
    )
    assert form.get("Body") == message.text
    assert hmac.compare_digest(fields["Content-Length"], str(len(body)))


def test_a_push_carries_the_message():
    message = Message("SM" + "b" * 32, "+15550001111", "Hello")
    body = push_request(message, "http://responder/").partition(b"\r\n\r\n")[2]
    assert decode_push(body).item.text == "Hello"


def test_requests_are_taken_when_they_are_whole():
    raw = posted("http://x/a", b"one", {}) + posted("http://x/b", b"two", {})
    first, rest = take_request(raw)
    assert (first.target, first.body) == ("/a", b"one")
    second, nothing = take_request(rest)
    assert (second.body, nothing) == (b"two", b"")
    assert take_request(raw[:-1])[0] == first
    assert take_request(rest[:-1]) == (None, rest[:-1])
    assert response(204).endswith(b"Content-Length: 0\r\n\r\n")


def vac(question):
    return {"user_input": question, "currentUser": {"email": "+1@whatsapp.user"}}


def send(url, body):
    form = {"To": "whatsapp:+1", "From": "whatsapp:+2", "Body": body}
    return requests.post(f"{url}/2010-04-01/Accounts/AC/Messages.json", data=form, timeout=5)


def test_the_stand_ins_answer_and_remember(tmp_path):
    with stand_ins(tmp_path, Times(assistant=0.05)) as played:
        asked = requests.post(f"{played.url}/vac/assistant/a", json=vac("chunks 2 x"), timeout=5)
        assert len(asked.json()["answer"]) > 1600
        taken = send(played.url, "Hello")
        assert taken.status_code == 201
        assert requests.get(f"{played.url}/elsewhere", timeout=5).status_code == 404
        played.wait_for_sends(1, 5)
        record = played.record()
        played.forget()
        assert played.record().sends == []
    [ask], [sent] = record.asks, record.sends
    assert ask.left - ask.came >= 0.05
    assert (ask.who, ask.text) == ("+1@whatsapp.user", "chunks 2 x")
    assert (sent.to, sent.body, sent.sid) == ("whatsapp:+1", "Hello", taken.json()["sid"])
    assert ask.left < sent.came


def test_replies_that_do_not_come_are_a_failure(tmp_path):
    with stand_ins(tmp_path, NO_TIME) as played:
        send(played.url, "one")
        with pytest.raises(MeasurementError, match="1 of 2 replies"):
            played.wait_for_sends(2, 0.2)


@pytest.mark.parametrize("keep", [True, False])
def test_status_callbacks_are_signed_and_counted(tmp_path, keep):
    with tiny_server(keep=keep) as (url, bodies), stand_ins(tmp_path, NO_TIME, url) as played:
        for number in range(3):
            send(played.url, str(number))
        wait_for(lambda: played.record().callbacks == 6, 5, "all callbacks")
    assert sum(b"MessageStatus=delivered" in body for body in bodies) == 3


def test_status_callbacks_that_are_refused_are_counted_apart(tmp_path):
    with tiny_server(lambda _: 403) as (url, _), stand_ins(tmp_path, NO_TIME, url) as played:
        send(played.url, "one")
        wait_for(lambda: played.record().refusals == 2, 5, "both refusals")
        assert played.record().callbacks == 0


SERVER = "import http.server as h, sys\nh.test(h.SimpleHTTPRequestHandler, port=int(sys.argv[1]))"


def test_an_activator_starts_its_program_at_the_first_connection_only(tmp_path):
    inner = free_port()
    log = tmp_path / "log"
    program = Program(python("-u", "-c", SERVER, str(inner)), tmp_path, {}, log)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with activator(listener, program, inner):
        assert not log.exists()
        for _ in range(2):
            exchange(port, b"GET / HTTP/1.0\r\n\r\n")
    assert log.read_text().count("Serving HTTP") == 1
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", inner), timeout=1)


FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""


def test_a_child_and_its_own_children_are_measured_and_ended(tmp_path):
    program = Program(python("-c", FAMILY), tmp_path, {}, tmp_path / "log")
    with child(program) as process:
        wait_for(lambda: len(process.pids()) == 2, 10, "both run")
        assert process.worker() == process.pids()[1]
        memory = memory_of(process.worker())
        assert 0 < memory.proportional <= memory.resident <= memory.peak
        assert process.memory().resident > memory.resident
        assert process.cpu_seconds() >= 0
    # Nobody waits for a child of a child, so it may take a moment to be gone.
    wait_for(lambda: not process.pids(), 10, "both are gone")


def test_a_child_that_ended_is_a_failure_with_its_log(tmp_path):
    program = Program(python("-c", "raise SystemExit('no way')"), tmp_path, {}, tmp_path / "log")
    with child(program) as process, pytest.raises(MeasurementError, match="no way"):
        wait_for(process.require_alive, 10, "it ends")


def test_commits_are_counted_in_the_write_ahead_log(tmp_path):
    file = tmp_path / "file.db"
    committer = Committer(file)
    before = commits(file)
    assert committer.milliseconds(7) > 0
    assert commits(file) - before == 7
    with sqlite3.connect(file) as reader:
        assert reader.execute("SELECT count(*) FROM documents").fetchone() == (7,)
    reader.close()
    committer.close()


def test_nobody_to_talk_to_is_told_in_time(tmp_path):
    with ExitStack() as stack:
        program = Program(python("-c", ""), tmp_path, {}, tmp_path / "log")
        process = stack.enter_context(child(program))
        with pytest.raises(MeasurementError, match="ended with 0"):
            exchange(free_port(), b"", process)
