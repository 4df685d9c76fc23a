"""Media of turns as they stand in the documents of these, and back."""

from collections.abc import Mapping
from typing import Any

from lib.model import Heard, Location, OutboundKind, OutboundMedia, Transcript
from lib.ports.documents import Document
from lib.storage.fields import number, text
from lib.storage.stores.chunk_documents import member


def media_document(media: OutboundMedia) -> Document:
    """What a chunk's document holds of its medium."""
    place = media.location
    return {
        "kind": media.kind.value,
        "url": media.url,
        "caption": media.caption,
        "name": media.name,
        "words": media.words,
        "language": media.language,
        "location": place and _place_document(place),
    }


def read_media(document: Mapping[str, Any]) -> OutboundMedia:
    """The medium in a chunk's document.

    Raises:
        NewerDocumentError, TypeError: it is one that only a newer version knows; it is none.
    """
    place = document.get("location")
    return OutboundMedia(
        kind=member(OutboundKind, document.get("kind")),
        url=text(document.get("url")),
        caption=text(document.get("caption")),
        name=text(document.get("name")),
        words=text(document.get("words")),
        language=text(document.get("language")),
        location=_place(place) if isinstance(place, dict) else None,
    )


def heard_document(heard: Heard) -> Document:
    """What a turn's document holds of what was said in one medium."""
    said = heard.transcript
    return {
        "url": heard.url,
        "text": said.text,
        "language": said.language,
        "seconds": said.seconds,
        "doubtful": said.doubtful,
    }


def read_heard(document: Any) -> Heard:
    """What was said in one medium, in a turn's document."""
    told = document if isinstance(document, dict) else {}
    said = Transcript(
        text(told.get("text")),
        text(told.get("language")),
        number(told.get("seconds")),
        told.get("doubtful") is True,
    )
    return Heard(text(told.get("url")), said)


def _place_document(place: Location) -> Document:
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "address": place.address,
        "label": place.label,
    }


def _place(document: Mapping[str, Any]) -> Location:
    return Location(
        number(document.get("latitude")),
        number(document.get("longitude")),
        text(document.get("address")),
        text(document.get("label")),
    )
