"""A contact's card on its way out: kept where Twilio can fetch it."""

from dataclasses import replace

from lib.model import Chunk, OutboundKind, OutboundMedia, Turn
from lib.ports.media_store import MediaStore, StoredMedium

_CONTENT_TYPE = "text/vcard"


def keep_card(turn: Turn, chunk: Chunk, store: MediaStore) -> OutboundMedia | None:
    """Keep the card of a chunk of a turn, and return it with its URL; None if it is no card.

    Whoever keeps the same one again gets the same card.

    Raises:
        StoreError: it may not be kept.
    """
    card = chunk.media
    if card is None or card.kind is not OutboundKind.CONTACT:
        return None
    medium = StoredMedium(card.words.encode(), _CONTENT_TYPE, card.name)
    key = f"{turn.id}-{turn.chunks.index(chunk)}"
    return replace(card, url=store.put(turn.contact, key, medium))
