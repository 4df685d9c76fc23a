"""What the steps of a conversation pass on, what they work with, and what they end in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lib.conversation.breaker import Breaker
from lib.conversation.commands.command import Command
from lib.conversation.limits import Limits
from lib.model import (
    Assistant,
    Chunk,
    Conversation,
    InboundMessage,
    Menu,
    Session,
    TokenUsage,
)
from lib.ports.assistant import AssistantClient
from lib.ports.clock import Clock
from lib.ports.documents import Write
from lib.ports.listener import Listener, Silence
from lib.ports.typing import Typing
from lib.reply.chunks import split
from lib.reply.phrase import Phrase
from lib.reply.visible import clean
from lib.stopping import Stop
from lib.storage.stores import Stores

if TYPE_CHECKING:  # of features that may be off
    from lib.conversation.introduction import Introduction
    from lib.conversation.joining import Burst
    from lib.conversation.speaking import Speech
    from lib.conversation.support import Support
    from lib.model import Enclosing, Reading
    from lib.ports.exporter import Exporter
    from lib.ports.hearing import Hearing


@dataclass(frozen=True, slots=True)
class Moment:
    """A message, the person who wrote it, and what is known by now.

    ``parts`` are the messages that it was joined of, if there are several. ``session`` is the
    person's as it will be kept. ``command`` is what the message commands, if anything. ``writes``
    are kept with the session, whatever the outcome. ``assistants`` are those that the person may
    use, ``assistant`` the one that answers now. ``again`` is the turn whose question is asked anew;
    ``message`` is then that question, with the id and time of what came. ``reading`` is what was
    understood of its media, if they were read. ``head`` are sentences of the gateway's own that
    are said above the answer.
    """

    message: InboundMessage
    person: Conversation
    session: Session
    command: Command | None = None
    writes: tuple[Write, ...] = ()
    assistants: tuple[Assistant, ...] = ()
    assistant: Assistant | None = None
    again: str = ""
    parts: tuple[InboundMessage, ...] = ()
    reading: "Reading | None" = None
    head: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said to a message, and what is kept of it.

    ``kind`` is ``assistant``, ``command``, ``notice``, ``human`` (a human is to answer it) or
    ``ignored``; it is empty where history keeps nothing of the message. ``text`` is what history
    keeps of the answer, ``session`` is None where it stays as it is. ``waiting`` are turns whose
    parked answers go out first: the message itself is then yet to be talked about. ``writes`` are
    what else is kept. ``menu`` is shown with the last chunk. ``assistant_id`` is who was asked, if
    anybody was, ``tokens`` what it took, and ``cost`` what that cost, in millionths where there is
    a price. ``attachments`` is what history keeps of media that were read. ``enclosed`` are chunks
    with media, sent behind the others. ``head`` is what stands above the answer in its first chunk,
    and is no part of its ``text``. ``forgets`` says that nothing the person sent stays with
    the turn.
    ``burst`` is set where nothing is to be said yet, since the message is a piece of something.
    """

    kind: str
    session: Session | None
    text: str = ""
    chunks: tuple[str, ...] = ()
    thinking: str = ""
    waiting: tuple[str, ...] = ()
    writes: tuple[Write, ...] = ()
    menu: Menu | None = None
    assistant_id: str = ""
    attachments: str | None = None
    enclosed: tuple[Chunk, ...] = ()
    tokens: TokenUsage | None = None
    cost: int | None = None
    head: str = ""
    burst: "Burst | None" = None
    forgets: bool = False


def _unheard(_: Assistant, _head: str) -> Listener:
    return Silence()


def _unkept(_: str) -> "Hearing":
    from lib.ports.hearing import Unkept  # noqa: PLC0415 - few messages are spoken

    return Unkept()


def _nothing_asked(_: str) -> InboundMessage | None:
    return None


def _nothing_running(_: Moment) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the steps work with: whatever has an effect among it is handed in by the turn.

    ``clients`` are those of assistants, by backend. ``default_assistant`` answers where no other
    one is chosen. ``listen`` gives who follows the answer of an assistant, which begins with a
    head. ``asked`` gives what an earlier turn's question was, all parts of it. ``cancel`` stops
    what is being done for earlier messages of the same person, and says whether there was anything.
    ``joins`` is whether a message may wait for what belongs to it, ``menus`` whether people may be
    offered something to tap.
    ``enclosing`` is what of an answer may leave as a medium, if anything, and ``speech`` how
    answers are spoken, where they can be.
    ``read`` reads the media of a message, where that is wanted, until ``stop`` is given; what is
    heard for it is remembered by ``hearing``, which knows of an earlier turn, too. ``shows_heard``
    is whether people see what was heard.
    ``access`` is whom the gateway answers.
    ``support`` is what there is of humans who take over, ``introduction`` how people are told whom
    they talk to; None where there is none. ``forget_elsewhere`` is whether whoever keeps the
    assistants' copies is told of those who are to be forgotten. ``export`` gives a person all that
    is kept of them, where they could get it. ``breaker`` switches optional features off that keep
    failing.
    """

    stores: Stores
    clients: Mapping[str, AssistantClient]
    default_assistant: Assistant
    typing: Typing
    limits: Limits
    clock: Clock
    listen: Callable[[Assistant, str], Listener] = _unheard
    asked: Callable[[str], InboundMessage | None] = _nothing_asked
    cancel: Callable[[Moment], bool] = _nothing_running
    joins: bool = False
    menus: bool = False
    read: "Callable[[InboundMessage, Stop, Hearing], Reading] | None" = None
    hearing: "Callable[[str], Hearing]" = _unkept
    shows_heard: bool = True
    stop: Stop = field(default_factory=Stop)
    enclosing: "Enclosing | None" = None
    speech: "Speech | None" = None
    support: "Support | None" = None
    introduction: "Introduction | None" = None
    forget_elsewhere: bool = False
    export: "Exporter | None" = None
    access: str = "open"
    breaker: Breaker = field(default_factory=Breaker)


Step = Callable[[Moment, Tools], Moment | Outcome]
"""Looks at the moment and passes it on, changed or not, or ends the conversation about it."""


def in_own_words(kind: str, text: Phrase, session: Session) -> Outcome:
    """Return an outcome that says one of the gateway's own sentences.

    It is in English until it leaves the conversation; see ``lib.conversation.translation``.
    """
    return Outcome(kind, session, text, split(clean(text)))


def anew(moment: Moment, asked: InboundMessage, turn_id: str) -> Moment:
    """Return a moment in which an earlier turn's question is asked, as the message that came."""
    now = moment.message
    message = replace(asked, id=now.id, address=now.address, received_at=now.received_at)
    return replace(moment, message=message, again=turn_id)
