"""Media that go out: what Twilio sends instead of a text, or behind it."""

from dataclasses import dataclass
from enum import StrEnum

from lib.model.message import Location


class OutboundKind(StrEnum):
    """What a person sees; ``FILE`` is a document, recording or film, ``VOICE`` a text spoken."""

    PICTURE = "picture"
    FILE = "file"
    VOICE = "voice"
    PLACE = "place"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class OutboundMedia:
    """One medium of a reply. A chunk that has one also has the text that replaces it.

    ``url`` is where Twilio fetches it; empty of what has yet to be made when it is sent: of
    ``words`` that are to be spoken, in a ``language`` (ISO 639-1, or empty), or that are a
    contact's vCard. ``caption`` is shown with a picture or a film, in WhatsApp's formatting.
    ``name`` is a file's, with its ending. ``location`` is a place's, which needs no URL.
    """

    kind: OutboundKind
    url: str = ""
    caption: str = ""
    name: str = ""
    words: str = ""
    language: str = ""
    location: Location | None = None

    @property
    def is_made(self) -> bool:
        """Whether it can be sent as it is."""
        return bool(self.url) or self.location is not None


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What of an answer may leave as a medium, beside public files and places.

    ``loopback`` are files of this machine, for a stand-in for Twilio that runs on it. ``contacts``
    are cards, which have to be kept somewhere to be fetched.
    """

    loopback: bool = False
    contacts: bool = False
