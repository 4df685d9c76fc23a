"""Other forms of the open chunk, which surely was not sent as it is: pure moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lib.model import Chunk, Turn
from lib.turn.chunks import open_index, unsent, with_chunk
from lib.turn.moves import open_next


def resplit(turn: Turn, texts: Sequence[str], now: datetime, until: datetime) -> Turn:
    """Replace the open chunk, refused as too long, by smaller ones and open the first."""
    index = open_index(turn)
    chunks = (*turn.chunks[:index], *map(Chunk, texts), *turn.chunks[index + 1 :])
    return open_next(replace(turn, chunks=chunks), now, until)


def fall_back(turn: Turn, now: datetime, until: datetime) -> Turn:
    """Open the text of the open chunk in place of its medium; a voice has none, and is given up."""
    index = open_index(turn)
    return open_next(with_chunk(turn, index, unsent(turn.chunks[index])), now, until)
