"""Media that were taken and then failed on their way, on a whole gateway over real HTTP."""

import base64
import json
from datetime import timedelta

import pytest

from lib.model import Chunk, ChunkKind, ChunkState, OutboundKind, OutboundMedia, TurnState
from lib.queue.envelope import encode
from lib.turn import moves
from tests.local_gateway import ANN
from tests.reports import line
from tests.turns import started

pytestmark = pytest.mark.slow

CAT, DOG = "https://example.com/cat.png", "https://example.com/dog.png"
SORRY = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)
CONTENT = ["63019", "63021", "63005", "12300", "", "63060"]
PASSING = ["63018", "63010"]
VOICE = Chunk(
    "",
    kind=ChunkKind.VOICE,
    media=OutboundMedia(OutboundKind.VOICE, "https://example.com/answer.mp3", words="Hello"),
)


@pytest.fixture
def gateway(tmp_path):
    with line(tmp_path) as ready:
        yield ready


def ask(gateway, *media):
    gateway.said.media = media
    return gateway.ask(1)


def came(gateway):
    """What came behind the first part: where a medium is, or words."""
    messages = gateway.local.account.messages.all()
    return [(*one.media_urls, one.body)[0] for one in messages][1:]


def fail(gateway, index, code):
    """Twilio reports that a message failed, and what follows of that follows."""
    gateway.report(gateway.sids()[index], "undelivered", code)
    gateway.hand_over()
    gateway.pass_time(minutes=1)


def pushed(message):
    """A message as Pub/Sub pushes it."""
    data, _ = encode(message)
    wrapped = {"data": base64.b64encode(data).decode(), "messageId": "1"}
    return json.dumps({"message": wrapped, "subscription": "s"}).encode()


def spoken(gateway, *texts, behind=()):
    """A turn of these texts with a voice behind them, as it is stored; delivered."""
    message = gateway.local.message("Say it")
    payload, now = encode(message)[0].decode(), gateway.now()
    turn, _ = gateway.stores.turns.claim(started(message, payload, now, now))
    answer = moves.answer(turn, texts, now, now, enclosed=(VOICE, *behind))
    gateway.stores.turns.commit(answer)
    gateway.local.gateway.publisher().publish(message)
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.DELIVERED
    return message


@pytest.mark.parametrize("code", CONTENT + PASSING)
def test_a_picture_that_fails_is_followed_by_its_link_once(gateway, code):
    message = ask(gateway, f"![A cat]({CAT})")
    gateway.report(gateway.sids()[1], "undelivered", code)
    gateway.hand_over()
    for _ in range(3):
        gateway.pass_time(minutes=5)
        gateway.report(gateway.sids()[1], "undelivered", code)
    assert came(gateway) == [CAT, f"A cat ({CAT})"]
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert gateway.letter(message) == ""


def test_several_that_fail_are_followed_by_their_links_in_their_order(gateway):
    ask(gateway, f"![A cat]({CAT})", f"![A dog]({DOG})")
    for sid in gateway.sids()[:0:-1]:
        gateway.report(sid, "failed", "63019")
    for _ in range(4):
        gateway.pass_time(minutes=5)
    assert came(gateway) == [CAT, DOG, f"A cat ({CAT})", f"A dog ({DOG})"]


def test_a_link_that_fails_in_its_turn_is_given_up_with_an_apology(gateway):
    message = ask(gateway, f"![A cat]({CAT})")
    fail(gateway, 1, "63019")
    fail(gateway, 2, "63021")
    assert came(gateway) == [CAT, f"A cat ({CAT})", SORRY]
    assert gateway.letter(message) == "undelivered 63021"


@pytest.mark.parametrize("arrived", ["delivered", "read"])
def test_a_picture_that_arrived_after_all_is_followed_by_nothing(gateway, arrived):
    message = ask(gateway, f"![A cat]({CAT})")
    sid = gateway.sids()[1]
    gateway.report(sid, "undelivered", "63019")
    gateway.hand_over()
    gateway.report(sid, arrived)
    gateway.pass_time(minutes=5)
    assert came(gateway) == [CAT]
    assert gateway.turn(message).state is TurnState.DELIVERED


def test_a_place_that_is_refused_is_a_link_to_a_map(gateway):
    ask(gateway, "[Gate](geo:52.5163,13.3777)")
    fail(gateway, 1, "63021")
    assert came(gateway) == [
        "Gate",
        "Gate (https://www.google.com/maps/search/?api=1&query=52.5163,13.3777)",
    ]


