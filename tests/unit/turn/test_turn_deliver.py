"""Delivering a reply: a real store, a real sender, and the stand-in for Twilio over HTTP."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from lib.errors import (
    SendConfigurationError,
    SendInDoubtError,
    SendRetryableError,
    StoreError,
    TurnTakenError,
)
from lib.model import (
    Catalogue,
    ChunkState,
    DeliveryReport,
    DeliveryState,
    InboundMessage,
    Turn,
    TurnState,
)
from lib.ports.documents import Key
from lib.reply.texts import PART_LOST
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import Table, create
from lib.storage.stores import stores_on
from lib.turn import moves
from lib.turn.deliver import LONGEST_SEND, deliver
from lib.turn.doubt import LONGEST_DOUBT
from lib.turn.moves import Verdict
from lib.turn.refused import SMALLER_UNITS
from lib.turn.responder import Dispatch
from lib.twilio.sender import TwilioSender
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from tests.stores import commit_sent
from tests.turns import started
from tests.watched import WatchedDocuments

SID = "AC" + "a" * 32
TOKEN = "token-of-the-account"
NUMBER = "+14155238886"
PERSON = "+15551234567"
LEASE = timedelta(seconds=60)
SETTLING = timedelta(seconds=5)
PAYLOAD = '{"queued": "message"}'


class PowerCutError(Exception):
    """The process ends here."""


class Gateway:
    """The last stage of the gateway and everything around it."""

    def __init__(self, account: Account, url: str, database: Database) -> None:
        self.account = account
        self.url = url
        self.database = database
        self.later = timedelta()
        self.chunk_wait = 0.0
        self.commits = 0
        self.fail_at: dict[int, Exception] = {}
        storage = SqliteStorage(database, Catalogue(), self.now)
        self.stores = stores_on(WatchedDocuments(storage.documents, self._watch), self.now)
        self.sender = TwilioSender(SID, TOKEN, NUMBER, base_url=url, timeout=1)

    def _watch(self, operation: str, key: Key) -> None:
        """Count commits, and fail where it is told to."""
        if (operation, key.collection) == ("write_if", "whatsapp_turns"):
            if error := self.fail_at.pop(self.commits, None):
                raise error
            self.commits += 1

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def until(self) -> datetime:
        return self.now() + LEASE

    def answer(self, *texts: str, message_id: str = "SM1") -> Turn:
        """Do what comes before: claim a turn and store its answer."""
        message = InboundMessage(id=message_id, address=PERSON, received_at=self.now())
        turn, ours = self.stores.turns.claim(started(message, PAYLOAD, self.now(), self.until()))
        assert ours
        answered = self.stores.turns.commit(moves.answer(turn, texts, self.now(), self.until()))
        self.commits = 0
        return answered

    def deliver(self, turn: Turn, *, fresh: bool = True) -> Turn:
        dispatch = Dispatch(self.stores, self.sender, self.now, LEASE, SETTLING, self.chunk_wait)
        return deliver(turn, dispatch, fresh=fresh)

    def stored(self, turn_id: str = "SM1") -> Turn:
        message = InboundMessage(id=turn_id, address=PERSON, received_at=self.now())
        return self.stores.turns.claim(started(message, PAYLOAD, self.now(), self.until()))[0]

    def redeliver(self, turn_id: str = "SM1") -> Turn:
        """Do what a second worker does with the stored turn."""
        turn = self.stores.turns.commit(moves.resume(self.stored(turn_id), self.until()))
        self.commits = 0
        return self.deliver(turn, fresh=False)

    def received(self) -> list[str]:
        """What the person got, in order."""
        return [message.body for message in self.account.messages.all()]

    def fault(self, **fault: Any) -> None:
        answer = requests.post(f"{self.url}/simulator/faults", json=fault, timeout=10)
        assert answer.status_code == 204, answer.text

    def document(self, collection: str, document_id: str) -> dict[str, Any]:
        with self.database.reading() as connection:
            found = Table(connection).read(collection, document_id)
        assert found is not None
        return dict(found[0])


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    account = Account(SID, TOKEN, frozenset({NUMBER}))
    database = Database(tmp_path / "gateway.db", create)
    with serve(create_app(account)) as server:
        yield Gateway(account, server.url, database)
        account.close()
    database.close()


def test_chunks_arrive_in_order_and_the_turn_is_delivered(gateway: Gateway) -> None:
    turn = gateway.deliver(gateway.answer("one", "two", "three"))

    assert gateway.received() == ["one", "two", "three"]
    assert turn.state is TurnState.DELIVERED
    sids = [message.sid for message in gateway.account.messages.all()]
    assert [chunk.sid for chunk in turn.chunks] == sids
    assert gateway.stored() == turn


def test_each_chunk_costs_one_commit(gateway: Gateway) -> None:
    gateway.deliver(gateway.answer("one", "two", "three"))

    assert gateway.commits == 3


def test_a_chunk_is_marked_as_being_sent_before_it_is_sent(gateway: Gateway) -> None:
    states: list[tuple[ChunkState, ...]] = []

    def look(_: object) -> None:
        states.append(tuple(chunk.state for chunk in gateway.stored().chunks))

    gateway.account.on_message = look
    gateway.deliver(gateway.answer("one", "two"))

    assert states == [
        (ChunkState.SENDING, ChunkState.WAITING),
        (ChunkState.SENT, ChunkState.SENDING),
    ]


def test_the_status_of_a_sent_chunk_finds_its_way_to_the_turn(gateway: Gateway) -> None:
    turn = gateway.deliver(gateway.answer("one"))

    report = gateway.stores.deliveries.record(
        DeliveryReport(turn.chunks[0].sid, DeliveryState.DELIVERED)
    )

    assert report.turn_id == turn.id


def test_a_fresh_chunk_is_not_looked_up(gateway: Gateway) -> None:
    gateway.fault(fault="error", operation="list", times=9)

    assert gateway.deliver(gateway.answer("one", "two")).state is TurnState.DELIVERED


def test_a_settled_turn_is_left_alone(gateway: Gateway) -> None:
    turn = gateway.deliver(gateway.answer("one"))
    gateway.commits = 0

    assert gateway.deliver(turn, fresh=False) == turn
    assert gateway.commits == 0
    assert gateway.received() == ["one"]


def test_an_answer_without_words_is_delivered_at_once(gateway: Gateway) -> None:
    turn = gateway.deliver(gateway.answer())

    assert turn.state is TurnState.DELIVERED
    assert gateway.received() == []


def test_what_was_surely_not_sent_is_sent_by_the_next_worker(gateway: Gateway) -> None:
    gateway.fault(fault="error", code=20429, status=429)
    answered = gateway.answer("one", "two")

    with pytest.raises(SendRetryableError):
        gateway.deliver(answered)

    waiting = gateway.stored()
    assert [chunk.state for chunk in waiting.chunks] == [ChunkState.WAITING] * 2
    assert moves.judge(waiting, gateway.now()) is Verdict.RESUME
    # No doubt, so no look-up, which would fail here.
    gateway.fault(fault="error", operation="list", times=9)
    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["one", "two"]


STOPS = [
    pytest.param({"fault": "cut_before"}, SendInDoubtError, id="request lost"),
    pytest.param({"fault": "cut_after"}, SendInDoubtError, id="answer lost"),
    pytest.param({"fault": "time_out"}, SendInDoubtError, id="silence, not taken"),
    pytest.param({"fault": "delay"}, SendInDoubtError, id="silence, taken"),
    pytest.param({"fault": "error", "status": 503}, SendInDoubtError, id="server error"),
    pytest.param({"fault": "error", "status": 429}, SendRetryableError, id="too many requests"),
    pytest.param({"fault": "error", "status": 401}, SendConfigurationError, id="wrong token"),
]


@pytest.mark.slow
@pytest.mark.parametrize("texts", [("one", "two", "three"), ("same", "same", "same")])
@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize(("fault", "error"), STOPS)
def test_wherever_a_send_stops_each_chunk_arrives_once_and_in_order(
    gateway: Gateway,
    texts: tuple[str, ...],
    at: int,
    fault: dict[str, Any],
    error: type[Exception],
) -> None:
    answered = gateway.answer(*texts)
    strike_at(gateway, at, lambda: gateway.fault(**fault))

    with pytest.raises(error):
        gateway.deliver(answered)
    turn = gateway.redeliver()

    assert gateway.received() == list(texts)
    assert turn.state is TurnState.DELIVERED
    sids = [message.sid for message in gateway.account.messages.all()]
    assert [chunk.sid for chunk in turn.chunks] == sids


def strike_at(gateway: Gateway, at: int, strike: Callable[[], None]) -> None:
    """Strike just before the chunk with this index is sent."""
    if at == 0:
        strike()
        return

    def count(_: object) -> None:
        if len(gateway.received()) == at:
            strike()

    gateway.account.on_message = count


@pytest.mark.parametrize("texts", [("one", "two", "three"), ("same", "same", "same")])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_crash_between_send_and_commit_repeats_nothing(
    gateway: Gateway, texts: tuple[str, ...], at: int
) -> None:
    answered = gateway.answer(*texts)
    gateway.fail_at[at] = PowerCutError()

    with pytest.raises(PowerCutError):
        gateway.deliver(answered)
    assert gateway.received() == list(texts[: at + 1])
    turn = gateway.redeliver()

    assert gateway.received() == list(texts)
    assert turn.state is TurnState.DELIVERED


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_crash_between_commit_and_send_loses_nothing(gateway: Gateway, at: int) -> None:
    turn = gateway.answer("same", "same", "same")
    for _ in range(at):
        sid = gateway.sender.send(PERSON, "same")
        closed = moves.close(turn, sid, gateway.now(), gateway.until())
        turn = commit_sent(gateway.stores, closed, sid)

    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["same"] * 3


def test_a_second_crash_at_the_same_chunk_repeats_nothing(gateway: Gateway) -> None:
    answered = gateway.answer("one", "two")
    gateway.fail_at[0] = PowerCutError()
    with pytest.raises(PowerCutError):
        gateway.deliver(answered)
    turn = gateway.stores.turns.commit(moves.resume(gateway.stored(), gateway.until()))
    gateway.fail_at[gateway.commits] = PowerCutError()

    with pytest.raises(PowerCutError):
        gateway.deliver(turn, fresh=False)

    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["one", "two"]


@pytest.mark.parametrize("later", [timedelta(), timedelta(minutes=1)])
def test_an_earlier_reply_with_the_same_words_is_not_taken_for_this_one(
    gateway: Gateway, later: timedelta
) -> None:
    gateway.deliver(gateway.answer("Hello", message_id="SM0"))
    gateway.later = later
    answered = gateway.answer("Hello")
    gateway.fault(fault="cut_before")

    with pytest.raises(SendInDoubtError):
        gateway.deliver(answered)
    gateway.redeliver()

    assert gateway.received() == ["Hello", "Hello"]


def test_a_look_up_that_fails_keeps_the_doubt(gateway: Gateway) -> None:
    answered = gateway.answer("one")
    gateway.fault(fault="cut_after")
    with pytest.raises(SendInDoubtError):
        gateway.deliver(answered)
    gateway.fault(fault="error", operation="list", status=503)

    with pytest.raises(SendRetryableError):
        gateway.redeliver()

    assert gateway.stored().chunks[0].state is ChunkState.SENDING
    settled = gateway.now() + SETTLING
    assert moves.judge(gateway.stored(), settled) is Verdict.RESUME
    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["one"]


def test_wrong_settings_lose_nothing(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.fault(fault="error", code=63007, status=400)
    answered = gateway.answer("one")

    with pytest.raises(SendConfigurationError):
        gateway.deliver(answered)

    (record,) = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert vars(record)["provider_code"] == "63007"
    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["one"]


def test_a_refusal_for_good_ends_the_turn_with_a_dead_letter(gateway: Gateway) -> None:
    answered = gateway.answer("one", "two", "three")
    strike_at(gateway, 1, lambda: gateway.fault(fault="error", code=21610, status=400))

    turn = gateway.deliver(answered)

    assert turn.state is TurnState.DEAD
    assert gateway.received() == ["one"]
    letter = gateway.document("dead_letters", turn.id)
    assert letter["reason"] == "send_unreachable 21610"
    assert letter["payload"] == PAYLOAD
    assert letter["trace_id"] == turn.trace_id
    assert moves.judge(gateway.stored(), gateway.now()) is Verdict.DONE


@pytest.mark.parametrize("code", [21617, 21658])
def test_a_chunk_that_the_provider_finds_too_long_is_split_once_more(
    gateway: Gateway, code: int
) -> None:
    long = " ".join(f"word{number}" for number in range(170))
    assert SMALLER_UNITS < len(long) < 1600
    answered = gateway.answer("before", long, "after")
    strike_at(gateway, 1, lambda: gateway.fault(fault="error", code=code, status=400))

    turn = gateway.deliver(answered)

    first, *pieces, last = gateway.received()
    assert (first, last) == ("before", "after")
    assert len(pieces) == 2
    assert " ".join(pieces).split() == long.split()
    assert all(len(piece) <= SMALLER_UNITS for piece in pieces)
    assert turn.state is TurnState.DELIVERED
    assert [chunk.text for chunk in turn.chunks] == ["before", *pieces, "after"]


def test_a_small_chunk_that_is_found_too_long_is_refused_for_good(gateway: Gateway) -> None:
    gateway.fault(fault="error", code=21617, status=400)

    turn = gateway.deliver(gateway.answer("short"))

    assert turn.state is TurnState.DELIVERED
    assert gateway.received() == [PART_LOST]
    letter = gateway.document("dead_letters", turn.id)
    assert letter["reason"] == "send_too_long 21617"


def test_pieces_that_are_still_too_long_are_not_split_for_ever(gateway: Gateway) -> None:
    gateway.fault(fault="error", code=21617, status=400, times=9)

    turn = gateway.deliver(gateway.answer("word " * 300))

    assert turn.state is TurnState.DEAD
    assert gateway.received() == []


def test_a_worker_that_was_replaced_stops_after_one_chunk(gateway: Gateway) -> None:
    answered = gateway.answer("one", "two")
    gateway.stores.turns.commit(moves.resume(answered, gateway.until()))

    with pytest.raises(TurnTakenError):
        gateway.deliver(answered)

    assert gateway.received() == ["one"]


def test_a_store_that_is_away_after_a_send_leaves_doubt_and_no_repeat(gateway: Gateway) -> None:
    answered = gateway.answer("one", "two")
    gateway.fail_at[0] = StoreError("away")

    with pytest.raises(StoreError):
        gateway.deliver(answered)

    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["one", "two"]


def test_each_send_leaves_one_record_without_words_or_number(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lib")

    turn = gateway.deliver(gateway.answer("a secret", "another secret"))

    records = [vars(r) for r in caplog.records if r.name == "lib.turn.deliver"]
    assert [r["msg"] for r in records] == ["chunk sent", "chunk sent"]
    assert [(r["chunk"], r["chunks"]) for r in records] == [(1, 2), (2, 2)]
    assert [r["sid"] for r in records] == [chunk.sid for chunk in turn.chunks]
    assert {r["trace_id"] for r in records} == {"whatsapp-SM1"}
    assert {r["contact"] for r in records} == {"…4567"}
    assert all(0 <= r["elapsed_ms"] < 10_000 for r in records)
    assert "secret" not in str(records)
    assert "5551234567" not in str(records)


def test_the_next_chunk_waits_until_the_one_before_is_reported_as_sent(gateway: Gateway) -> None:
    gateway.chunk_wait = 60.0
    moments: list[float] = []

    def report(message: Any) -> None:
        moments.append(time.monotonic())
        sent = DeliveryReport(message.sid, DeliveryState.SENT)
        threading.Timer(0.5, gateway.stores.deliveries.record, (sent,)).start()

    gateway.account.on_message = report
    gateway.deliver(gateway.answer("one", "two", "three"))

    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert all(0.5 <= gap < 30 for gap in gaps), gaps


def test_without_a_report_the_next_chunk_waits_for_a_while_only(gateway: Gateway) -> None:
    gateway.chunk_wait = 0.6
    started = time.monotonic()

    assert gateway.deliver(gateway.answer("one", "two")).state is TurnState.DELIVERED
    assert 0.6 <= time.monotonic() - started < 30


def test_nothing_is_sent_behind_a_chunk_that_failed(gateway: Gateway) -> None:
    gateway.chunk_wait = 5.0

    def report(message: Any) -> None:
        failed = DeliveryReport(message.sid, DeliveryState.FAILED, "63016")
        gateway.stores.deliveries.record(failed)

    gateway.account.on_message = report
    turn = gateway.deliver(gateway.answer("one", "two"))

    assert turn.state is TurnState.ANSWERED
    assert gateway.received() == ["one"]
    assert moves.judge(turn, gateway.now()) is Verdict.RESUME
    assert gateway.redeliver().state is TurnState.ANSWERED
    assert gateway.received() == ["one"]


def test_a_doubt_that_no_look_up_ends_is_given_up_visibly(gateway: Gateway) -> None:
    answered = gateway.answer("one", "two")
    gateway.fault(fault="cut_before")
    with pytest.raises(SendInDoubtError):
        gateway.deliver(answered)
    gateway.fault(fault="error", operation="list", status=503, times=99)
    with pytest.raises(SendRetryableError):
        gateway.redeliver()
    gateway.later = LONGEST_DOUBT + timedelta(seconds=1)

    turn = gateway.redeliver()

    assert turn.state is TurnState.DELIVERED
    assert gateway.received() == [PART_LOST]
    assert gateway.document("dead_letters", turn.id)["reason"].startswith("send_retryable")


def test_a_worker_that_was_held_up_begins_no_send(gateway: Gateway) -> None:
    answered = gateway.answer("one")
    gateway.later = LEASE - LONGEST_SEND + timedelta(seconds=1)

    with pytest.raises(TurnTakenError):
        gateway.deliver(answered)

    assert gateway.received() == []
    gateway.later = LEASE
    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == ["one"]


@pytest.mark.parametrize("code", [21610, 63024, 63014])
def test_a_contact_that_opted_out_is_marked(gateway: Gateway, code: int) -> None:
    gateway.fault(fault="error", code=code, status=400)
    gateway.deliver(gateway.answer("one"))
    assert gateway.document("whatsapp_sessions", PERSON)["unreachable"] == str(code)
