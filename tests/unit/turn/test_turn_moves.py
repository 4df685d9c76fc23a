from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.model import ChunkState, InboundMessage, TurnState
from lib.turn import chunks, forms, moves
from lib.turn.chunks import MOST_FAILURES
from lib.turn.moves import FIRST_PAUSE, SESSION_WINDOW, Verdict
from lib.turn.replay import reopen
from tests.turns import started

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEASE = timedelta(seconds=60)
UNTIL = NOW + LEASE
MESSAGE = InboundMessage(id="SM1", address="+15550001111", received_at=NOW)
WAITING, SENDING, SENT = ChunkState.WAITING, ChunkState.SENDING, ChunkState.SENT
GIVEN_UP = ChunkState.GIVEN_UP


def states(turn):
    return [chunk.state for chunk in turn.chunks]


@pytest.fixture
def thinking():
    return started(MESSAGE, "payload", NOW, UNTIL)


@pytest.fixture
def answered(thinking):
    return moves.answer(thinking, ["one", "two"], NOW, UNTIL)


@pytest.fixture
def delivered(answered):
    return moves.close(moves.close(answered, "A", NOW, UNTIL), "B", NOW, UNTIL)


def test_a_turn_starts_thinking_with_a_lease_and_its_message(thinking):
    assert thinking.state is TurnState.THINKING
    assert thinking.lease_until == UNTIL
    assert thinking.payload == "payload"
    assert moves.judge(thinking, NOW) is Verdict.BUSY


def test_a_turn_whose_worker_fell_silent_is_resumed(thinking):
    assert moves.judge(thinking, UNTIL) is Verdict.RESUME
    resumed = moves.resume(thinking, UNTIL + LEASE)
    assert resumed.attempt == 2
    assert moves.judge(resumed, UNTIL) is Verdict.BUSY


def test_a_renewed_lease_keeps_others_away(thinking):
    assert moves.judge(moves.renew(thinking, UNTIL + LEASE), UNTIL) is Verdict.BUSY


def test_a_released_turn_is_resumed_at_once(thinking):
    assert moves.judge(moves.release(thinking, NOW), NOW) is Verdict.RESUME


def test_a_turn_older_than_the_session_window_is_given_up(thinking):
    late = NOW + SESSION_WINDOW + timedelta(seconds=1)
    assert moves.is_expired(thinking, late)
    assert not moves.is_expired(thinking, NOW + SESSION_WINDOW)
    assert moves.judge(moves.mark_dead(thinking), late) is Verdict.DONE


def test_an_answer_opens_its_first_chunk_only(answered):
    assert answered.state is TurnState.ANSWERED
    assert states(answered) == [SENDING, WAITING]


def test_an_answer_without_words_is_delivered(thinking):
    assert moves.answer(thinking, (), NOW, UNTIL).state is TurnState.DELIVERED


def test_closing_a_chunk_opens_the_next_one_in_the_same_move(answered):
    closed = moves.close(answered, "SM2", NOW, UNTIL)
    assert states(closed) == [SENT, SENDING]
    assert closed.chunks[0].sid == chunks.last_sid(closed) == "SM2"
    assert closed.state is TurnState.ANSWERED


def test_closing_the_last_chunk_delivers_the_turn(delivered):
    assert delivered.state is TurnState.DELIVERED
    assert moves.judge(delivered, NOW) is Verdict.DONE


def test_a_chunk_that_surely_was_not_sent_waits_again(answered):
    let_go = moves.let_go(answered, NOW, in_doubt=False)
    assert states(let_go) == [WAITING, WAITING]
    assert moves.judge(let_go, NOW) is Verdict.RESUME


def test_a_chunk_in_doubt_stays_marked_and_nobody_looks_before_it_is_time(answered):
    settled = NOW + timedelta(seconds=5)
    let_go = moves.let_go(answered, settled, in_doubt=True)
    assert chunks.open_chunk(let_go) == answered.chunks[0]
    assert moves.judge(let_go, NOW) is Verdict.BUSY
    assert moves.judge(let_go, settled) is Verdict.RESUME


def test_a_chunk_refused_as_too_long_is_replaced_by_smaller_ones(answered):
    smaller = forms.resplit(answered, ["on", "e"], NOW, UNTIL)
    assert [chunk.text for chunk in smaller.chunks] == ["on", "e", "two"]
    assert states(smaller) == [SENDING, WAITING, WAITING]


