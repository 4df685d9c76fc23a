from datetime import UTC, datetime, timedelta

import pytest

from lib.conversation import turn as turns
from lib.conversation.turn import LEASE, PATIENCE, SETTLING, Verdict
from lib.model import ChunkState, InboundMessage, TurnState

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MESSAGE = InboundMessage(id="SM1", address="+15550001111", received_at=NOW)


@pytest.fixture
def thinking():
    return turns.start(MESSAGE, NOW)


@pytest.fixture
def answered(thinking):
    return turns.answer(thinking, ["one", "two"], NOW)


def test_a_turn_starts_thinking_with_a_lease(thinking):
    assert thinking.state is TurnState.THINKING
    assert thinking.lease_until == NOW + LEASE
    assert turns.judge(thinking, NOW) is Verdict.BUSY


def test_a_turn_whose_worker_fell_silent_is_resumed(thinking):
    later = NOW + LEASE
    assert turns.judge(thinking, later) is Verdict.RESUME
    resumed = turns.resume(thinking, later)
    assert resumed.attempt == 2
    assert turns.judge(resumed, later) is Verdict.BUSY


def test_a_released_turn_is_resumed_at_once(thinking):
    assert turns.judge(turns.release(thinking, NOW), NOW) is Verdict.RESUME


def test_a_turn_older_than_the_session_window_is_given_up(thinking):
    late = NOW + PATIENCE + timedelta(seconds=1)
    assert turns.judge(thinking, late) is Verdict.EXPIRED
    assert turns.judge(turns.bury(thinking), late) is Verdict.DONE


def test_an_answer_opens_its_first_chunk_only(answered):
    assert answered.state is TurnState.ANSWERED
    assert [chunk.state for chunk in answered.chunks] == [ChunkState.SENDING, ChunkState.WAITING]


def test_closing_a_chunk_opens_the_next_one_in_the_same_move(answered):
    closed = turns.close(answered, "SM2", NOW)
    assert [chunk.state for chunk in closed.chunks] == [ChunkState.SENT, ChunkState.SENDING]
    assert closed.chunks[0].sid == "SM2"
    assert closed.state is TurnState.ANSWERED


def test_closing_the_last_chunk_delivers_the_turn(answered):
    done = turns.close(turns.close(answered, "SM2", NOW), "SM3", NOW)
    assert done.state is TurnState.DELIVERED
    assert turns.judge(done, NOW) is Verdict.DONE


def test_a_chunk_that_surely_was_not_sent_waits_again(answered):
    postponed = turns.postpone(answered, NOW, in_doubt=False)
    assert postponed.chunks[0].state is ChunkState.WAITING
    assert turns.judge(postponed, NOW) is Verdict.RESUME


def test_a_chunk_in_doubt_stays_marked_and_settles_before_anybody_looks(answered):
    postponed = turns.postpone(answered, NOW, in_doubt=True)
    assert turns.open_chunk(postponed) == answered.chunks[0]
    assert turns.judge(postponed, NOW) is Verdict.BUSY
    assert turns.judge(postponed, NOW + SETTLING) is Verdict.RESUME


def test_a_chunk_refused_as_too_long_is_replaced_by_smaller_ones(answered):
    smaller = turns.resplit(answered, ["on", "e"], NOW)
    assert [chunk.text for chunk in smaller.chunks] == ["on", "e", "two"]
    assert smaller.chunks[0].state is ChunkState.SENDING
    assert smaller.chunks[1].state is ChunkState.WAITING
