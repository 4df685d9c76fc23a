"""Asking an assistant: the last step, which has an answer or a plain sentence for its failure."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from lib.conversation.access import usable_tools
from lib.conversation.breaker import optional
from lib.conversation.budgets import billed, charged
from lib.conversation.cpu import CpuLimit, cpu_limit
from lib.conversation.frame import head_of, with_foot
from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.conversation.question import question_text
from lib.conversation.quotes import quote_of
from lib.conversation.sessions import remember, without
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
from lib.model import Answer, Assistant, Question, Session
from lib.ports.listener import Listener
from lib.reply import texts
from lib.reply.phrase import Phrase

if TYPE_CHECKING:
    from lib.reply.rendering import Rendering

_log = logging.getLogger(__name__)

_EXCUSES: tuple[tuple[type[GatewayError], Phrase], ...] = (
    (AssistantRefusedError, texts.REFUSED),
    (AssistantTimeoutError, texts.TIMED_OUT),
    (AssistantDeclinedError, texts.DECLINED),
    (AssistantEmptyError, texts.EMPTY),
    (AssistantOversizeError, texts.OVERSIZE),
    (AssistantError, texts.FAILED),
    (ConfigurationError, texts.REFUSED),
)


def ask(moment: Moment, tools: Tools) -> Outcome:
    """Ask the assistant that answers now. Every failure of it becomes a plain sentence."""
    if moment.assistant is None:
        return in_own_words("notice", texts.NO_ASSISTANT, moment.session)
    # What is marked as read is everything up to the message named.
    with tools.typing((moment.parts or (moment.message,))[-1].id):
        quote = quote_of(moment.message, moment.person, tools.stores)
        return _consult(moment, quote, moment.assistant, tools)


def _consult(moment: Moment, quote: str, assistant: Assistant, tools: Tools) -> Outcome:
    session, reading = moment.session, moment.reading
    # A document is read once: later questions know its beginning.
    asked = question_text(moment.message, quote, reading.summary if reading else None)
    recent = without(session.recent, asked) if moment.again else session.recent
    question = Question(
        question_text(moment.message, quote, reading.text) if reading else asked,
        moment.person.account or session.user_email,
        session.id,
        moment.message.trace_id,
        history=recent,
        pictures=reading.pictures if reading else (),
        contact=session.contact,
        language=_wished(session),
        tools=usable_tools(moment.person.permissions),
    )
    _log.info("assistant asked", extra={"assistant_id": assistant.id})
    limit = cpu_limit()
    session = replace(session, question=moment.message.id, original=moment.again)
    head, introduced = head_of(replace(moment, session=session), tools)
    listener = tools.listen(assistant, head)
    cost = None
    try:
        answer = _answer(assistant, question, listener, tools)
        cost = charged(assistant, question, answer, tools)
        session_after = billed(introduced, cost, tools)
        answer, session_after = _with_human(answer, moment, session_after, tools)
        told, session_after = with_foot(answer, moment, session_after, tools)
        rendering = _rendered(told, assistant, limit, head, tools)
    except (AssistantError, ConfigurationError) as error:
        facts = {"assistant_id": assistant.id, "code": error.code, "reason": str(error)}
        _log.error("assistant gave no answer", extra=facts)
        excuse = texts.BROKE_OFF if listener.has_spoken else _excuse(error)
        left = introduced if listener.has_spoken else session
        if cost is None and not isinstance(error, AssistantRefusedError | ConfigurationError):
            cost = charged(assistant, question, None, tools)
        said = in_own_words("notice", excuse, billed(left, cost, tools))
        return replace(said, assistant_id=assistant.id, cost=cost)
    outcome = Outcome(
        "assistant",
        remember(replace(session_after, recent=recent), asked, answer.text),
        told.text,
        rendering.chunks,
        answer.thinking,
        assistant_id=assistant.id,
        attachments=reading.summary if reading else None,
        enclosed=rendering.enclosed,
        tokens=answer.tokens,
        cost=cost,
        head=head,
    )
    if tools.speech is None:
        return outcome
    return optional(
        "voice",
        lambda: _aloud(outcome, answer.text, moment, tools),
        lambda: outcome,
        tools.breaker,
        tools.clock(),
    )


def _aloud(outcome: Outcome, answer: str, moment: Moment, tools: Tools) -> Outcome:
    from lib.conversation.speaking import aloud  # noqa: PLC0415 - only where answers can be spoken

    return aloud(outcome, answer, moment, tools)


def _with_human(
    answer: Answer, moment: Moment, session: Session, tools: Tools
) -> tuple[Answer, Session]:
    """An answer that may ask for a human, with what is said of that, and the session then."""
    if not answer.text.lstrip().startswith("[["):
        return answer, session
    from lib.conversation.human import called_by_assistant  # noqa: PLC0415 - seldom needed

    return called_by_assistant(answer, moment, session, tools)


def _wished(session: Session) -> str:
    if not session.language:
        return ""
    from lib.language.names import ENGLISH_NAMES  # noqa: PLC0415 - few people choose one

    return ENGLISH_NAMES.get(session.language, "")


def _answer(assistant: Assistant, question: Question, listener: Listener, tools: Tools) -> Answer:
    client = tools.clients.get(assistant.backend)
    if client is None:
        raise ConfigurationError(f"assistant {assistant.id}: no backend of this name")
    try:
        return client.ask(assistant, question, listener)
    except (MemoryError, RecursionError) as error:
        # Of what the reply is made of: asking again would bring the same, and run tools again.
        raise AssistantError(f"the reply cannot be read: {type(error).__name__}") from None


def _rendered(
    answer: Answer, assistant: Assistant, limit: CpuLimit, head: str, tools: Tools
) -> "Rendering":
    from lib.reply.rendering import render  # noqa: PLC0415 - loaded while it is awaited

    rendering = render(answer.text, limit.check, head, tools.enclosing)
    if rendering.fault:
        facts = {"assistant_id": assistant.id, "fault": rendering.fault}
        _log.error("answer sent as it was written", extra=facts)
    if not rendering.chunks and not rendering.enclosed:
        raise AssistantEmptyError("nothing is left to show")
    return rendering


def _excuse(error: GatewayError) -> Phrase:
    return next(text for kind, text in _EXCUSES if isinstance(error, kind))
