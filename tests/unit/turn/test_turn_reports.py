"""Status callbacks that contradict one another, on a whole gateway over real HTTP."""

import pytest

from lib.model import ChunkState, InboundMessage, TurnState
from lib.turn import moves
from tests.local_gateway import ANN
from tests.reports import line
from tests.stores import commit_sent

pytestmark = pytest.mark.slow

SORRY = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)
CONTENT_CODES = ["63021", "63005", "63013", "63019", "63022", "63030"]
UNKNOWN_CODES = ["", "30008", "63023", "63025", "63060", "12", "none", "999999999999"]
CONTACT_CODES = ["21610", "63003", "63014", "63015", "63024", "63049"]
POSITIONS = [(parts, index) for parts in (1, 2, 3) for index in range(parts)]


@pytest.fixture
def gateway(tmp_path):
    with line(tmp_path) as ready:
        yield ready


def sorries(gateway):
    return gateway.local.sent().count(SORRY)


@pytest.mark.parametrize("code", [*CONTENT_CODES, *UNKNOWN_CODES])
def test_an_answer_of_one_part_that_failed_is_followed_by_the_apology_once(gateway, code):
    message = gateway.ask(1)
    (sid,) = gateway.sids()
    gateway.report(sid, "sent")
    gateway.report(sid, "undelivered", code)
    gateway.hand_over()
    assert gateway.local.sent()[1:] == [SORRY]
    assert gateway.letter(message) == f"undelivered {code}".rstrip()
    for _ in range(3):
        gateway.report(sid, "undelivered", code)
        gateway.pass_time(minutes=10)
    assert sorries(gateway) == 1
    assert gateway.turn(message).state is TurnState.DELIVERED


@pytest.mark.parametrize("status", ["failed", "undelivered", "canceled"])
@pytest.mark.parametrize(("parts", "index"), POSITIONS)
def test_the_apology_goes_out_whichever_part_failed(gateway, status, parts, index):
    message = gateway.ask(parts)
    gateway.report(gateway.sids()[index], status, "63021")
    gateway.hand_over()
    assert len(gateway.local.sent()) == parts + 1
    assert gateway.local.sent()[-1] == SORRY
    assert gateway.letter(message) == "undelivered 63021"
    assert gateway.turn(message).state is TurnState.DELIVERED


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_where_every_part_failed_one_apology_goes_out(gateway, order):
    message = gateway.ask(3)
    sids = gateway.sids()
    for index in order:
        gateway.report(sids[index], "undelivered", "63021")
    gateway.hand_over()
    gateway.pass_time(minutes=5)
    assert gateway.local.sent()[3:] == [SORRY]
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert [c.state for c in gateway.turn(message).chunks[:3]] == [ChunkState.GIVEN_UP] * 3


def test_parts_that_failed_for_different_reasons_leave_nobody_without_a_word(gateway):
    gateway.ask(3)
    first, second, third = gateway.sids()
    gateway.report(first, "undelivered", "63018")
    gateway.report(second, "undelivered", "63021")
    gateway.report(third, "failed", "63010")
    for _ in range(8):
        gateway.pass_time(seconds=45)
    assert sorries(gateway) == 1


def test_the_apology_itself_is_sent_again_and_never_apologised_for(gateway):
    message = gateway.ask(1)
    gateway.report(gateway.sids()[0], "undelivered", "63021")
    gateway.hand_over()
    gateway.report(gateway.sids()[1], "undelivered", "63018")
    gateway.hand_over()
    gateway.pass_time(seconds=11)
    assert gateway.local.sent()[1:] == [SORRY, SORRY]
    gateway.report(gateway.sids()[2], "undelivered", "63021")
    gateway.hand_over()
    gateway.pass_time(minutes=5)
    assert sorries(gateway) == 2
    assert gateway.turn(message).state is TurnState.DEAD


