"""Failures reported before the gateway has noted whose the message is: Twilio takes a message,
tells what became of it, and answers the request that created it only then.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest

from lib.inbound.record import Recorder
from lib.model import TurnState
from lib.turn.deliver import SLOW_SEND
from tests.local_gateway import ANN
from tests.processes import wait_for
from tests.reports import line

pytestmark = pytest.mark.slow

SORRY = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)
WITHIN, BEYOND = 0.6, 2.0
"""Seconds until Twilio answers: while the report's turn is still looked for, or after that."""


@pytest.fixture
def gateway(tmp_path):
    with line(tmp_path) as ready:
        yield ready


def overtake(gateway, parts, index, seconds, code, to):
    """Have a part reported as failed before its send is answered; return the message."""
    for number in range(index + 1):
        gateway.local.fault(fault="delay", seconds=seconds if number == index else 0.0)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(gateway.ask, parts)
        wait_for(lambda: len(gateway.sids()) > index)
        gateway.report(gateway.sids()[index], "undelivered", code, to=to)
        # Under the key of another address, it does not wait for the message.
        gateway.hand_over()
        return asked.result()


@pytest.mark.parametrize("seconds", [WITHIN, BEYOND])
@pytest.mark.parametrize(
    "to", [f"whatsapp:{ANN}", "whatsapp:+5215550001111", "whatsapp:US.a1", None]
)
@pytest.mark.parametrize(("code", "last"), [("63021", SORRY[:6]), ("63018", "Part 1")])
def test_an_answer_that_failed_before_its_send_was_noted_is_followed_up(
    gateway, seconds, to, code, last
):
    message = overtake(gateway, 1, 0, seconds, code, to)
    gateway.hand_over()
    gateway.pass_time(seconds=15)
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1", last]
    assert gateway.turn(message).state is TurnState.DELIVERED
    gateway.pass_time(minutes=30)
    assert len(gateway.local.sent()) == 2


@pytest.mark.parametrize("to", ["whatsapp:+5215550001111", None])
@pytest.mark.parametrize(("parts", "index"), [(3, 0), (3, 1), (3, 2), (5, 4)])
def test_no_part_may_fail_unseen(gateway, to, parts, index):
    message = overtake(gateway, parts, index, BEYOND, "63021", to)
    gateway.hand_over()
    said = [text[:6] for text in gateway.local.sent()]
    assert said == [f"Part {number + 1}" for number in range(index + 1)] + [SORRY[:6]]
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert gateway.letter(message) == "undelivered 63021"


@pytest.mark.parametrize("to", ["whatsapp:+5215550001111", None])
def test_what_arrived_before_its_send_was_noted_is_left_alone(gateway, to):
    gateway.local.fault(fault="delay", seconds=BEYOND)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(gateway.ask, 1)
        wait_for(gateway.sids)
        (sid,) = gateway.sids()
        gateway.report(sid, "undelivered", "63021", to=to)
        gateway.report(sid, "delivered", to=to)
        asked.result()
    gateway.pass_time(minutes=5)
    assert len(gateway.local.sent()) == 1


def test_whose_a_report_is_is_looked_for_longer_than_a_send_is_called_quick():
    (pauses,) = (field.default for field in fields(Recorder) if field.name == "pauses")
    assert sum(pauses) > 2 * SLOW_SEND
