"""Who makes those media of an answer that are made when they are sent."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.model import Chunk, OutboundMedia, Turn
    from lib.ports.media_store import MediaStore


def made(turn: "Turn", chunk: "Chunk", store: "MediaStore | None") -> "OutboundMedia | None":
    """Make the medium of a chunk; None where it cannot be made."""
    if store is None:
        return None
    from lib.media.contact_out import keep_card

    return keep_card(turn, chunk, store)
