"""Which report moves a turn, and where to: the whole table."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lib.model import (
    Chunk,
    ChunkState,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    Turn,
    TurnState,
)
from lib.turn.chunks import MOST_FAILURES
from lib.turn.reports import Effect, copies, effect, recall

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SENT, WAITING, GIVEN_UP = ChunkState.SENT, ChunkState.WAITING, ChunkState.GIVEN_UP
CAUSES = [*FailureCause, None]
BY_CAUSE = {
    FailureCause.WINDOW: Effect.PARK,
    FailureCause.TEMPORARY: Effect.SEND_AGAIN,
    FailureCause.CONTACT: Effect.DEAD_LETTER,
    FailureCause.CONFIGURATION: Effect.DEAD_LETTER,
    FailureCause.CONTENT: Effect.GIVE_UP,
    None: Effect.GIVE_UP,
}


def turn(state=TurnState.DELIVERED, *chunks, **fields):
    return Turn(
        "SM1", "+1555", "+1555", state, 1, NOW, NOW, chunks or (Chunk("a", SENT, "A"),), **fields
    )


def report(cause, state=DeliveryState.FAILED):
    return DeliveryReport("A", state, cause=cause)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("known", list(DeliveryState))
@pytest.mark.parametrize("state", list(TurnState))
def test_an_effect_depends_on_what_is_known_where_the_turn_stands_and_the_cause(
    cause, known, state
):
    found = effect(turn(state), report(cause), report(None, known))
    if known in {DeliveryState.DELIVERED, DeliveryState.READ}:
        assert found is Effect.NONE
    elif state is TurnState.DEAD:
        assert found is Effect.NOTE
    elif state is TurnState.PARKED:
        assert found is Effect.PARK
    else:
        assert found is BY_CAUSE[cause]


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize(
    "chunk", [Chunk("a", SENT, "B"), Chunk("a", copies=("A",)), Chunk("a", GIVEN_UP)]
)
def test_a_report_of_what_is_not_in_force_moves_nothing(cause, chunk):
    assert effect(turn(TurnState.ANSWERED, chunk), report(cause), report(None)) is Effect.NONE


def test_what_failed_too_often_is_given_up():
    worn = turn(TurnState.DELIVERED, Chunk("a", SENT, "A", failures=MOST_FAILURES))
    assert effect(worn, report(FailureCause.TEMPORARY), report(None)) is Effect.GIVE_UP


def test_what_arrived_is_sent_and_an_apology_for_nothing_is_dropped():
    lost, sorry = Chunk("a", GIVEN_UP, copies=("A", "B")), Chunk("sorry")
    apologised = turn(TurnState.ANSWERED, lost, sorry, apologised=True)
    assert copies(apologised) == ["A", "B"]
    assert recall(apologised, ["X"]) == apologised
    recalled = recall(apologised, ["B"])
    assert recalled.chunks == (Chunk("a", SENT, "B", copies=("A",)),)
    assert not recalled.apologised


@pytest.mark.parametrize("sorry", [Chunk("sorry", SENT, "C")])
def test_an_apology_that_was_sent_stays(sorry):
    lost = Chunk("a", GIVEN_UP, copies=("A",))
    said = turn(TurnState.DELIVERED, lost, sorry, apologised=True)
    assert recall(said, ["A"]).chunks[1] == sorry
    assert recall(said, ["A"]).apologised


def test_an_apology_stays_while_another_part_is_lost():
    lost = Chunk("a", GIVEN_UP, copies=("A",))
    both = turn(
        TurnState.ANSWERED, lost, replace(lost, copies=("B",)), Chunk("sorry"), apologised=True
    )
    recalled = recall(both, ["A"])
    assert [chunk.state for chunk in recalled.chunks] == [SENT, GIVEN_UP, WAITING]
    assert recalled.apologised
