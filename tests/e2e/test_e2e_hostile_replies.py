"""While an assistant's reply is hard work, everybody else is answered as fast as ever."""

import json
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.e2e.test_e2e_standalone import Service
from tests.hostile import ANSWERS, JSON, REPLIES
from tests.processes import wait_for
from tests.sample import sid

# One of each kind of work; each of them by itself is measured in the unit tests.
NAMES = ["lists before an end", "openers", "punycode", "broken UTF-16", "events", "keys of lists"]
TEXTS = ["flags", "signs", "a wide head", "blanks in code"]
HARD = {
    **{name: REPLIES[name] for name in NAMES},
    **{name: (JSON, json.dumps({"answer": ANSWERS[name]})) for name in TEXTS},
    "too large": ("text/plain", "x" * (1024 * 1024 + 1)),
}
MALLORY, BOB = "+15550006666", "+15550007777"
QUICK_SECONDS = 4.0  # far above what it takes, far below what a bad reply used to cost others


class Assistant(BaseHTTPRequestHandler):
    """Answers at once: with the hard reply that the question names, or with its own words."""

    asked: Counter[str]

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        question = json.loads(self.rfile.read(length))["user_input"]
        self.asked[question] += 1
        own = (JSON, json.dumps({"answer": f"You said: {question}"}))
        kind, body = HARD.get(question, own)
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # what is too large is not read to its end
            self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def assistant():
    handler = type("Fresh", (Assistant,), {"asked": Counter()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler.asked
    finally:
        server.shutdown()
        server.server_close()


class Watch:
    """A person who asks again and again; ``waits`` are the seconds to each answer."""

    def __init__(self, service):
        self.service, self.waits, self.accepted = service, [], []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _ask(self):
        while not self._ended.is_set():
            name = sid(f"b{len(self.accepted)}")
            started = time.monotonic()
            assert self.service.post(name, f"question {name}", BOB) == 200
            self.accepted.append(time.monotonic() - started)
            wait_for(lambda name=name: settled(self.service, name), 60, 0.01)
            self.waits.append(time.monotonic() - started)
            time.sleep(0.05)


def settled(service, name):
    lines = (line for line in service.log.read_text().splitlines() if f'whatsapp-{name}"' in line)
    return any("turn finished" in line for line in lines)


@pytest.mark.thorough
def test_hard_replies_are_answered_once_and_keep_nobody_waiting(tmp_path):
    with ExitStack() as stack:
        service = Service(tmp_path, stack)
        url, asked = stack.enter_context(assistant())
        # Hundreds of messages are sent here; nobody needs to hear what became of each.
        settings = dict.fromkeys(("MESSAGES_PER_MINUTE", "CHUNK_WAIT_SECONDS"), "0")
        stack.enter_context(
            service.run(ASSISTANT_API_URL=url, TWILIO_STATUS_CALLBACK_URL="", **settings)
        )
        with Watch(service) as watch:
            for index, name in enumerate(HARD):
                assert service.post(sid(f"m{index}"), name, MALLORY) == 200
            wait_for(lambda: settled(service, sid(f"m{len(HARD) - 1}")), 90, 0.2)
        sent = service.sent(MALLORY)
    assert {name: asked[name] for name in HARD} == dict.fromkeys(HARD, 1)
    assert len(watch.waits) > 3
    assert max(watch.waits) < QUICK_SECONDS
    assert max(watch.accepted) < QUICK_SECONDS / 2
    assert (
        "The assistant's answer is too long to be passed on. Please ask for less at once, or for a "
        "summary."
    ) in sent
    assert sum(part.count("🇩🇪") for part in sent) == len(ANSWERS["flags"]) // 2
    assert not [part for part in sent if "I'm sorry" in part]
