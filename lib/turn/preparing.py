"""Media that are made when their time to be sent comes: speech, and contacts' cards."""

import logging
from collections.abc import Callable

from lib.model import Chunk, OutboundMedia, Turn
from lib.turn.sending_log import facts

Prepare = Callable[[Turn, Chunk], OutboundMedia | None]
"""Makes the medium of a chunk and returns it with its URL, or nothing if it cannot be had.

It takes 15 seconds at most. What was made once for a chunk is found again, and paid once.
"""

_log = logging.getLogger("lib.turn.deliver")


def made(turn: Turn, chunk: Chunk, prepare: Prepare | None) -> OutboundMedia | None:
    """Return the medium of a chunk as it is sent; None where there is none."""
    try:
        medium = prepare(turn, chunk) if prepare else None
    except Exception as error:  # noqa: BLE001 - whatever it is, the text does as well
        _log.warning("medium not made", extra=facts(turn) | {"reason": type(error).__name__})
        return None
    return medium if medium is not None and medium.is_made else None
