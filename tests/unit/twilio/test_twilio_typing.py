"""The typing indicator: shown while the assistant works, and never in the way."""

import time
from contextlib import nullcontext

import pytest

from lib.twilio.typing import TwilioTyping
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.faults import Fault, FaultKind
from simulator.twilio.messages import INBOUND
from tests.peer import answer, peer
from tests.processes import free_port, wait_for
from tests.shortages import no_threads

SID = "AC" + "1" * 32


@pytest.fixture
def account():
    account = Account(SID, "token", frozenset({"+14155238886"}))
    yield account
    account.close()


@pytest.fixture
def url(account):
    with serve(create_app(account)) as server:
        yield server.url


@pytest.fixture
def message(account):
    return account.messages.add(SID, "whatsapp:+1415", "whatsapp:+1555", "Hi", direction=INBOUND)


def test_the_message_is_marked_as_read_while_the_block_runs(account, url, message):
    with TwilioTyping(SID, "token", url)(message.sid):
        wait_for(lambda: account.messages.get(message.sid).receipt == "read")


def test_a_block_that_is_over_at_once_has_shown_it_all_the_same(account, url, message):
    with TwilioTyping(SID, "token", url)(message.sid):
        pass
    assert account.messages.get(message.sid).receipt == "read"


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.CUT_BEFORE, FaultKind.TIME_OUT])
def test_no_failure_of_twilio_s_is_seen_or_waited_for(account, url, message, kind):
    account.faults.add(Fault(kind, code=20500, status=500, operation="typing"))
    started = time.monotonic()
    with TwilioTyping(SID, "token", url)(message.sid):
        pass
    assert time.monotonic() - started < 2


def test_nobody_at_the_other_end_is_passed_over(message):
    with TwilioTyping(SID, "token", f"http://127.0.0.1:{free_port()}")(message.sid):
        pass


def test_an_id_that_is_not_twilio_s_is_not_asked_about(account, url):
    with TwilioTyping(SID, "token", url)("test123/../x"):
        pass


def test_an_error_in_the_block_goes_on(url, message):
    with pytest.raises(ZeroDivisionError), TwilioTyping(SID, "token", url)(message.sid):
        raise ZeroDivisionError


def test_without_a_thread_nothing_is_shown_and_the_block_runs(account, url, message):
    ran = []
    with no_threads(), TwilioTyping(SID, "token", url)(message.sid):
        ran.append(True)
    assert ran
    assert account.messages.get(message.sid).receipt != "read"


def test_what_fails_in_the_block_is_raised_with_and_without_a_thread(url, message):
    for shortage in (no_threads, nullcontext):
        with pytest.raises(KeyError), shortage(), TwilioTyping(SID, "token", url)(message.sid):
            raise KeyError


def test_it_is_shown_again_where_a_message_ended_it():
    sid = "SM" + "1" * 32
    with peer(answer(200)) as twilio:
        typing = TwilioTyping(SID, "token", twilio.url, arrival=0.01)
        with typing(sid):
            wait_for(lambda: len(twilio.requests) == 1, 5)
            typing.again("SM" + "f" * 32)
            typing.again(sid)
            wait_for(lambda: len(twilio.requests) == 2, 5)
        typing.again(sid)
        with typing(sid):
            pass
        assert len(twilio.requests) == 3


def test_it_is_not_asked_for_before_a_message_that_was_sent_has_arrived():
    sid = "SM" + "1" * 32
    with peer(answer(200)) as twilio:
        typing = TwilioTyping(SID, "token", twilio.url, arrival=3600)
        with typing(sid):
            wait_for(lambda: len(twilio.requests) == 1, 5)
            typing.again(sid)
        assert len(twilio.requests) == 1
