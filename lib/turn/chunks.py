"""The chunks of a turn: which one is meant, and what becomes of it."""

from dataclasses import replace

from lib.model import Chunk, ChunkKind, ChunkState, Turn

MOST_FAILURES = 3
"""How often a chunk that failed on its way is sent again."""

_DONE_WITH = frozenset({ChunkState.SENT, ChunkState.GIVEN_UP})


def is_sent(chunk: Chunk, sid: str) -> bool:
    """Whether a chunk went out under this id and is in force."""
    return bool(sid) and chunk.state is ChunkState.SENT and chunk.sid == sid


def unsent(chunk: Chunk) -> Chunk:
    """Return a chunk as one to be sent, which remembers the id it had.

    A menu or a medium is tried once: whatever kept it from arriving, the text may pass. A voice has
    no text of its own, and is given up.
    """
    copies = (*chunk.copies, chunk.sid) if chunk.sid else chunk.copies
    state = ChunkState.GIVEN_UP if chunk.kind is ChunkKind.VOICE else ChunkState.WAITING
    return replace(chunk, state=state, sid="", opened_at=None, copies=copies, menu=None, media=None)


def given_up(chunk: Chunk) -> Chunk:
    """Return a chunk that is not to be sent, which remembers the id it had."""
    return replace(unsent(chunk), state=ChunkState.GIVEN_UP)


def all_given_up(turn: Turn, sid: str) -> tuple[Chunk, ...]:
    """The chunks of a turn with all given up but those in force, and the one of this id."""
    return tuple(
        chunk if chunk.state is ChunkState.SENT and not is_sent(chunk, sid) else given_up(chunk)
        for chunk in turn.chunks
    )


def without_voice(turn: Turn) -> Turn:
    """Return a turn in which no voice is to be sent any more: nobody misses one."""
    return replace(turn, chunks=tuple(map(_silent, turn.chunks)))


def _silent(chunk: Chunk) -> Chunk:
    is_left = chunk.kind is ChunkKind.VOICE and chunk.state not in _DONE_WITH
    return given_up(chunk) if is_left else chunk


def drop(turn: Turn, sid: str) -> Turn:
    """Return a turn with the chunk of this id given up, and nothing else."""
    index = sent_index(turn, sid)
    return with_chunk(turn, index, given_up(turn.chunks[index]))


def hold_an_answer(turn: Turn) -> bool:
    """Whether there is anything beside an apology that stands for all of the answer."""
    return len(turn.chunks) > 1 if turn.apologised else bool(turn.chunks)


def is_apology_unsent(turn: Turn) -> bool:
    """Whether there is an apology that is not known to be sent."""
    return turn.apologised and turn.chunks[-1].state is not ChunkState.SENT


def open_index(turn: Turn) -> int:
    """Where the chunk is that is being sent."""
    return next(i for i, c in enumerate(turn.chunks) if c.state is ChunkState.SENDING)


def sent_index(turn: Turn, sid: str) -> int:
    """Where the chunk is that went out under this id."""
    return next(i for i, c in enumerate(turn.chunks) if is_sent(c, sid))


def with_chunk(turn: Turn, index: int, chunk: Chunk) -> Turn:
    """Return the turn with another chunk in this place."""
    return replace(turn, chunks=(*turn.chunks[:index], chunk, *turn.chunks[index + 1 :]))


def may_fail_again(chunk: Chunk) -> bool:
    """Whether a chunk that failed is worth sending again."""
    return chunk.failures < MOST_FAILURES


def first_unsent(turn: Turn) -> int | None:
    """The index of the first chunk that is still to be sent, for all we know."""
    for index, chunk in enumerate(turn.chunks):
        if chunk.state not in _DONE_WITH:
            return index
    return None


def open_chunk(turn: Turn) -> Chunk | None:
    """The chunk marked as being sent, if there is one."""
    return next((c for c in turn.chunks if c.state is ChunkState.SENDING), None)


def sent_chunk(turn: Turn, sid: str) -> Chunk | None:
    """The chunk that went out under this id, unless it was taken back."""
    return next((c for c in turn.chunks if is_sent(c, sid)), None)


def last_sid(turn: Turn) -> str:
    """The id of the last chunk in force before the open one; empty if there is none.

    A chunk that was given up or taken back is waited for by nobody.
    """
    before = turn.chunks[: first_unsent(turn) or 0]
    return next((c.sid for c in reversed(before) if c.state is ChunkState.SENT), "")


def is_apology_next(turn: Turn) -> bool:
    """Whether nothing but the apology is to be sent."""
    return turn.apologised and first_unsent(turn) == len(turn.chunks) - 1


def wanted(turn: Turn) -> Turn:
    """Return a turn without the open chunk if nobody wants it any more: if it was stopped."""
    return replace(turn, chunks=tuple(map(_dropped, turn.chunks))) if turn.stopped_by else turn


def _dropped(chunk: Chunk) -> Chunk:
    return given_up(chunk) if chunk.state is ChunkState.SENDING else chunk


def spoken(turn: Turn) -> tuple[Chunk, ...]:
    """The parts that left before the answer was whole; none once it is."""
    return tuple(chunk for chunk in turn.chunks if chunk.kind is ChunkKind.EARLY)


def is_part_in_doubt(turn: Turn) -> bool:
    """Whether nobody knows of a part that left early whether it was sent."""
    return any(chunk.state is ChunkState.SENDING for chunk in spoken(turn))
