"""A human instead of an assistant: asked for, told what the person writes, and over again.

Nothing is asked of an assistant meanwhile: the pause is in the session, which is stored with what
is said about it, and a person's messages are worked on one after the other. What a human is told is
told before that is stored, under the message's id: whatever is killed, it is told again.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from lib.conversation.hours import opening_of, schedule_of
from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.conversation.question import question_text
from lib.conversation.sessions import without_comment
from lib.conversation.support import Support
from lib.errors import GatewayError
from lib.model import Answer, Session
from lib.model.human import HandoverEvent, HandoverKind, Human
from lib.reply import people_texts as texts
from lib.reply.phrase import Phrase

SILENCE = timedelta(hours=12)
"""After so long without a word the assistant answers again."""

_MARK = re.compile(r"\s*\[\[\s*human\s*\]\]", re.IGNORECASE)
_NOBODY = Support()
_log = logging.getLogger(__name__)


def asked_for(moment: Moment, tools: Tools) -> Outcome:
    """Give a person to a human who asks for one, or say honestly that there is none.

    Raises:
        GatewayError: nobody could be told; the message comes again.
    """
    support = tools.support or _NOBODY
    if support.tell is None:
        return in_own_words("command", texts.nobody(support.contact), moment.session)
    known = moment.session.human
    is_new = known is None or _is_over(known, moment)
    begun = _begun(moment, "person") if known is None or is_new else known
    told = _put_off(_told(moment, begun, support.tell), moment)
    text = _with_hours(texts.HUMAN_CALLED if is_new else texts.HUMAN_HAS_IT, support, tools)
    return in_own_words("command", text, _with(without_comment(moment.session), told))


def called_by_assistant(
    answer: Answer, moment: Moment, session: Session, tools: Tools
) -> tuple[Answer, Session]:
    """Give a person to a human if the answer of an assistant begins with the mark for it.

    The answer is without it then, and says what becomes of that.
    """
    found = _MARK.match(answer.text)
    if found is None:
        return answer, session
    from lib.conversation.translation import translator_at  # noqa: PLC0415 - seldom needed

    sentence, session = _called(moment, session, tools)
    said = translator_at(moment, session)(sentence)
    text = "\n\n".join(filter(None, (answer.text[found.end() :].strip(), said)))
    return replace(answer, text=text), session


def _called(moment: Moment, session: Session, tools: Tools) -> tuple[Phrase, Session]:
    """What is said, and the session.

    The answer is worth its price: where nobody can be told now, the next message does it.
    """
    support = tools.support or _NOBODY
    if support.tell is None:
        return texts.nobody(support.contact), session
    begun = _begun(moment, "assistant")
    try:
        told = _told(moment, begun, support.tell)
    except GatewayError as error:
        _log_untold(error)
        return texts.HUMAN_UNREACHED, _with(session, replace(begun, reported=False))
    return _with_hours(texts.HUMAN_CALLED, support, tools), _with(session, told)


def passed_on(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Pass on a message to the human; one that comes after a long silence is for the assistant.

    Raises:
        GatewayError: nobody could be told; the message comes again.
    """
    known, tell = moment.session.human, (tools.support or _NOBODY).tell
    if known is None:
        return moment
    if tell is None or _is_over(known, moment):
        note = texts.HUMAN_GONE if tell is None else texts.HUMAN_OVER
        session = replace(moment.session, human=None)
        return replace(moment, session=session, head=(*moment.head, note))
    if moment.again:
        return in_own_words("notice", texts.HUMAN_HAS_IT, moment.session)
    if not known.reported:
        known = _told(moment, known, tell, late=True)
    tell(_event(moment, known, HandoverKind.MESSAGE))
    session = _with(moment.session, _put_off(replace(known, acknowledged=True), moment))
    if known.acknowledged:
        return Outcome("human", session)
    return in_own_words("human", texts.PASSED_ON, session)


def ended(moment: Moment, tools: Tools) -> Outcome:
    """Let the assistant answer again, whether or not the human can be told."""
    known, tell = moment.session.human, (tools.support or _NOBODY).tell
    if known is None:
        return in_own_words("command", texts.BOT_ALREADY, moment.session)
    try:
        if tell is not None:
            tell(_event(moment, known, HandoverKind.ENDED))
    except GatewayError as error:
        _log_untold(error)
    return in_own_words("command", texts.BOT_BACK, _with(moment.session, None))


def _with(session: Session, human: Human | None) -> Session:
    return replace(session, human=human)


def _is_over(human: Human, moment: Moment) -> bool:
    return moment.message.received_at >= human.until


def _begun(moment: Moment, by: str) -> Human:
    at = moment.message.received_at
    return Human(at, at + SILENCE, by, moment.message.id)


def _put_off(human: Human, moment: Moment) -> Human:
    """The end of the pause after a word of the person's."""
    return replace(human, until=max(human.until, moment.message.received_at + SILENCE))


def _told(
    moment: Moment, human: Human, tell: Callable[[HandoverEvent], None], *, late: bool = False
) -> Human:
    """Tell that a human is asked for; return the pause that somebody knows of.

    ``late``: it was asked for with an earlier message than this one.
    """
    event = replace(_event(moment, human, HandoverKind.REQUESTED), recent=moment.session.recent)
    if late:
        event = replace(event, id=human.turn, at=human.since, text="", media=())
    tell(event)
    return replace(human, reported=True)


def _event(moment: Moment, human: Human, kind: HandoverKind) -> HandoverEvent:
    message, session = moment.message, moment.session
    return HandoverEvent(
        id=message.id,
        kind=kind,
        contact=moment.person.contact,
        name=session.display_name,
        session_id=session.id,
        assistant_id=session.assistant_id,
        trace_id=message.trace_id,
        by=human.by,
        at=message.received_at,
        text=question_text(message, attachments=""),
        media=message.media,
    )


def _with_hours(text: Phrase, support: Support, tools: Tools) -> Phrase:
    """A sentence, and behind it whether somebody is there now, or when."""
    schedule = schedule_of("the humans", support.hours) if support.hours else None
    if schedule is None:
        return text
    now = tools.clock()
    if schedule.is_open(now):
        return texts.with_human_there(text)
    opening = opening_of(schedule, now)
    return texts.with_human_hours(text, opening) if opening is not None else text


def _log_untold(error: GatewayError) -> None:
    facts = {"code": error.code, "reason": str(error)}
    _log.error("hand-over not told", extra=facts)
