"""What to say to a message: the gateway's own words, a command's result, or an assistant's."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lib.conversation.access import available_assistants, choose_assistant
from lib.conversation.commands import parse_command, run_command
from lib.conversation.cpu import CpuLimit, cpu_limit
from lib.conversation.limits import Budget
from lib.conversation.question import question_text
from lib.conversation.sessions import remember
from lib.errors import (
    AssistantDeclinedError,
    AssistantEmptyError,
    AssistantError,
    AssistantOversizeError,
    AssistantRefusedError,
    AssistantTimeoutError,
    ConfigurationError,
    GatewayError,
)
from lib.model import (
    Answer,
    Assistant,
    Conversation,
    InboundMessage,
    MessageKind,
    Question,
    Session,
)
from lib.ports.assistant import AssistantClient
from lib.ports.typing import Typing
from lib.reply import texts
from lib.reply.chunks import split
from lib.reply.rendering import render
from lib.reply.visible import clean

_log = logging.getLogger(__name__)

_EXCUSES: tuple[tuple[type[GatewayError], str], ...] = (
    (AssistantRefusedError, texts.REFUSED),
    (AssistantTimeoutError, texts.TIMED_OUT),
    (AssistantDeclinedError, texts.DECLINED),
    (AssistantEmptyError, texts.EMPTY),
    (AssistantOversizeError, texts.OVERSIZE),
    (AssistantError, texts.FAILED),
    (ConfigurationError, texts.REFUSED),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said, in chunks, and the session afterwards.

    ``kind`` is ``assistant``, ``command`` or ``notice``; ``text`` is what history keeps.
    """

    kind: str
    text: str
    chunks: tuple[str, ...]
    session: Session
    thinking: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What an answer is made with: assistants by backend, and what may be spent on asking.

    ``default`` answers where no other assistant is chosen. ``quote`` reads what a message replies
    to.
    """

    clients: Mapping[str, AssistantClient]
    default: Assistant
    typing: Typing
    budget: Budget
    quote: Callable[[], str]


def decide(
    message: InboundMessage, conversation: Conversation, session: Session, means: Means
) -> Decision:
    """Return what to say to a message. Every failure of an assistant becomes a plain sentence."""
    if conversation.permissions.blocked:
        return _own_words("notice", texts.BLOCKED, session)
    if message.kind is MessageKind.UNSUPPORTED:
        return _own_words("notice", texts.UNSUPPORTED, session)
    assistants = available_assistants(conversation, means.default)
    assistant = choose_assistant(session.assistant_id, conversation, assistants, means.default)
    if assistant is not None:
        session = replace(session, assistant_id=assistant.id)
    command = parse_command(message)
    if command is not None:
        return _own_words("command", *run_command(command, session, assistants, assistant))
    if assistant is None:
        return _own_words("notice", texts.NO_ASSISTANT, session)
    spent = means.budget(session)
    if spent is None:
        _log.warning("budget used up", extra={"assistant_id": assistant.id})
        return _own_words("notice", texts.BUDGET_USED, session)
    with means.typing(message.id):
        asked = question_text(message, means.quote())
        return _consult(message, asked, spent, assistant, means.clients)


def give_up(session: Session) -> Decision:
    """Return the apology for a message that made the gateway fail again and again."""
    return _own_words("notice", texts.GIVEN_UP, session)


def slow_down(session: Session) -> Decision:
    """Return the one answer to somebody who writes faster than is allowed."""
    return _own_words("notice", texts.SLOW_DOWN, session)


def ignore(session: Session) -> Decision:
    """Return no answer, for somebody who was told already."""
    return Decision("ignored", "", (), session)


def _consult(
    message: InboundMessage,
    asked: str,
    session: Session,
    assistant: Assistant,
    clients: Mapping[str, AssistantClient],
) -> Decision:
    question = Question(
        asked, session.user_email, session.id, message.trace_id, history=session.recent
    )
    _log.info("assistant asked", extra={"assistant_id": assistant.id})
    limit = cpu_limit()
    try:
        answer = _ask(clients, assistant, question)
        chunks = _chunks(answer, assistant, limit)
    except (AssistantError, ConfigurationError) as error:
        _log.error("assistant gave no answer", extra=_facts(assistant, error))
        return _own_words("notice", _excuse(error), session)
    remembered = remember(session, asked, answer.text)
    return Decision("assistant", answer.text, chunks, remembered, answer.thinking)


def _ask(
    clients: Mapping[str, AssistantClient], assistant: Assistant, question: Question
) -> Answer:
    client = clients.get(assistant.backend)
    if client is None:
        raise ConfigurationError(f"assistant {assistant.id}: no backend of this name")
    try:
        return client.ask(assistant, question)
    except (MemoryError, RecursionError) as error:
        # Of what the reply is made of: asking again would bring the same, and run tools again.
        raise AssistantError(f"the reply cannot be read: {type(error).__name__}") from None


def _chunks(answer: Answer, assistant: Assistant, limit: CpuLimit) -> tuple[str, ...]:
    rendering = render(answer.text, limit.check)
    if rendering.fault:
        facts = {"assistant_id": assistant.id, "fault": rendering.fault}
        _log.error("answer sent as it was written", extra=facts)
    if not rendering.chunks:
        raise AssistantEmptyError("nothing is left to show")
    return rendering.chunks


def _own_words(kind: str, text: str, session: Session) -> Decision:
    return Decision(kind, text, split(clean(text)), session)


def _excuse(error: GatewayError) -> str:
    return next(text for kind, text in _EXCUSES if isinstance(error, kind))


def _facts(assistant: Assistant, error: GatewayError) -> dict[str, str]:
    return {"assistant_id": assistant.id, "code": error.code, "reason": str(error)}
