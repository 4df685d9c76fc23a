"""Media in the fields of a message, and found again among those that were sent.

Sources: Twilio's "Message resource" (``MediaUrl``, ``PersistentAction``, ``num_media``) and
"Location messages with WhatsApp": ``geo:`` with latitude and longitude, then a label behind a bar.
"""

from typing import Any

from lib.model import Location, OutboundMedia

_MOST_LABEL = 256


def content_of(media: OutboundMedia) -> dict[str, Any]:
    """The fields by which Twilio's SDK sends a medium: one file with its caption, or a place."""
    if media.location is not None:
        action = _geo(media.location)
        return {"persistent_action": [action], "body": _words(media)}
    caption = _words(media)
    return {"media_url": [media.url]} | ({"body": caption} if caption else {})


def is_sent_as(media: OutboundMedia, message: Any) -> bool:
    """Whether a listed message may be this medium: one with a file, or a place, and its words."""
    has_file = str(message.num_media or "0") not in {"", "0"}
    is_kind = has_file is (media.location is None)
    return is_kind and str(message.body or "").split() == _words(media).split()


def _words(media: OutboundMedia) -> str:
    if media.location is None or media.caption:
        return media.caption
    return media.location.label or media.location.coordinates


def _geo(place: Location) -> str:
    label = " ".join(place.label.replace("|", " ").split())[:_MOST_LABEL]
    return f"geo:{place.coordinates}" + (f"|{label}" if label else "")