def test_the_apology_for_what_failed_too_often_goes_out(gateway):
    gateway.ask(1)
    for _ in range(4):
        gateway.report(gateway.sids()[-1], "undelivered", "63018")
        gateway.hand_over()
        gateway.pass_time(minutes=1)
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1"] * 4 + [SORRY[:6]]


@pytest.mark.parametrize("arrived", ["delivered", "read"])
@pytest.mark.parametrize("status", ["failed", "undelivered"])
@pytest.mark.parametrize("code", ["63021", "63018", "63016", "63024", "63051", "", "63060"])
def test_a_failure_of_what_has_arrived_is_acted_upon_by_nobody(gateway, arrived, status, code):
    message = gateway.ask(1)
    (sid,) = gateway.sids()
    for _ in range(2):
        gateway.report(sid, arrived)
        gateway.report(sid, status, code)
        gateway.hand_over()
        gateway.pass_time(minutes=30)
    assert len(gateway.local.sent()) == 1
    assert gateway.letter(message) == ""
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert gateway.waiting == []
    assert gateway.stores.conversations.read(ANN, "").session.unreachable == ""


@pytest.mark.parametrize("arrived", ["delivered", "read"])
@pytest.mark.parametrize("code", ["63018", "63010", "30001"])
@pytest.mark.parametrize("way", ["queue", "tick"])
def test_what_arrives_before_it_is_sent_again_is_not_sent_again(gateway, arrived, code, way):
    message = gateway.ask(2)
    sid = gateway.sids()[1]
    gateway.report(sid, "undelivered", code)
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.ANSWERED
    gateway.report(sid, arrived)
    if way == "tick":
        gateway.waiting.clear()
        gateway.pass_time(minutes=3)
    else:
        gateway.pass_time(seconds=11)
    assert len(gateway.local.sent()) == 2
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert gateway.turn(message).chunks[1].sid == sid
    gateway.report(sid, "undelivered", code)
    gateway.pass_time(minutes=30)
    assert len(gateway.local.sent()) == 2


def test_what_arrives_before_the_apology_makes_it_needless(gateway):
    message = gateway.ask(1)
    (sid,) = gateway.sids()
    gateway.local.fault(fault="error", code=63007, status=400)
    gateway.report(sid, "undelivered", "63021")
    gateway.hand_over()
    gateway.report(sid, "delivered")
    gateway.pass_time(minutes=3)
    assert len(gateway.local.sent()) == 1
    turn = gateway.turn(message)
    assert (turn.state, turn.apologised, len(turn.chunks)) == (TurnState.DELIVERED, False, 1)


def test_an_earlier_copy_that_arrived_is_enough(gateway):
    gateway.ask(1)
    first = gateway.sids()[0]
    gateway.report(first, "undelivered", "63018")
    gateway.hand_over()
    gateway.pass_time(seconds=11)
    second = gateway.sids()[1]
    gateway.report(second, "undelivered", "63018")
    gateway.hand_over()
    gateway.report(first, "delivered")
    gateway.pass_time(minutes=2)
    assert len(gateway.local.sent()) == 2


def test_a_parked_answer_that_arrived_is_not_sent_when_the_person_writes(gateway):
    parked = gateway.ask(2)
    first, second = gateway.sids()
    gateway.report(first, "undelivered", "63016")
    gateway.report(second, "undelivered", "63016")
    gateway.hand_over()
    assert gateway.turn(parked).state is TurnState.PARKED
    gateway.report(first, "delivered")
    gateway.ask(1, "/current")
    assert [text[:6] for text in gateway.local.sent()[2:3]] == ["Part 2"]
    assert len(gateway.local.sent()) == 4
    assert gateway.turn(parked).state is TurnState.DELIVERED


def test_a_replay_sends_nothing_that_arrived(gateway):
    message = gateway.ask(1)
    (sid,) = gateway.sids()
    gateway.report(sid, "undelivered", "63021")
    gateway.hand_over()
    gateway.report(sid, "read")
    for _ in range(2):
        gateway.replay(message)
        gateway.pass_time(minutes=5)
    assert gateway.local.sent()[1:] == [SORRY]
    assert gateway.turn(message).state is TurnState.DELIVERED


