"""Exchanges and their connections: how many are made, and what the work for one comes to."""

import cProfile
import pstats
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from lib.web.client import Client
from lib.web.errors import UnreachedError, UnusableError

ANSWER = b"HTTP/1.1 200 OK\r\nX-Kind: plain\r\nContent-Length: 2\r\n\r\nHi"
SECONDS = 20.0
AT_ONCE = 200


class Host:
    """Answers each request once as many have arrived as are waited for; counts connections."""

    def __init__(self, server: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}/path?with=query"
        self.connections = 0
        self.heads: list[bytes] = []
        self.together = threading.Barrier(1)
        self._server = server

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # closed
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            while head := connection.recv(65536):
                self.heads.append(head)
                self.together.wait(SECONDS)
                connection.sendall(ANSWER)


@pytest.fixture
def host():
    with socket.create_server(("127.0.0.1", 0), backlog=AT_ONCE) as server:
        host = Host(server)
        threading.Thread(target=host.run, daemon=True).start()
        yield host
        server.shutdown(socket.SHUT_RDWR)


def ask(client, url):
    return client.request("GET", url, {}, b"", SECONDS)


def test_an_answer_has_its_status_its_headers_and_its_body(host):
    answer = ask(Client(), host.url)
    assert (answer.status, answer.headers["x-kind"], answer.body) == (200, "plain", b"Hi")
    assert host.heads[0].startswith(b"GET /path?with=query HTTP/1.1\r\n")


def test_one_after_another_take_one_connection(host):
    client = Client()
    for _ in range(20):
        ask(client, host.url)
    assert host.connections == 1


@pytest.mark.parametrize(
    ("at_once", "connections"),
    [(64, 64), (200, 200 + 136 + 136)],
)
def test_each_of_many_at_once_takes_a_connection_and_64_are_kept(host, at_once, connections):
    client = Client()
    host.together = threading.Barrier(at_once)
    with ThreadPoolExecutor(at_once) as pool:
        for _ in range(3):
            assert len(list(pool.map(lambda _: ask(client, host.url), range(at_once)))) == at_once
    assert host.connections == connections


def test_a_proxy_of_the_environment_is_asked_for_the_whole_address(host, monkeypatch):
    monkeypatch.setenv("http_proxy", host.url.replace("http://", "http://user:word@"))
    monkeypatch.setenv("no_proxy", "")
    ask(Client(), "http://assistant.invalid/path")
    assert host.heads[0].startswith(b"GET http://assistant.invalid/path HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in host.heads[0]


def test_a_host_that_is_exempt_is_asked_directly(host, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.invalid")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert ask(Client(), host.url).body == b"Hi"


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/", "http://", "/path"])
def test_an_address_that_is_none_is_no_request(url):
    with pytest.raises(UnusableError):
        ask(Client(), url)


def test_a_name_and_password_in_an_address_go_nowhere(host):
    ask(Client(), host.url.replace("http://", "http://user:word@"))
    assert b"Authorization" not in host.heads[0]


def test_a_host_that_nobody_has_was_never_reached():
    with pytest.raises(UnreachedError, match="gaierror"):
        ask(Client(), "http://assistant.invalid/")


def test_an_exchange_is_less_than_a_fifth_of_the_work_that_requests_makes_of_it(host):
    client, session = Client(), requests.Session()
    ours = calls(lambda: ask(client, host.url))
    theirs = calls(lambda: session.get(host.url, timeout=SECONDS))
    assert ours < 0.2 * theirs


def calls(work):
    """How many functions are called by one piece of work, once everything is set up."""
    work()
    with cProfile.Profile() as profile:
        work()
    return pstats.Stats(profile).total_calls
