"""`make run` without any setting, as processes: the page's server and its worker."""

import os
import re
import signal
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from lib.media.kept.addresses import Addresses
from lib.media.kept.folder import FolderStore
from lib.ports.media_store import StoredMedium
from lib.runtime.local_data import signing_key
from tests.exported import unpacked
from tests.processes import ROOT, free_port, python, running, wait_for

PROC = Path("/proc")
CHAT = "/simulator/chats/%2B15551234567/messages"


class Demo:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"

    def run(self, **more):
        (self.folder / "none.yaml").write_text("")
        environ = {"PORT": str(self.port), "DATA_DIR": str(self.folder / "data"), **more}
        health = f"{self.url}/whatsapp/health"
        return running(python("-m", "standalone"), health, environ, ROOT, self.log)

    def worker(self, parent):
        """The worker's process id; 0 while there is none."""
        for entry in PROC.iterdir():
            if entry.name.isdecimal() and _parent_of(entry) == parent.pid:
                return int(entry.name)
        return 0

    def say(self, text):
        answer = requests.post(self.url + CHAT, json={"body": text}, timeout=5)
        assert answer.status_code == 201, answer.text

    def replies(self):
        return self.log.read_text().count("  Gateway to ")


def _lives(pid):
    return bool(_parent_of(PROC / str(pid)))


def _parent_of(entry):
    """The parent of a process that lives; 0 if it does not.

    One that ended without a parent is seen until the first process of the system asks for it,
    which takes seconds, or for ever in a container whose first process never does.
    """
    try:
        state, parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:2]
    except OSError:
        return 0
    return 0 if state == "Z" else int(parent)


@pytest.fixture
def demo(tmp_path):
    return Demo(tmp_path)


def test_one_address_is_printed_and_the_page_is_there(demo):
    with demo.run():
        text = wait_for(lambda: "Ctrl-C" in demo.log.read_text() and demo.log.read_text())
        assert f"Open {demo.url} " in text
        assert "<title>" in requests.get(demo.url, timeout=5).text
        demo.say("Hello")
        wait_for(lambda: demo.replies() == 1)


def test_a_killed_worker_comes_back_and_what_came_meanwhile_is_answered(demo):
    with demo.run() as process:
        demo.say("one")
        wait_for(lambda: demo.replies() == 1)
        first = demo.worker(process)
        os.kill(first, signal.SIGKILL)
        demo.say("two")
        wait_for(lambda: demo.replies() == 2)
        assert demo.worker(process) not in {0, first}


def test_the_worker_ends_with_its_parent_however_that_ends(demo):
    with demo.run() as process:
        worker = demo.worker(process)
        process.kill()
        process.wait(60)
        wait_for(lambda: not _lives(worker))
    with demo.run() as process:
        worker = demo.worker(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert "Fatal" not in demo.log.read_text()
        assert not _lives(worker)


def test_nothing_but_loopback_is_listened_on(demo):
    with demo.run() as process:
        links = [
            link
            for pid in (process.pid, demo.worker(process))
            for link in (PROC / str(pid) / "fd").iterdir()
        ]
        sockets = {str(link.readlink()) for link in links if link.is_symlink()}
        listening = [
            row
            for table in ("tcp", "tcp6")
            for row in map(str.split, (PROC / "net" / table).read_text().splitlines()[1:])
            if row[3] == "0A" and f"socket:[{row[9]}]" in sockets
        ]
        assert len(listening) >= 4
        assert all(row[1].startswith("0100007F:") for row in listening)


def test_an_assistant_of_one_s_own_is_asked_and_cannot_be_made_to_hang(demo):
    with demo.run(ASSISTANT_API_URL=f"http://127.0.0.1:{free_port()}"):
        demo.say("Hello")
        wait_for(lambda: "couldn't reach" in demo.log.read_text())


def test_another_website_cannot_write_in_a_person_s_name(demo):
    with demo.run():
        url = f"{demo.url}/whatsapp/webhook"
        form = {"From": "whatsapp:+15551234567", "Body": "Hello"}
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            assert requests.post(url, data=form, headers=headers, timeout=5).status_code == 403
        wait_for(lambda: "Requests from other sites are refused" in demo.log.read_text())


def test_a_message_without_an_id_that_claims_to_be_signed_is_taken_as_any_other(demo):
    with demo.run():
        url = f"{demo.url}/whatsapp/webhook"
        form = {"From": "whatsapp:+15551234567", "Body": "Hello"}
        headers = {"X-Twilio-Signature": "abc"}
        answer = requests.post(url, data=form, headers=headers, timeout=5)
        assert answer.status_code == 200
        wait_for(lambda: "turn finished" in demo.log.read_text())
        assert "Traceback" not in demo.log.read_text()


def test_a_large_body_and_an_unknown_path_are_answered(demo):
    with demo.run():
        url = f"{demo.url}/whatsapp/webhook"
        assert requests.post(url, data=b"x" * 500_000, timeout=5).status_code == 413
        assert requests.get(f"{demo.url}/whatsapp/nothing", timeout=5).status_code == 404


@pytest.mark.parametrize("closing", [False, True], ids=["open", "just closed"])
@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_pages_neither_hold_up_a_stop_nor_make_it_noisy(demo, order, closing):
    lines = []
    with demo.run() as process, ExitStack() as pages:
        for _ in range(3):
            events = requests.get(f"{demo.url}/simulator/events", stream=True, timeout=10)
            pages.enter_context(events)
            # An iterator that nobody holds closes its connection.
            lines.append(events.iter_lines())
            assert next(lines[-1]) == b"retry: 1000"
        if closing:
            lines.clear()
        process.send_signal(order)
        assert process.wait(60) == 0
    log = demo.log.read_text()
    # The server says of requests that have not ended after five seconds.
    assert "still running" not in log
    assert "Traceback" not in log
    assert "ERROR" not in log


def test_what_is_kept_is_served_through_the_page_s_server(demo):
    data = demo.folder / "data" / "demo"
    data.mkdir(parents=True)
    clock = lambda: datetime.now(UTC)  # noqa: E731 - the one that is
    store = FolderStore(data / "media", Addresses(demo.url, signing_key(data), clock), clock)
    url = store.put("+15551234567", "spoken", StoredMedium(b"ID3", "audio/mpeg", "answer.mp3"))
    with demo.run():
        for method in ("HEAD", "GET"):
            answer = requests.request(method, url, timeout=5)
            assert answer.status_code == 200
            assert answer.headers["Content-Length"] == "3"
            assert answer.headers["Content-Type"] == "audio/mpeg"
        assert answer.content == b"ID3"
        assert requests.head(f"{url}x", timeout=5).status_code == 404
        health = requests.get(f"{demo.url}/whatsapp/health", timeout=5).json()
        assert health["media_urls"] == "on"


def test_an_export_is_a_click_away(demo):
    with demo.run():
        demo.say("my cat is called Zerberus")
        wait_for(lambda: demo.replies() == 1)
        demo.say("/export")
        link = re.compile(re.escape(demo.url) + r"/whatsapp/media/[0-9a-f]{138}/export\.zip")
        (url,) = wait_for(lambda: link.findall(demo.log.read_text()))
        answer = requests.get(url, timeout=5)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="export.zip"'
        assert "Zerberus" in unpacked(answer.content).page
