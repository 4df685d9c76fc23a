"""What the page posts, read as something a person sends."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage

from simulator.page.cards import CardError, written_card
from simulator.twilio.inbound import Written
from simulator.twilio.media import MOST_BYTES, Medium
from simulator.twilio.messages import Choice, Message, Messages, Place
from simulator.twilio.webm_ogg import WebmError, ogg_of

# Source: Twilio's "Accepted content types for media" and its guidance for WhatsApp.
_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "application/pdf", "text/vcard", "text/plain"}
    | {"audio/ogg", "audio/mpeg", "audio/aac", "audio/amr", "audio/mp4", "video/mp4"}
    | {"application/msword"}
    | {
        f"application/vnd.openxmlformats-officedocument.{kind}"
        for kind in (
            "wordprocessingml.document",
            "presentationml.presentation",
            "spreadsheetml.sheet",
        )
    }
)
_RECORDED = "audio/webm"
"""What browsers record, and WhatsApp does not carry: it is moved into Ogg first."""

_MOST_IMAGE = 5 * 1024 * 1024
_LONGEST_BODY = 4096


class WritingError(Exception):
    """Something that cannot be sent; ``status`` is the HTTP status, the text is for a person."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def written(document: Any, messages: Messages) -> Written:
    """Read the JSON of a message.

    Raises:
        WritingError: there is nothing in it that can be sent.
    """
    if not isinstance(document, Mapping):
        raise WritingError("A message is an object.")
    media = (_vcard(document["vcard"]),) if document.get("vcard") else ()
    place = _place(document["location"]) if document.get("location") else None
    choice = _choice(document["choice"], messages) if document.get("choice") else None
    text = choice.title if choice else _body(document.get("body", ""))
    if not (text.strip() or media or place):
        raise WritingError("There is nothing to send.")
    reply_to = _quoted(document, messages)
    return Written(text, media, place, choice, reply_to)


def uploaded(file: FileStorage, form: Mapping[str, str], messages: Messages) -> Written:
    """Read a file and its caption.

    Raises:
        WritingError: WhatsApp would not carry it.
    """
    kind = (file.mimetype or "").lower()
    if kind not in _TYPES and kind != _RECORDED:
        raise WritingError(f"WhatsApp does not carry files of type {kind or 'unknown'}.", 415)
    most = _MOST_IMAGE if kind.startswith("image/") else MOST_BYTES
    data = file.stream.read(most + 1)
    if len(data) > most:
        raise WritingError(f"The file is larger than {most // 1024 // 1024} MB.", 413)
    if not data:
        raise WritingError("The file is empty.")
    name = re.sub(r"[\x00-\x1f/\\]", "", file.filename or "")[:100]
    medium = _note(data) if kind == _RECORDED else Medium(kind, data, name)
    return Written(_body(form.get("body", "")), (medium,), reply_to=_quoted(form, messages))


def _note(webm: bytes) -> Medium:
    """A recording as WhatsApp sends a voice note: without a name."""
    try:
        return Medium("audio/ogg", ogg_of(webm))
    except WebmError as error:
        raise WritingError(f"This recording cannot be sent: {error}.", 415) from None


def _body(value: Any) -> str:
    if not isinstance(value, str):
        raise WritingError("The text must be a string.")
    if len(value.encode("utf-16-le", "surrogatepass")) // 2 > _LONGEST_BODY:
        raise WritingError(f"The text is longer than {_LONGEST_BODY} characters.", 413)
    return value


def _place(value: Any) -> Place:
    try:
        latitude, longitude = float(value["latitude"]), float(value["longitude"])
    except (KeyError, TypeError, ValueError):
        raise WritingError("A location needs latitude and longitude in degrees.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        raise WritingError("Latitude goes from -90 to 90, longitude from -180 to 180.")
    label, address = (str(value.get(name, ""))[:200] for name in ("label", "address"))
    return Place(latitude, longitude, label, address)


def _vcard(value: Any) -> Medium:
    try:
        return written_card(value)
    except CardError as error:
        raise WritingError(str(error)) from None


def _choice(value: Any, messages: Messages) -> Choice:
    sid = str(value.get("message", "") if isinstance(value, Mapping) else "")
    offer = messages.get(sid)
    chosen = next((one for one in _offered(offer) if one.id == str(value.get("id"))), None)
    if chosen is None:
        raise WritingError("That is not on offer any more.", 409)
    return chosen


def _offered(offer: Message | None) -> list[Choice]:
    menu = offer.menu if offer else {}
    buttons = [
        Choice("button", one.get("id") or one["title"], one["title"])
        for one in menu.get("actions", [])
    ]
    return buttons + [Choice("list", one["id"], one["item"]) for one in menu.get("items", [])]


def _quoted(form: Mapping[str, Any], messages: Messages) -> str:
    sid = str(form.get("reply_to") or "")
    if sid and messages.get(sid) is None:
        raise WritingError("The message that is quoted is gone.", 409)
    return sid
