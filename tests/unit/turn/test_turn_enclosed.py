"""Delivering media: a real store, a real sender, and the stand-in for Twilio over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from lib.errors import SendError, SendInDoubtError, SendRetryableError, TurnTakenError
from lib.model import (
    Catalogue,
    Chunk,
    ChunkKind,
    ChunkState,
    InboundMessage,
    Location,
    OutboundKind,
    OutboundMedia,
    TurnState,
)
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores import stores_on
from lib.turn import moves, stops
from lib.turn.deliver import deliver
from lib.turn.responder import Dispatch
from lib.twilio.sender import TwilioSender
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from tests.turns import started
from tests.watched import WatchedDocuments

pytestmark = pytest.mark.slow

SID, TOKEN = "AC" + "a" * 32, "token-of-the-account"
NUMBER, PERSON = "+14155238886", "+15551234567"
LEASE, SETTLING = timedelta(seconds=60), timedelta(seconds=5)

CAT = Chunk(
    "A cat (https://example.com/cat.png)",
    media=OutboundMedia(OutboundKind.PICTURE, "https://example.com/cat.png", "A cat", "cat.png"),
)
PAPER = Chunk(
    "Paper (https://example.com/p.pdf)",
    media=OutboundMedia(OutboundKind.FILE, "https://example.com/p.pdf", name="p.pdf"),
)
GATE = Chunk(
    "Gate (https://maps.example.com)",
    media=OutboundMedia(OutboundKind.PLACE, location=Location(52.5163, 13.3777, label="Gate")),
)
ANN = Chunk(
    "Ann: +491701234567",
    media=OutboundMedia(OutboundKind.CONTACT, name="Ann.vcf", words="BEGIN:VCARD"),
)
VOICE = Chunk(
    "", kind=ChunkKind.VOICE, media=OutboundMedia(OutboundKind.VOICE, words="Hello", language="en")
)
MADE = "https://example.com/made/1"


class PowerCutError(Exception):
    """The process ends here."""


class Gateway:
    """The last stage of the gateway and everything around it."""

    def __init__(self, account, url, database):
        self.account, self.url = account, url
        self.later, self.commits, self.fail_at = timedelta(), 0, {}
        self.asked, self.making = [], self.made
        storage = SqliteStorage(database, Catalogue(), self.now)
        self.stores = stores_on(WatchedDocuments(storage.documents, self._watch), self.now)
        self.sender = TwilioSender(SID, TOKEN, NUMBER, base_url=url, timeout=1)

    def _watch(self, operation, key):
        if (operation, key.collection) == ("write_if", "whatsapp_turns"):
            if error := self.fail_at.pop(self.commits, None):
                raise error
            self.commits += 1

    def now(self):
        return datetime.now(UTC) + self.later

    def until(self):
        return self.now() + LEASE

    def made(self, turn, chunk):
        """Make a medium as whoever speaks or keeps cards does: the same URL for the same chunk."""
        self.asked.append(chunk.media.kind)
        return replace(chunk.media, url=MADE)

    def _make(self, turn, chunk):
        return self.making(turn, chunk)

    def answer(self, texts, enclosed, message_id="SM1"):
        message = InboundMessage(id=message_id, address=PERSON, received_at=self.now())
        turn, _ = self.stores.turns.claim(started(message, "{}", self.now(), self.until()))
        answered = moves.answer(turn, texts, self.now(), self.until(), enclosed=enclosed)
        stored = self.stores.turns.commit(answered)
        self.commits = 0
        return stored

    def deliver(self, turn, *, fresh=True):
        dispatch = Dispatch(
            self.stores, self.sender, self.now, LEASE, SETTLING, 0.0, self.making and self._make
        )
        return deliver(turn, dispatch, fresh=fresh)

    def redeliver(self, turn_id="SM1"):
        """Do what a second worker does with the stored turn, after the lease."""
        self.later += LEASE + SETTLING
        turn = self.stores.turns.commit(moves.resume(self.stores.turns.find(turn_id), self.until()))
        self.commits = 0
        return self.deliver(turn, fresh=False)

    def until_delivered(self, turn=None):
        """Deliver as often as it takes, as the queue does."""
        for _ in range(6):
            try:
                turn = self.deliver(turn) if turn else self.redeliver()
            except (SendError, PowerCutError):
                turn = None
                continue
            return turn
        raise AssertionError("it does not come to its end")

    def received(self):
        """What the person got, in order: words, or where a medium is."""
        self.account.carrier.close()
        return [
            (one.media_urls[0] if one.media_urls else ("place" if one.place else ""), one.body)
            for one in self.account.messages.all()
        ]

    def fault(self, **fault):
        answer = requests.post(f"{self.url}/simulator/faults", json=fault, timeout=10)
        assert answer.status_code == 204, answer.text


@pytest.fixture
def gateway(tmp_path):
    account = Account(SID, TOKEN, frozenset({NUMBER}))
    database = Database(tmp_path / "gateway.db", create)
    with serve(create_app(account)) as server:
        yield Gateway(account, server.url, database)
        account.close()
    database.close()


SHOWN = {
    "picture": (CAT, ("https://example.com/cat.png", "A cat")),
    "file": (PAPER, ("https://example.com/p.pdf", "")),
    "place": (GATE, ("place", "Gate")),
    "contact": (ANN, (MADE, "")),
    "voice": (VOICE, (MADE, "")),
}
KINDS = pytest.mark.parametrize(("chunk", "shown"), SHOWN.values(), ids=SHOWN)
REFUSABLE = pytest.mark.parametrize("chunk", [CAT, PAPER, GATE, ANN], ids=lambda one: one.text)


def test_media_follow_the_text_each_once_and_in_their_order(gateway):
    turn = gateway.deliver(gateway.answer(["One", "Two"], [CAT, PAPER, GATE, ANN, VOICE]))
    assert gateway.received() == [
        ("", "One"),
        ("", "Two"),
        ("https://example.com/cat.png", "A cat"),
        ("https://example.com/p.pdf", ""),
        ("place", "Gate"),
        (MADE, ""),
        (MADE, ""),
    ]
    assert turn.state is TurnState.DELIVERED
    assert all(chunk.state is ChunkState.SENT for chunk in turn.chunks)


def test_an_answer_of_a_picture_alone_is_sent(gateway):
    assert gateway.deliver(gateway.answer([], [CAT])).state is TurnState.DELIVERED
    assert gateway.received() == [("https://example.com/cat.png", "A cat")]


def test_media_that_are_there_cost_a_commit_each_and_those_that_are_made_one_more(gateway):
    gateway.deliver(gateway.answer(["One"], [CAT, GATE]))
    assert gateway.commits == 3
    gateway.deliver(gateway.answer(["One"], [ANN], message_id="SM2"))
    assert gateway.commits == 3


@REFUSABLE
@pytest.mark.parametrize("code", [12300, 21620, 21623, 21617, 20001, 21999])
def test_a_medium_that_is_refused_becomes_its_text_once(gateway, chunk, code):
    answered = gateway.answer([], [chunk])
    gateway.fault(fault="error", code=code, status=400)
    turn = gateway.deliver(answered)
    assert gateway.received() == [("", chunk.text)]
    assert turn.state is TurnState.DELIVERED
    assert not turn.apologised
    assert gateway.stores.dead_letters.find("SM1") is None


@REFUSABLE
def test_a_text_that_is_refused_too_is_given_up_as_any(gateway, chunk):
    answered = gateway.answer([], [chunk])
    gateway.fault(fault="error", code=21620, status=400, times=2)
    turn = gateway.deliver(answered)
    assert turn.apologised
    assert gateway.stores.dead_letters.find("SM1").reason == "send_permanent 21620"


@pytest.mark.parametrize("code", [21610, 63003])
def test_who_cannot_be_reached_gets_no_text_instead_either(gateway, code):
    answered = gateway.answer([], [CAT])
    gateway.fault(fault="error", code=code, status=400)
    turn = gateway.deliver(answered)
    assert turn.state is TurnState.DEAD
    assert gateway.received() == []


@pytest.mark.parametrize("code", [21620, 21617, 21610, 63003, 21999])
def test_a_voice_that_is_refused_is_missed_by_nobody(gateway, code):
    answered = gateway.answer(["Hello"], [VOICE, CAT])

    def refuse(_):
        gateway.account.on_message = lambda _: None
        gateway.fault(fault="error", code=code, status=400)

    gateway.account.on_message = refuse
    turn = gateway.deliver(answered)
    assert [body for _, body in gateway.received()] == ["Hello", "A cat"]
    assert turn.state is TurnState.DELIVERED
    assert not turn.apologised
    assert gateway.stores.dead_letters.find("SM1") is None


STOPS = {
    "request lost": ({"fault": "cut_before"}, SendInDoubtError),
    "answer lost": ({"fault": "cut_after"}, SendInDoubtError),
    "server error": ({"fault": "error", "status": 503}, SendInDoubtError),
    "too many requests": ({"fault": "error", "status": 429}, SendRetryableError),
}


@KINDS
@pytest.mark.parametrize(("fault", "error"), STOPS.values(), ids=STOPS)
def test_wherever_a_send_stops_a_medium_arrives_once(gateway, chunk, shown, fault, error):
    answered = gateway.answer([], [chunk, PAPER])
    gateway.fault(**fault)
    with pytest.raises(error):
        gateway.deliver(answered)
    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.received() == [shown, SHOWN["file"][1]]


@KINDS
@pytest.mark.parametrize("at", range(4))
def test_whatever_commit_a_process_dies_at_a_medium_arrives_once(gateway, chunk, shown, at):
    answered = gateway.answer(["Hello"], [chunk, chunk])
    gateway.fail_at[at] = PowerCutError()
    assert gateway.until_delivered(answered).state is TurnState.DELIVERED
    assert gateway.received() == [("", "Hello"), shown, shown]


@KINDS
def test_the_same_medium_of_an_earlier_answer_is_not_taken_for_this_one(gateway, chunk, shown):
    gateway.deliver(gateway.answer([], [chunk], message_id="SM0"))
    answered = gateway.answer([], [chunk])
    gateway.fault(fault="cut_before")
    with pytest.raises(SendInDoubtError):
        gateway.deliver(answered)
    gateway.redeliver()
    assert gateway.received() == [shown, shown]


def test_words_are_not_taken_for_a_medium_with_this_caption_nor_the_reverse(gateway):
    answered = gateway.answer(["A cat"], [CAT])

    def strike(_):
        gateway.account.on_message = lambda _: None
        gateway.fail_at[gateway.commits] = PowerCutError()

    # The words are out, and nobody noted it: they are looked up, and the picture after them, too.
    gateway.account.on_message = strike
    assert gateway.until_delivered(answered).state is TurnState.DELIVERED
    assert gateway.received() == [("", "A cat"), ("https://example.com/cat.png", "A cat")]


@pytest.mark.parametrize("failing", ["nobody makes it", "nothing", "an error", "no address"])
@pytest.mark.parametrize("chunk", [ANN, VOICE], ids=["contact", "voice"])
def test_what_cannot_be_made_is_said_in_words_and_a_voice_is_not(gateway, chunk, failing):
    def broken(_turn, _chunk):
        raise RuntimeError("no words of it in the log")

    ways = {
        "nobody makes it": None,
        "nothing": lambda _turn, _chunk: None,
        "an error": broken,
        "no address": lambda _turn, chunk: chunk.media,
    }
    gateway.making = ways[failing]
    turn = gateway.deliver(gateway.answer(["Hello"], [chunk, PAPER]))
    instead = [("", chunk.text)] if chunk.text else []
    assert gateway.received() == [("", "Hello"), *instead, SHOWN["file"][1]]
    assert turn.state is TurnState.DELIVERED
    assert not turn.apologised
    assert gateway.stores.dead_letters.find("SM1") is None


def test_what_is_made_is_made_when_its_time_comes_and_no_text_waits_for_it(gateway):
    seen = []

    def watch(turn, chunk):
        seen.append(gateway.received())
        return gateway.made(turn, chunk)

    gateway.making = watch
    gateway.deliver(gateway.answer(["Hello"], [VOICE]))
    assert seen == [[("", "Hello")]]


@pytest.mark.parametrize("seconds", [15, 45])
def test_making_takes_its_time_and_the_turn_stays_ours(gateway, seconds):
    def slowly(turn, chunk):
        gateway.later += timedelta(seconds=seconds)
        return gateway.made(turn, chunk)

    gateway.making = slowly
    turn = gateway.deliver(gateway.answer(["Hello"], [VOICE, ANN]))
    assert turn.state is TurnState.DELIVERED
    assert len(gateway.received()) == 3


def test_what_took_so_long_that_somebody_else_made_it_is_not_sent_again(gateway):
    answered = gateway.answer([], [VOICE])

    def hang(turn, chunk):
        gateway.making = gateway.made
        assert gateway.redeliver().state is TurnState.DELIVERED
        return gateway.made(turn, chunk)

    gateway.making = hang
    with pytest.raises(TurnTakenError):
        gateway.deliver(answered)
    assert gateway.received() == [(MADE, "")]


def test_what_is_stopped_while_it_is_made_is_not_sent(gateway):
    def stopped(turn, chunk):
        stored = gateway.stores.turns.find(turn.id)
        gateway.stores.turns.commit(stops.stop(stored, "SM9"))
        return gateway.made(turn, chunk)

    gateway.making = stopped
    turn = gateway.deliver(gateway.answer(["Hello"], [VOICE, PAPER]))
    assert gateway.received() == [("", "Hello")]
    assert turn.state is TurnState.DELIVERED
    assert [one.state for one in turn.chunks[1:]] == [ChunkState.GIVEN_UP] * 2


def test_what_is_found_is_not_made_again(gateway):
    answered = gateway.answer([], [VOICE])
    gateway.fault(fault="cut_after")
    with pytest.raises(SendInDoubtError):
        gateway.deliver(answered)
    gateway.asked.clear()
    assert gateway.redeliver().state is TurnState.DELIVERED
    assert gateway.asked == []


@pytest.mark.parametrize("chunk", [CAT, VOICE], ids=["picture", "voice"])
def test_a_doubt_that_nobody_resolves_ends(gateway, chunk):
    answered = gateway.answer(["Hello"], [chunk])

    def lose(_):
        gateway.account.on_message = lambda _: None
        gateway.fault(fault="cut_before")

    gateway.account.on_message = lose
    with pytest.raises(SendInDoubtError):
        gateway.deliver(answered)
    gateway.later += timedelta(minutes=31)
    gateway.fault(fault="error", operation="list")
    turn = gateway.redeliver()
    is_voice = chunk is VOICE
    assert turn.apologised is not is_voice
    assert len(gateway.received()) == (1 if is_voice else 2)
    assert (gateway.stores.dead_letters.find("SM1") is None) is is_voice
