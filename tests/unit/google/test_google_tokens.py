import threading
import time

import pytest

from lib.google import tokens
from lib.google.responses import StatusError
from lib.google.tokens import TokenError
from lib.web.errors import ExchangeError
from tests.peer import answer, drip, peer, say_nothing, token

pytestmark = pytest.mark.slow


def test_the_metadata_server_is_asked_as_it_wants_to_be():
    with peer(token("first")) as server:
        assert tokens.of_metadata_server(server.host).get(5) == "first"
        (request,) = server.requests
    assert request.startswith(
        b"GET /computeMetadata/v1/instance/service-accounts/default/token HTTP/1.1\r\n"
    )
    assert b"\r\nMetadata-Flavor: Google\r\n" in request


def test_a_token_is_kept_until_it_is_about_to_expire():
    with peer(token("first", 226), token("second")) as server:
        ours = tokens.of_metadata_server(server.host)
        assert [ours.get(5) for _ in range(10)] == ["first"] * 10
        time.sleep(1.1)
        assert [ours.get(5) for _ in range(10)] == ["second"] * 10
        assert len(server.requests) == 2


def test_a_token_that_was_refused_is_replaced():
    with peer(token("first"), token("second")) as server:
        ours = tokens.of_metadata_server(server.host)
        assert ours.get(5) == "first"
        ours.forget()
        assert [ours.get(5) for _ in range(2)] == ["second"] * 2
        assert len(server.requests) == 2


def test_many_threads_ask_once():
    def slowly(connection):
        time.sleep(0.3)
        connection.sendall(token("first"))

    with peer(slowly) as server:
        ours, got = tokens.of_metadata_server(server.host), []
        threads = [threading.Thread(target=lambda: got.append(ours.get(5))) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == ["first"] * 32
        assert len(server.requests) == 1


def test_a_refusal_is_not_kept():
    with peer(answer(404, b"", "Connection: close"), token("first")) as server:
        ours = tokens.of_metadata_server(server.host)
        with pytest.raises(StatusError, match="HTTP 404"):
            ours.get(5)
        assert ours.get(5) == "first"


@pytest.mark.parametrize("step", [say_nothing, drip])
def test_a_slow_server_costs_no_more_than_the_time_there_is(step):
    with peer(step) as server:
        ours, started = tokens.of_metadata_server(server.host), time.monotonic()
        late = []

        def ask():
            with pytest.raises((TimeoutError, ExchangeError)):
                ours.get(0.5)
            late.append(time.monotonic() - started)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(late) == 4
        assert max(late) < 20


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"access_token":"x","expires_in":"soon"}'])
def test_an_answer_that_is_no_token_is_an_error(body):
    with peer(answer(200, body, "Connection: close")) as server, pytest.raises(TokenError):
        tokens.of_metadata_server(server.host).get(5)
