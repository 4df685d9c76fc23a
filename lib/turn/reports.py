"""Which reports of failed sends may move a turn, and where to: pure values in, pure values out.

By Twilio's documents ("Track outbound message status") callbacks come in any order: a failure is
final only while it is not known that the message was delivered or read.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import Enum

from lib.model import Chunk, ChunkState, DeliveryReport, FailureCause, Turn, TurnState
from lib.turn import chunks


class Effect(Enum):
    """What a report of a failed send asks for.

    ``NONE``: it says nothing new, and work goes on where it stood. ``NOTE``: the turn is given up
    already, and so is the chunk. ``GIVE_UP``: the chunk, and the person is told, once.
    """

    NONE = "none"
    NOTE = "note"
    PARK = "park"
    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"
    DEAD_LETTER = "dead_letter"


def effect(turn: Turn, report: DeliveryReport, known: DeliveryReport) -> Effect:
    """Return what a failure asks for; ``known`` is what is known of the same message by now."""
    chunk = chunks.sent_chunk(turn, report.sid)
    # Nothing of a stopped turn begins any more.
    if chunk is None or known.state.has_arrived or turn.stopped_by:
        return Effect.NONE
    if turn.state is TurnState.DEAD:
        return Effect.NOTE
    if turn.state is TurnState.PARKED:
        # When the person writes, it is tried with the rest; whatever stood against it may be gone.
        return Effect.PARK
    may_pass = report.cause is FailureCause.TEMPORARY and chunks.may_fail_again(chunk)
    # A refused menu is sent as its text, which has none that could be refused again.
    if may_pass or (report.cause is FailureCause.CONTENT and chunk.menu is not None):
        return Effect.SEND_AGAIN
    return _BY_CAUSE.get(report.cause, Effect.GIVE_UP)


_BY_CAUSE: dict[FailureCause | None, Effect] = {
    FailureCause.WINDOW: Effect.PARK,
    FailureCause.CONTACT: Effect.DEAD_LETTER,
    FailureCause.CONFIGURATION: Effect.DEAD_LETTER,
}


def copies(turn: Turn) -> list[str]:
    """The ids of all that was reported as failed and is still to be sent, or was given up."""
    lost = (chunk for chunk in turn.chunks if chunk.state is not ChunkState.SENT)
    return [sid for chunk in lost for sid in chunk.copies]


def recall(turn: Turn, arrived: Collection[str]) -> Turn:
    """Return the turn as it is if these ids have arrived after all.

    Their chunks are sent. An apology that is not sent yet is dropped if nothing is lost.
    """
    chunks = tuple(_recalled(chunk, arrived) for chunk in turn.chunks)
    apologises = turn.apologised and _given_up(turn.chunks)
    if apologises and not _given_up(chunks) and chunks[-1].state is not ChunkState.SENT:
        return replace(turn, chunks=chunks[:-1], apologised=False)
    return replace(turn, chunks=chunks)


def _recalled(chunk: Chunk, arrived: Collection[str]) -> Chunk:
    sid = next((sid for sid in chunk.copies if sid in arrived), "")
    if not sid or chunk.state is ChunkState.SENT:
        return chunk
    left = tuple(one for one in chunk.copies if one != sid)
    return replace(chunk, state=ChunkState.SENT, sid=sid, copies=left)


def _given_up(chunks: tuple[Chunk, ...]) -> bool:
    return any(chunk.state is ChunkState.GIVEN_UP for chunk in chunks)
