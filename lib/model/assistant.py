"""Who answers, who may ask, and what passes between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from lib.model.permissions import Permissions

if TYPE_CHECKING:  # most questions have none
    from lib.model.reading import Picture


_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Early(StrEnum):
    """What may leave of an answer that is still being written.

    ``PARTS``: each message-sized part once the next has begun. ``PARAGRAPH``: once, the first
    closed paragraphs of an answer that takes long. ``OFF``: nothing.
    """

    PARTS = "parts"
    PARAGRAPH = "paragraph"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Assistant:
    """Someone who can answer. ``backend`` names the API spoken; ``settings`` belong to it."""

    id: str
    name: str
    description: str = ""
    enabled: bool = True
    backend: str = "vac"
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def early(self) -> Early:
        """What may leave early: as its settings say, else parts where pieces can be trusted."""
        told = self.settings.get("early", "").strip().lower()
        if told in {mode.value for mode in Early}:
            return Early(told)
        if told == "false":  # as a database has it where somebody wrote it without quotes
            return Early.OFF
        return Early.PARTS if self.backend == "openai" else Early.OFF

    @property
    def language(self) -> str:
        """What its settings say of the language of its people; empty where they do not."""
        return self.settings.get("language", "")

    @property
    def send_tools(self) -> bool:
        """Whether it is told which tools its person may use, as its settings say."""
        told = self.settings.get("send_tools", "").strip().lower()
        return _SWITCH.get(told) is True

    @property
    def pictures(self) -> bool | None:
        """Whether it can see pictures, as its settings say; None where they do not."""
        told = self.settings.get("pictures", "").strip().lower()
        return _SWITCH.get(told)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every assistant there is, and the permissions of the people who have some, by e-mail."""

    assistants: tuple[Assistant, ...] = ()
    permissions: Mapping[str, Permissions] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer: one complete pair of chat history, without thinking."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What an assistant is asked, and by whom; ``pictures`` belong to this question alone.

    ``contact`` is who asks as the gateway knows them: no assistant is told. ``language`` is the
    English name of the language that the person chose to be answered in; empty where they chose
    none.
    ``contact`` is who asks as the gateway knows them: no assistant is told. ``tools`` are those
    that the person may use; None where nothing is said of them.
    """

    text: str
    email: str
    session_id: str
    trace_id: str
    history: tuple[Exchange, ...] = ()
    pictures: "tuple[Picture, ...]" = ()
    contact: str = ""
    language: str = ""
    tools: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """What an answer took, in the model's tokens: those it read, and those it wrote."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assistant said, in Markdown; its thinking is never shown.

    ``tokens`` is None where the assistant does not tell. ``unseen`` counts the pictures of the
    question that it was not shown.
    """

    text: str
    thinking: str = ""
    tokens: TokenUsage | None = None
    unseen: int = 0