@pytest.mark.parametrize("to", [None, "", "whatsapp:", "whatsapp:unknown", "nobody", "+49 12"])
def test_a_failure_without_a_readable_recipient_is_acted_upon(gateway, to):
    message = gateway.ask(1)
    gateway.report(gateway.sids()[0], "undelivered", "63021", to=to)
    gateway.hand_over()
    assert gateway.local.sent()[1:] == [SORRY]
    assert gateway.letter(message) == "undelivered 63021"


def test_the_turn_knows_the_recipient_better_than_the_callback(gateway):
    gateway.ask(1)
    gateway.report(gateway.sids()[0], "undelivered", "63021", to="whatsapp:+15559990000")
    with gateway.local.gateway.database().reading() as connection:
        keys = connection.execute("SELECT key FROM queued").fetchall()
    assert keys == [(ANN,)]
    gateway.hand_over()
    assert gateway.local.sent()[1:] == [SORRY]


@pytest.mark.parametrize("to", [f"whatsapp:{ANN}", "whatsapp:+4915112345678", None])
@pytest.mark.parametrize("code", ["63021", "63018", "63016", ""])
def test_a_failure_of_a_message_that_is_not_ours_is_kept_and_does_no_harm(gateway, to, code):
    gateway.ask(1)
    gateway.report("SM" + "f" * 32, "undelivered", code, to=to)
    gateway.hand_over()
    gateway.pass_time(minutes=2)
    assert len(gateway.local.sent()) == 1
    assert gateway.waiting == []
    assert gateway.stores.dead_letters.newest(9) == []
    assert gateway.stores.deliveries.find("SM" + "f" * 32).error_code == code


@pytest.mark.parametrize("to", [f"whatsapp:{ANN}", None])
@pytest.mark.parametrize(("code", "last"), [("63021", SORRY[:6]), ("63018", "Part 1")])
def test_a_failure_reported_while_the_send_is_in_doubt_is_acted_upon(gateway, to, code, last):
    gateway.local.fault(fault="cut_after")
    gateway.ask(1)
    (sid,) = gateway.sids()
    gateway.report(sid, "undelivered", code, to=to)
    gateway.overtake()
    for _ in range(3):
        gateway.pass_time(seconds=15)
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1", last]


@pytest.mark.parametrize("code", ["63016", "63018", "63021", "63024", ""])
def test_a_part_in_doubt_is_looked_up_before_a_failure_of_another_is_acted_upon(gateway, code):
    gateway.local.fault(fault="delay", seconds=0.0)
    gateway.local.fault(fault="cut_after")
    gateway.ask(2)
    first, second = gateway.sids()
    gateway.report(first, "undelivered", code)
    gateway.overtake()
    for _ in range(3):
        gateway.pass_time(seconds=15)
    gateway.ask(1, "/help")
    gateway.pass_time(seconds=15)
    assert [text[:6] for text in gateway.local.sent()].count("Part 2") == 1
    assert gateway.stores.deliveries.owners([second])


def test_a_failure_is_acted_upon_though_the_worker_ended_before_it_looked(gateway):
    gateway.local.fault(fault="cut_after")
    message = gateway.ask(1)
    (sid,) = gateway.sids()
    gateway.report(sid, "undelivered", "63021")
    gateway.overtake()
    stores = gateway.stores
    gateway.waiting = [one for one in gateway.waiting if isinstance(one.item, InboundMessage)]
    # What the worker that took it over left: the chunk found and noted, the queue not told.
    now, turn = gateway.now(), gateway.turn(message)
    resumed = stores.turns.commit(moves.resume(turn, now))
    commit_sent(stores, moves.close(resumed, sid, now, now), sid)
    gateway.hand_over()
    assert gateway.local.sent()[1:] == [SORRY]