def test_a_chunk_that_failed_on_its_way_is_sent_again_after_a_growing_pause(delivered):
    failed = moves.fail(delivered, "A", NOW)
    assert failed.state is TurnState.ANSWERED
    assert states(failed) == [WAITING, SENT]
    assert moves.judge(failed, NOW + FIRST_PAUSE - timedelta(seconds=1)) is Verdict.BUSY
    assert moves.judge(failed, NOW + FIRST_PAUSE) is Verdict.RESUME
    again = moves.close(moves.open_next(failed, NOW, UNTIL), "C", NOW, UNTIL)
    assert again.state is TurnState.DELIVERED
    assert moves.fail(again, "C", NOW).lease_until == NOW + 2 * FIRST_PAUSE
    assert again.chunks[0].failures == 1 < MOST_FAILURES


def test_a_parked_turn_waits_for_its_person_however_long(answered):
    sent_one = moves.close(answered, "A", NOW, UNTIL)
    parked = moves.park(sent_one, "A")
    assert states(parked) == [WAITING, WAITING]
    late = NOW + 3 * SESSION_WINDOW
    assert moves.judge(parked, late) is Verdict.DONE
    woken = moves.wake(parked, late, late + LEASE)
    assert states(woken) == [WAITING, WAITING]
    assert moves.judge(woken, late + LEASE) is Verdict.RESUME


def test_an_apology_takes_the_place_of_what_is_not_sent(answered):
    sent_one = moves.close(answered, "A", NOW, UNTIL)
    sorry = moves.apologise(sent_one, "sorry", NOW, UNTIL)
    assert states(sorry) == [SENT, GIVEN_UP, SENDING]
    assert sorry.apologised
    assert moves.close(sorry, "B", NOW, UNTIL).state is TurnState.DELIVERED


def test_a_replay_sends_what_was_given_up_and_asks_again_where_nothing_was_answered(
    answered, thinking
):
    dead = moves.mark_dead(moves.close(answered, "A", NOW, UNTIL))
    reopened = reopen(dead, NOW)
    assert reopened.state is TurnState.ANSWERED
    assert states(reopened) == [SENT, WAITING]
    sorry = replace(thinking, apologised=True)
    given_up = moves.close(moves.answer(sorry, ["sorry"], NOW, UNTIL), "A", NOW, UNTIL)
    for unanswered in (moves.mark_dead(thinking), given_up):
        again = reopen(unanswered, NOW)
        assert (again.state, again.chunks) == (TurnState.THINKING, ())
        assert moves.judge(again, NOW) is Verdict.RESUME


def test_a_replay_of_what_was_sent_already_sends_nothing(delivered):
    assert reopen(delivered, NOW) == delivered
    # Given up, apologised for, and known to have arrived at the same time as the apology.
    apologised = replace(delivered, apologised=True)
    assert reopen(apologised, NOW) == apologised


def test_a_chunk_that_was_given_up_or_taken_back_is_waited_for_by_nobody(delivered):
    sorry = moves.apologise(delivered, "sorry", NOW, UNTIL, "B")
    assert chunks.last_sid(sorry) == "A"
    assert chunks.last_sid(moves.apologise(delivered, "sorry", NOW, UNTIL, "A")) == "B"
    assert chunks.last_sid(moves.give_up(sorry, "sorry", NOW, UNTIL, "A")) == ""
    assert chunks.last_sid(moves.fail(delivered, "A", NOW)) == ""
    assert chunks.last_sid(moves.park(delivered, "B")) == "A"


def test_a_second_part_that_is_lost_is_given_up_beside_the_apology(delivered):
    sorry = moves.apologise(delivered, "sorry", NOW, UNTIL, "B")
    assert chunks.is_apology_next(sorry)
    both = moves.give_up(sorry, "sorry", NOW, UNTIL, "A")
    assert states(both) == [GIVEN_UP, GIVEN_UP, SENDING]
    said = moves.close(both, "C", NOW, UNTIL)
    assert said.state is TurnState.DELIVERED
    assert moves.give_up(said, "sorry", NOW, UNTIL, "C").state is TurnState.DEAD


def test_every_copy_that_failed_is_remembered(delivered):
    again = moves.close(
        moves.open_next(moves.fail(delivered, "A", NOW), NOW, UNTIL), "C", NOW, UNTIL
    )
    assert moves.park(again, "C").chunks[0].copies == ("A", "C")
    assert moves.apologise(again, "sorry", NOW, UNTIL, "C").chunks[0].copies == ("A", "C")
    assert moves.mark_dead(again, "C").chunks[0].copies == ("A", "C")
    assert reopen(moves.mark_dead(again, "C"), NOW).chunks[0].copies == ("A", "C")
