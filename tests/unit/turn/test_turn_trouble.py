"""What a newer version wrote, what is spoilt, and what this process runs short of: all of it waits,
and takes nothing else with it. On real SQLite, Twilio and assistants played over real HTTP.
"""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import QueueError
from lib.queue.envelope import encode
from lib.reply import texts
from lib.storage.sqlite.table import Table
from lib.turn import moves
from lib.turn.dead_letter import give_up
from lib.turn.overdue import pick_up
from lib.turn.respond import handle_push
from tests.local_gateway import local_gateway
from tests.sentences import HELP
from tests.shortages import no_descriptors, no_threads
from tests.turns import started


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        yield ready


def push(message, **changes):
    document = {**json.loads(encode(message)[0]), **changes}
    data = base64.b64encode(json.dumps(document).encode()).decode()
    return json.dumps({"message": {"data": data}, "deliveryAttempt": 1}).encode()


def settled(table, body):
    return handle_push(body, table.gateway.responder())


def keep(table, collection, document_id, document):
    with table.gateway.database().transaction() as connection:
        Table(connection).write(collection, document_id, document)


def letters(table):
    return [one.reason for one in table.gateway.stores().dead_letters.newest(9)]


@pytest.mark.parametrize("changes", [{"version": 2}, {"kind": "hologram"}], ids=repr)
def test_a_message_of_a_newer_version_waits_and_is_given_up_in_the_end(table, changes):
    body = push(table.message("Hello"), **changes)
    for _ in range(30):
        assert not settled(table, body)
    assert letters(table) == []
    assert table.say("/help") == [HELP]
    give_up(body, "undeliverable: came too often", table.gateway.responder())
    (reason,) = letters(table)
    assert reason.startswith("newer_version: ")


def test_a_turn_of_a_newer_version_waits_and_is_given_up_in_the_end(table):
    message = table.message("Hello")
    keep(table, "whatsapp_turns", message.id, {"state": "dreaming"})
    for _ in range(30):
        assert not settled(table, push(message))
    assert letters(table) == []
    give_up(push(message), "undeliverable: came too often", table.gateway.responder())
    (reason,) = letters(table)
    assert reason.startswith(f"newer_version: turn {message.id} is of a newer version")
    assert table.sent() == []


def test_a_spoilt_turn_is_a_dead_letter_and_the_next_message_is_answered(table):
    message = table.message("Hello")
    keep(table, "whatsapp_turns", message.id, {"state": "thinking", "attempt": "many"})
    assert settled(table, push(message))
    assert letters(table) == [f"document: turn {message.id} cannot be read: ValueError"]
    assert table.say("/help") == [HELP]


@pytest.mark.parametrize("parked", [{"state": "dreaming"}, {"state": "answered", "chunks": 5}])
def test_a_parked_answer_that_cannot_be_read_holds_up_nobody_and_is_kept(table, parked):
    assert table.say("/help") == [HELP]
    stores = table.gateway.stores()
    contact = table.message().address
    session = stores.conversations.read(contact, "").session
    good = stores.turns.claim(started(table.message("Hello"), "{}", *[session.last_active] * 2))[0]
    good = stores.turns.commit(moves.answer(good, ["kept for you"], *[session.last_active] * 2))
    stores.turns.commit(moves.park(good))
    keep(table, "whatsapp_turns", "SMspoilt", parked)
    both = list(replace(session, parked=("SMspoilt", good.id)).parked)
    with table.gateway.database().transaction() as connection:
        document, _ = Table(connection).read("whatsapp_sessions", contact)
        Table(connection).write("whatsapp_sessions", contact, document | {"parked": both})
    assert table.say("/help") == ["kept for you", HELP]
    assert stores.conversations.read(contact, "").session.parked == ("SMspoilt",)


class Publisher:
    """Publishes, but for some addresses, as a queue does that cannot hold them."""

    def __init__(self, publisher, refused):
        self._publisher, self._refused = publisher, refused

    def publish(self, message, *, fast=False):
        if message.address in self._refused:
            raise QueueError("an address that is no text")
        self._publisher.publish(message)


def claimed(table, message, payload=None):
    now = table.gateway.responder().clock()
    payload = encode(message)[0].decode() if payload is None else payload
    return table.gateway.stores().turns.claim(started(message, payload, now, now))[0]


def depth(table):
    return table.gateway.local_queue().depth()


def tick(table, **changes):
    requeuer = table.gateway.requeuer()
    clock = requeuer.clock
    return pick_up(replace(requeuer, clock=lambda: clock() + timedelta(minutes=2), **changes))


def test_one_turn_that_cannot_be_queued_keeps_no_other_from_it(table):
    people = [f"+1555000{number:04d}" for number in range(1, 6)]
    for person in people:
        claimed(table, table.message("Hello", person))
    publisher = Publisher(table.gateway.publisher(), people[:2])
    with pytest.raises(QueueError):
        tick(table, publisher=publisher)
    assert depth(table) == 3


@pytest.mark.parametrize("payload", ["", "{", "\ud83d", '{"version": 2}', '{"kind": "hologram"}'])
def test_one_turn_without_a_message_keeps_no_other_from_being_queued(table, payload):
    claimed(table, table.message("Hello"), payload)
    claimed(table, table.message("Hello", "+15550009999"))
    assert tick(table) == 1
    assert depth(table) == 1


@pytest.mark.parametrize("shortage", [no_descriptors, no_threads])
def test_a_shortage_of_our_own_is_no_excuse_and_the_message_comes_again(table, shortage):
    table.say("/help")
    message = table.message("Hello")
    with shortage():
        for _ in range(3):
            assert not settled(table, push(message))
    assert table.sent() == [HELP]
    assert letters(table) == []
    assert settled(table, push(message))
    _, answer = table.sent()
    assert "You said:\n\nHello" in answer


def test_an_assistant_that_is_gone_is_still_an_excuse(tmp_path):
    with local_gateway(tmp_path, url="http://127.0.0.1:9") as table:
        assert table.say("Hello") == [texts.REFUSED]
