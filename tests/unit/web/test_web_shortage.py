"""Exchanges of a process that runs out of descriptors or threads; the server is another one."""

import socket
import subprocess

import pytest

from lib.web.client import Client
from lib.web.direct import DirectClient
from lib.web.errors import LateError, ShortError, UnreachedError
from tests.processes import python
from tests.shortages import no_descriptors, no_threads

SERVER = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"Hi")

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
BOTH = [no_descriptors, no_threads]


@pytest.fixture(scope="module")
def url():
    process = subprocess.Popen(python("-c", SERVER), stdout=subprocess.PIPE, text=True)
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    process.kill()
    process.communicate()


def ask(client, url, seconds=5.0):
    return client.request("GET", url, {}, b"", seconds, 100).body


@pytest.fixture(params=[Client, DirectClient])
def client(request):
    made = request.param()
    yield made
    made.close()


@pytest.mark.parametrize("shortage", BOTH)
def test_nothing_is_sent_and_it_works_later(url, client, shortage):
    with shortage(), pytest.raises(ShortError):
        ask(client, url)
    assert ask(client, url) == b"Hi"


@pytest.mark.parametrize("shortage", BOTH)
def test_an_open_connection_goes_on_serving(url, client, shortage):
    ask(client, url)
    with shortage():
        assert ask(client, url) == b"Hi"


def test_what_other_clients_do_not_use_gives_way_to_a_new_connection(url, client):
    other = type(client)()
    ask(other, url)
    ask(other, url.replace("127.0.0.1", "localhost"))
    with no_descriptors(reusable=True):
        assert ask(client, url) == b"Hi"
    assert ask(other, url) == b"Hi"
    other.close()


def test_a_client_that_nobody_holds_any_more_is_not_held_either(url, client):
    def gone():
        ask(type(client)(), url)

    gone()
    with no_descriptors(), pytest.raises(ShortError):
        ask(client, url)


def test_a_name_that_cannot_be_looked_up_now_is_no_name_that_is_unknown(client):
    unknown = "http://assistant.invalid/"
    with no_descriptors(), pytest.raises(ShortError):
        ask(client, unknown)
    with pytest.raises(UnreachedError) as failure:
        ask(client, unknown)
    assert not isinstance(failure.value, ShortError)


@pytest.mark.parametrize("shortage", BOTH)
def test_without_time_it_is_late_whatever_is_short(url, client, shortage):
    with shortage(), pytest.raises(LateError):
        ask(client, url, 0.0)


def test_a_server_that_is_gone_is_no_shortage(client):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(UnreachedError, match="ConnectionRefusedError") as failure:
        ask(client, f"http://127.0.0.1:{port}/")
    assert not isinstance(failure.value, ShortError)
