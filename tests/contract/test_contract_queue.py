"""What every queue promises: the local one, and Pub/Sub's emulator with an ordered push."""

import time
from datetime import datetime, timedelta, timezone

import pytest

from lib.errors import QueueError
from lib.model import Choice, InboundMessage, Location, Media, MessageKind
from lib.queue import rows
from lib.queue.local import LocalQueue
from lib.queue.pubsub import PubSubPublisher
from lib.storage.sqlite.database import Database
from tests.processes import free_port, wait_for
from tests.queues import ANN, BOB, Endpoint, local_queue, message, now, pubsub_queue

# An address that the endpoint keeps waiting, for thirty seconds or for ever, must not be what
# another one waits for.
SOON = 20.0


@pytest.fixture
def endpoint():
    return Endpoint()


@pytest.fixture(params=["local", "pubsub"])
def queue(request, endpoint, tmp_path):
    if request.param == "local":
        opened = local_queue(tmp_path, endpoint)
    else:
        opened = pubsub_queue(request.getfixturevalue("pubsub_emulator"), endpoint)
    with opened as ready:
        yield ready


def test_a_message_arrives_whole(queue, endpoint):
    sent = InboundMessage(
        id="SM1",
        address="US.ENT.1A2B3C",
        received_at=datetime(2026, 11, 23, 12, 0, 0, 123456, timezone(timedelta(hours=2))),
        kind=MessageKind.LOCATION,
        text="two\nlines, 👩🏽\u200d🚀 \u202e \x00 and half a pair \ud83d",
        user_id="US.1A",
        profile_name="Ann 👋",
        media=(Media("https://x.io/1?a=b&c", "image/png"), Media("https://x.io/2", "text/vcard")),
        location=Location(1.5, -2.25, "é", "你"),
        choice=Choice("python-expert", "Python Expert"),
        reply_to="SM0",
        forwarded=True,
    )
    queue.publish(sent)
    wait_for(lambda: endpoint.pushed)
    assert endpoint.pushed[0].item == sent
    assert '"id":"SM1"' in endpoint.pushed[0].payload


def test_messages_of_one_address_come_in_order_one_at_a_time(queue, endpoint):
    endpoint.held = {"SM0"}
    for number in range(10):
        queue.publish(message(number))
    wait_for(endpoint.ids)
    time.sleep(0.5)
    assert endpoint.ids() == ["SM0"]
    endpoint.release()
    wait_for(lambda: len(endpoint.ids()) == 10)
    assert endpoint.ids() == [f"SM{number}" for number in range(10)]
    assert not endpoint.overlaps


def test_order_holds_for_each_of_many_addresses(queue, endpoint):
    addresses = [f"+1555000000{n}" for n in range(5)]
    for number in range(60):
        queue.publish(message(number, addresses[number % 5]))
    wait_for(lambda: len(endpoint.ids()) == 60, 30)
    for start, address in enumerate(addresses):
        assert endpoint.ids(address) == [f"SM{number}" for number in range(start, 60, 5)]
    assert not endpoint.overlaps


@pytest.mark.parametrize("refusal", [500, 503, 404, 302])
def test_a_refused_message_comes_again_before_the_later_ones(queue, endpoint, refusal):
    endpoint.statuses = {"SM0": [refusal, refusal]}
    for number in range(3):
        queue.publish(message(number))
    wait_for(lambda: "SM2" in endpoint.ids(), 30)
    assert endpoint.ids() == ["SM0", "SM0", "SM0", "SM1", "SM2"]


@pytest.mark.parametrize("acknowledgement", [200, 201, 204])
def test_an_acknowledged_message_does_not_come_again(queue, endpoint, acknowledgement):
    endpoint.statuses = {"SM1": [acknowledgement]}
    queue.publish(message(1))
    wait_for(endpoint.ids)
    # Twice as long as either queue waits before it pushes a refused message again.
    time.sleep(2)
    assert endpoint.ids() == ["SM1"]


def test_nobody_waits_for_an_address_whose_message_takes_long(queue, endpoint):
    endpoint.held = {"SM0"}
    queue.publish(message(0))
    wait_for(endpoint.ids)
    queue.publish(message(1))
    queue.publish(message(2, BOB))
    wait_for(lambda: "SM2" in endpoint.ids(), SOON)
    assert endpoint.ids(ANN) == ["SM0"]


def test_what_is_fast_overtakes_what_waits_and_is_told_apart(queue, endpoint):
    endpoint.held = {"SM0"}
    queue.publish(message(0))
    wait_for(endpoint.ids)
    queue.publish(message(1))
    queue.publish(message(2), fast=True)
    wait_for(lambda: "SM2" in endpoint.ids(), SOON)
    assert endpoint.ids() == ["SM0", "SM2"]
    endpoint.release()
    wait_for(lambda: "SM1" in endpoint.ids())
    assert [one.item.id for one in endpoint.pushed if one.fast] == ["SM2"]


def test_what_is_fast_and_refused_comes_again_and_holds_nobody_up(queue, endpoint):
    endpoint.statuses = {"SM1": [503, 503]}
    queue.publish(message(1), fast=True)
    wait_for(endpoint.ids)
    queue.publish(message(2))
    wait_for(lambda: endpoint.ids().count("SM1") == 3 and "SM2" in endpoint.ids(), 30)


def test_nobody_waits_for_an_address_whose_message_is_refused(queue, endpoint):
    endpoint.statuses = {"SM0": [503] * 1000}
    queue.publish(message(0))
    queue.publish(message(1))
    wait_for(lambda: len(endpoint.ids()) >= 2)
    queue.publish(message(2, BOB))
    wait_for(lambda: "SM2" in endpoint.ids(), SOON)
    assert "SM1" not in endpoint.ids()


def test_a_message_too_large_to_be_pushed_is_refused_at_once(queue, endpoint):
    with pytest.raises(QueueError):
        queue.publish(message(1, reply_to="x" * 1024 * 1024))
    queue.publish(message(2))
    wait_for(endpoint.ids)
    assert endpoint.ids() == ["SM2"]


def test_what_no_queue_can_hold_is_an_error_of_the_queue(queue):
    with pytest.raises(QueueError):
        queue.publish(message(1, "\ud83d"))


def unreachable_pubsub(tmp_path):
    return PubSubPublisher("demo-x", "topic", f"http://127.0.0.1:{free_port()}", timeout=2)


def unreachable_local(tmp_path):
    (tmp_path / "file").write_text("")
    return LocalQueue(Database(tmp_path / "file" / "queue.db", rows.create), now)


@pytest.mark.parametrize("unreachable", [unreachable_local, unreachable_pubsub])
def test_a_queue_out_of_reach_is_an_error_in_time(unreachable, tmp_path):
    queue = unreachable(tmp_path)
    for _ in range(2):
        started = time.monotonic()
        with pytest.raises(QueueError) as failure:
            queue.publish(message(1))
        assert time.monotonic() - started < 20
        assert ANN not in str(failure.value)