def test_a_part_of_a_parked_answer_that_fails_waits_with_it(gateway):
    message = gateway.ask(2)
    first, second = gateway.sids()
    gateway.report(second, "undelivered", "63016")
    gateway.hand_over()
    for code in ("63018", "63021", "63051", ""):
        gateway.report(first, "undelivered", code)
        gateway.pass_time(minutes=1)
        assert gateway.turn(message).state is TurnState.PARKED
    assert len(gateway.local.sent()) == 2
    gateway.ask(1, "/help")
    assert [text[:6] for text in gateway.local.sent()[2:4]] == ["Part 1", "Part 2"]


@pytest.mark.parametrize("code", CONTACT_CODES)
def test_a_part_of_what_was_given_up_that_fails_changes_nothing(gateway, code):
    message = gateway.ask(2)
    first, second = gateway.sids()
    gateway.report(second, "undelivered", code)
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.DEAD
    for other in ("63018", "63021", "63016"):
        gateway.report(first, "undelivered", other)
        gateway.pass_time(minutes=1)
    assert gateway.turn(message).state is TurnState.DEAD
    assert gateway.letter(message) == f"undelivered {code}"
    assert len(gateway.local.sent()) == 2


def test_a_parked_answer_becomes_a_dead_letter_and_never_vanishes(gateway):
    message = gateway.ask(1)
    gateway.report(gateway.sids()[0], "undelivered", "63016")
    gateway.hand_over()
    gateway.pass_time(days=6, hours=23)
    assert gateway.letter(message) == ""
    gateway.later += gateway.later
    gateway.local.gateway.sqlite().sweep(gateway.now())
    assert gateway.turn(message).state is TurnState.PARKED
    gateway.tick()
    assert gateway.letter(message) == "parked_expired"
    gateway.local.gateway.sqlite().sweep(gateway.now())
    gateway.replay(message)
    assert [text[:6] for text in gateway.local.sent()] == ["Part 1", "Part 1"]
    assert gateway.turn(message).state is TurnState.DELIVERED
    gateway.later += gateway.later
    gateway.local.gateway.sqlite().sweep(gateway.now())
    assert gateway.turn(message) is None


def test_a_parked_answer_that_arrived_is_no_dead_letter(gateway):
    message = gateway.ask(1)
    gateway.report(gateway.sids()[0], "undelivered", "63016")
    gateway.hand_over()
    gateway.report(gateway.sids()[0], "delivered")
    gateway.pass_time(days=8)
    assert gateway.letter(message) == ""
    assert gateway.turn(message).state is TurnState.DELIVERED


@pytest.mark.parametrize(("parts", "index"), POSITIONS)
def test_a_closed_window_that_is_told_after_the_person_wrote_again_is_open(gateway, parts, index):
    message = gateway.ask(parts)
    sid = gateway.sids()[index]
    gateway.ask(1, "/help")
    before = len(gateway.local.sent())
    gateway.report(sid, "undelivered", "63016")
    gateway.hand_over()
    gateway.pass_time(seconds=11)
    assert [text[:6] for text in gateway.local.sent()[before:]] == [f"Part {index + 1}"]
    assert gateway.turn(message).state is TurnState.DELIVERED
    assert gateway.stores.conversations.read(ANN, "").session.parked == ()


def test_a_window_that_stays_closed_is_believed_the_second_time(gateway):
    message = gateway.ask(1)
    gateway.ask(1, "/help")
    gateway.report(gateway.sids()[0], "undelivered", "63016")
    gateway.hand_over()
    gateway.pass_time(seconds=11)
    gateway.report(gateway.sids()[2], "undelivered", "63016")
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.PARKED
    gateway.ask(1, "/current")
    assert [text[:6] for text in gateway.local.sent()].count("Part 1") == 3
    assert gateway.turn(message).state is TurnState.DELIVERED


def test_what_was_sent_after_the_person_wrote_waits_for_the_next_message(gateway):
    gateway.ask(1, "/help")
    message = gateway.ask(1)
    gateway.report(gateway.sids()[1], "undelivered", "63016")
    gateway.hand_over()
    assert gateway.turn(message).state is TurnState.PARKED
