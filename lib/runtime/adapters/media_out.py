"""What media of an answer are sent, and who makes those that are made when they are sent."""

from typing import TYPE_CHECKING

from lib.loopback import is_loopback
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.model import Chunk, Enclosing, OutboundMedia, Turn
    from lib.ports.media_store import MediaStore


def enclosing(config: Config, *, keeps: bool) -> "Enclosing | None":
    """Return what of an answer may leave as a medium; ``keeps``: we can keep what is made."""
    from lib.model import Enclosing

    if not config.media.out:
        return None
    # Nobody but the stand-in for Twilio, on this machine, gets what this machine serves.
    return Enclosing(is_loopback(config.twilio.api_base_url), contacts=keeps)


def made(turn: "Turn", chunk: "Chunk", store: "MediaStore | None") -> "OutboundMedia | None":
    """Make the medium of a chunk; None where it cannot be made."""
    if store is None:
        return None
    from lib.media.contact_out import keep_card

    return keep_card(turn, chunk, store)
