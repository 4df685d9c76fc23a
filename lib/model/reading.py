"""What was understood of the media in a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as an assistant gets it: turned upright, small, without data about its making."""

    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document, and how much of it there is.

    ``pages`` are sheets or slides, too; 0 where it has none. ``left_out`` counts the characters
    that were not taken over; with ``more`` there is even more that was not read at all.
    """

    text: str
    pages: int = 0
    left_out: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording; ``text`` is empty where nothing was heard.

    ``language`` is ISO 639-1, or empty where nobody told; ``seconds`` is how long it is.
    ``doubtful`` says that the words may not be those that were said.
    """

    text: str
    language: str = ""
    seconds: float = 0.0
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in one medium of a message, which its URL names."""

    url: str
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Reading:
    """What an assistant is told of a message's media.

    ``text`` is for the assistant, ``summary`` what history and later questions keep of it,
    ``pictures`` are shown to it beside the text. ``understood`` counts the media of which anything
    was; ``faults`` are the codes of the errors of the others, each with its figure if it has one.
    ``spoken`` is what was said in recordings.
    """

    text: str = ""
    summary: str = ""
    pictures: tuple[Picture, ...] = ()
    understood: int = 0
    faults: tuple[str, ...] = ()
    spoken: tuple[Transcript, ...] = ()

    @property
    def language(self) -> str:
        """The language of what was said first; empty where nobody knows it."""
        return next((one.language for one in self.spoken if one.text and one.language), "")
