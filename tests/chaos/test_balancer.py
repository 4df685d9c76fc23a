"""One address for two instances, of which one is killed again and again."""

import sys

import pytest
import requests

from tests.chaos.backends import environment
from tests.chaos.balancer import Balancer
from tests.chaos.processes import Process
from tests.processes import answers, free_port, wait_for

pytestmark = pytest.mark.slow

SERVER = """
import pathlib, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = sys.argv[1].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
# Its port takes connections, and nobody answers them yet.
while not pathlib.Path("go").exists():
    time.sleep(0.01)
server.serve_forever()
"""


@pytest.fixture
def go(tmp_path):
    file = tmp_path / "go"
    file.touch()
    return file


@pytest.fixture
def instances(tmp_path, go, stack):
    made = {}
    for name in ("one", "two"):
        port = free_port()
        command = [sys.executable, "-c", SERVER, str(port)]
        made[port] = Process(command, tmp_path, environment(), tmp_path / f"{name}.log")
        stack.callback(made[port].close)
    return made


@pytest.fixture
def url(instances, stack):
    port = free_port()
    stack.callback(Balancer(port, instances).close)
    ready = f"http://127.0.0.1:{port}/"
    wait_for(lambda: answers(ready))
    return ready


def asked(url):
    return int(requests.get(url, timeout=10).text)


def test_both_are_asked_and_whoever_starts_anew_only_once_it_answers(url, instances, go):
    wait_for(lambda: {asked(url) for _ in range(4)} == set(instances))
    first, second = instances
    for killed, left in ((first, second), (second, first)):
        go.unlink()
        before = len(instances[killed].ends)
        assert instances[killed].kill()
        wait_for(lambda killed=killed, before=before: len(instances[killed].ends) > before)
        assert [asked(url) for _ in range(6)] == [left] * 6
        go.touch()
        wait_for(lambda killed=killed: asked(url) == killed)


def test_where_nobody_serves_nothing_is_answered_until_somebody_does(url, instances, go):
    go.unlink()
    for instance in instances.values():
        assert instance.kill()
    wait_for(lambda: not answers(url))
    go.touch()
    wait_for(lambda: answers(url))
