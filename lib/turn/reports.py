"""Which reports of failed sends may move a turn, and where to: pure values in, pure values out.

By Twilio's documents ("Track outbound message status") callbacks come in any order: a failure is
final only while it is not known that the message was delivered or read.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import Enum

from lib.model import Chunk, ChunkKind, ChunkState, DeliveryReport, FailureCause, Turn, TurnState
from lib.turn import chunks


class Effect(Enum):
    """What a report of a failed send asks for.

    ``NONE``: it says nothing new, and work goes on where it stood. ``NOTE``: the chunk is given up,
    and nobody is told: the turn was given up already, or it is a voice. ``GIVE_UP``: the person is
    told, once.
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
    if turn.state is TurnState.DEAD or chunk.kind is ChunkKind.VOICE:
        return Effect.NOTE
    if turn.state is TurnState.PARKED:
        # When the person writes, it is tried with the rest; whatever stood against it may be gone.
        return Effect.PARK
    may_pass = report.cause is FailureCause.TEMPORARY and chunks.may_fail_again(chunk)
    # What is refused is sent as its text, which has neither that could be refused again.
    has_text = chunk.menu is not None or chunk.media is not None
    if may_pass or (report.cause is FailureCause.CONTENT and has_text):
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
    if not arrived:
        return turn
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
    lost = (chunk for chunk in chunks if chunk.state is ChunkState.GIVEN_UP)
    return any(chunk.kind is not ChunkKind.VOICE for chunk in lost)
