"""RateLimit, patience and the gate, over real HTTP where a provider is needed."""

import threading
import time

import pytest
from flask import Flask, Response, jsonify

from lib.backoff import Backoff
from lib.errors import SendConfigurationError, SendRetryableError
from lib.outbound.circuit_breaker import CircuitBreaker
from lib.outbound.rate_limit import RateLimit, RateLimiter
from lib.outbound.retrying import RetryingSender
from lib.twilio.sender import TwilioSender
from simulator.server import serve

SID = "AC" + "a" * 32
PERSON = "+15551234567"
FREE = RateLimit(0, 0)


def refusing(times, status, headers=(), code=20429):
    """A Twilio that refuses some sends; ``app.sends`` are the moments of all."""
    app = Flask(__name__)
    app.sends = []

    @app.post("/2010-04-01/Accounts/<sid>/Messages.json")
    def create(sid):
        app.sends.append(time.monotonic())
        if len(app.sends) <= times:
            answer = jsonify(code=code, message="no", status=status)
            answer.headers.extend(dict(headers))
            return answer, status
        return Response('{"sid": "SM1"}', 201, content_type="application/json")

    return app


def sender(url, **more):
    backoff = Backoff(first=0.05, longest=0.1)
    inner = TwilioSender(SID, "token", "+14155238886", base_url=url)
    return RetryingSender(inner, FREE, **{"backoff": backoff, **more})


def test_what_was_surely_not_taken_is_sent_again_soon():
    app = refusing(3, 429)
    with serve(app) as server:
        assert sender(server.url).send(PERSON, "Hi") == "SM1"
    assert len(app.sends) == 4


def test_retry_after_is_honoured():
    app = refusing(1, 429, {"Retry-After": "1"})
    with serve(app) as server:
        sender(server.url).send(PERSON, "Hi")
    first, second = app.sends
    assert second - first >= 1.0


def test_a_retry_after_that_is_far_away_is_left_to_the_queue():
    app = refusing(1, 429, {"Retry-After": "3600"})
    with serve(app) as server, pytest.raises(SendRetryableError) as error:
        sender(server.url).send(PERSON, "Hi")
    assert error.value.retry_after == 3600
    assert len(app.sends) == 1


@pytest.mark.parametrize("header", ["soon", "", "-5", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_an_odd_retry_after_is_as_good_as_none(header):
    app = refusing(1, 429, {"Retry-After": header})
    with serve(app) as server:
        assert sender(server.url).send(PERSON, "Hi") == "SM1"


def test_patience_ends():
    app = refusing(1000, 429)
    with serve(app) as server, pytest.raises(SendRetryableError):
        sender(server.url, longest_wait=0.5).send(PERSON, "Hi")
    assert 3 <= len(app.sends) < 20


def test_after_wrong_settings_nothing_is_tried_and_the_alarm_is_raised_once(caplog):
    app = refusing(1, 400, code=63007)
    with serve(app) as server:
        closed = sender(server.url)
        for _ in range(5):
            with pytest.raises(SendConfigurationError) as error:
                closed.send(PERSON, "Hi")
    assert error.value.provider_code == "63007"
    assert 0 < error.value.retry_after <= 15
    assert len(app.sends) == 1
    assert [r.levelname for r in caplog.records].count("CRITICAL") == 1


def test_an_open_breaker_allows_a_try_after_15_seconds_and_the_next_after_30():
    breaker, error = CircuitBreaker(), SendConfigurationError("wrong", "63007")
    breaker.trip(error, 0.0)
    with pytest.raises(SendConfigurationError):
        breaker.check(14.0)
    breaker.check(15.0)
    breaker.trip(error, 15.0)
    with pytest.raises(SendConfigurationError):
        breaker.check(15.0 + 29.0)
    breaker.reset()
    breaker.check(16.0)


def test_a_sender_keeps_its_pace():
    metronome = RateLimiter(RateLimit(per_second=10, recipient_seconds=0))
    waits = [metronome.wait(f"+1555{n}", 100.0, 60) for n in range(21)]
    assert waits[0] == 0
    assert waits[-1] == pytest.approx(2.0)


def test_a_recipient_gets_a_burst_and_then_one_at_a_time():
    metronome = RateLimiter(RateLimit(per_second=0, recipient_seconds=6, burst=3))
    assert [metronome.wait(PERSON, 100.0, 60) for _ in range(5)] == [0, 0, 0, 6, 12]
    assert metronome.wait("+15550000000", 100.0, 60) == 0
    assert metronome.wait(PERSON, 1000.0, 60) == 0


def test_a_wait_that_is_too_long_books_nothing():
    metronome = RateLimiter(RateLimit(per_second=0, recipient_seconds=6, burst=1))
    assert metronome.wait(PERSON, 100.0, 1) == 0
    assert [metronome.wait(PERSON, 100.0, 1) for _ in range(3)] == [6, 6, 6]
    assert metronome.wait(PERSON, 106.0, 1) == 0


def test_threads_share_one_pace():
    app = refusing(0, 200)
    with serve(app) as server:
        inner = TwilioSender(SID, "token", "+14155238886", base_url=server.url)
        paced = RetryingSender(inner, RateLimit(per_second=20, recipient_seconds=0))
        threads = [threading.Thread(target=paced.send, args=(PERSON, "Hi")) for _ in range(11)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(app.sends) - min(app.sends) >= 0.4