def test_a_picture_outside_the_window_waits_and_comes_as_its_link(gateway):
    message = ask(gateway, f"![A cat]({CAT})")
    gateway.report(gateway.sids()[1], "undelivered", "63016")
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.PARKED
    gateway.said.media = ()
    gateway.ask(1)
    assert came(gateway)[:2] == [CAT, f"A cat ({CAT})"]
    assert gateway.turn(message).state is TurnState.DELIVERED


@pytest.mark.parametrize("code", [*CONTENT, *PASSING, "63016", "63024", "63003", "63051", "21610"])
def test_a_voice_that_fails_is_missed_by_nobody(gateway, code):
    message = spoken(gateway, "Hello")
    voice = gateway.sids()[1]
    for _ in range(3):
        gateway.report(voice, "undelivered", code)
        gateway.pass_time(minutes=5)
    assert gateway.local.sent() == ["Hello", ""]
    turn = gateway.turn(message)
    assert turn.state is TurnState.DELIVERED
    assert turn.chunks[1].state is ChunkState.GIVEN_UP
    assert gateway.letter(message) == ""
    assert gateway.stores.conversations.read(ANN, "").session is None
    assert gateway.waiting == []


def test_a_voice_that_arrived_after_all_counts_as_sent(gateway):
    message = spoken(gateway, "Hello")
    hello, voice = gateway.sids()
    gateway.report(voice, "undelivered", "63019")
    gateway.hand_over()
    gateway.report(voice, "delivered")
    gateway.report(hello, "undelivered", "63018")
    gateway.pass_time(minutes=1)
    gateway.pass_time(minutes=1)
    assert gateway.local.sent() == ["Hello", "", "Hello"]
    assert gateway.turn(message).state is TurnState.DELIVERED


def test_a_text_that_failed_beside_a_voice_that_failed_is_told_of_once(gateway):
    message = spoken(gateway, "Hello")
    hello, voice = gateway.sids()
    gateway.report(voice, "undelivered", "63019")
    gateway.report(hello, "undelivered", "63021")
    for _ in range(3):
        gateway.pass_time(minutes=5)
    assert gateway.local.sent() == ["Hello", "", SORRY]
    assert gateway.letter(message) == "undelivered 63021"


def test_a_replay_speaks_nothing_again(gateway):
    message = spoken(gateway, "Hello")
    hello, voice = gateway.sids()
    gateway.report(voice, "undelivered", "63019")
    gateway.report(hello, "undelivered", "63021")
    gateway.pass_time(minutes=5)
    gateway.replay(message)
    assert gateway.local.sent() == ["Hello", "", SORRY, "Hello"]


def test_with_its_text_a_voice_that_waits_is_parked_away(gateway):
    message = gateway.local.message("Say it")
    payload, now = encode(message)[0].decode(), gateway.now()
    turn, _ = gateway.stores.turns.claim(started(message, payload, now, now))
    answer = moves.answer(turn, ["Hello"], now, now, enclosed=[VOICE])
    gateway.stores.turns.commit(answer)
    left = moves.park(answer)
    assert left.state is TurnState.PARKED
    assert [one.state for one in left.chunks] == [ChunkState.WAITING, ChunkState.GIVEN_UP]


def test_a_voice_alone_is_never_parked(gateway):
    message = gateway.local.message("Say it")
    now = gateway.now()
    turn = started(message, "{}", now, now)
    answer = moves.answer(turn, ["Hello"], now, now, enclosed=[VOICE])
    sent = moves.let_go(moves.close(answer, "SM1", now, now), now, in_doubt=False)
    assert moves.park(sent).state is TurnState.DELIVERED


def test_what_the_queue_gives_up_while_a_voice_is_left_is_done(gateway):
    message = gateway.local.message("Say it")
    payload, now = encode(message)[0].decode(), gateway.now()
    turn, _ = gateway.stores.turns.claim(started(message, payload, now, now))
    answer = moves.answer(turn, ["Hello"], now, now, enclosed=[VOICE])
    sent = moves.close(answer, "SM" + "2" * 32, now, now - timedelta(minutes=1))
    gateway.stores.turns.commit(sent)
    gateway.local.gateway.give_up(pushed(message), "too often")
    assert gateway.local.sent() == []
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert gateway.letter(message) == ""
