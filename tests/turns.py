"""Turns as a worker begins them."""

from datetime import datetime

from lib.model import InboundMessage, Turn
from lib.turn import moves


def started(message: InboundMessage, payload: str, now: datetime, until: datetime) -> Turn:
    """Return the turn of a message, to be claimed."""
    return moves.start(message.id, message.address, message.address, payload, now, until)
