"""Budgets: what may be asked in a day, and the sentence below an answer when little is left."""

import logging
from dataclasses import replace

from lib.conversation.limits import Limits, own_limits, questions_left, spend
from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.model import Answer, Assistant, MessageKind, Question, Session
from lib.reply.phrase import Phrase

_log = logging.getLogger(__name__)


def budget(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Count the question, if one is going to be asked; refuse it where a budget is used up."""
    assistant = moment.assistant
    if assistant is None or moment.message.kind is MessageKind.UNSUPPORTED:
        return moment
    limits, question = own_limits(moment.person.permissions, tools.limits), moment.message.id
    if _costs(assistant, limits):
        from lib.conversation.spending import refusal  # noqa: PLC0415 - few gateways count money

        told = refusal(moment.session, assistant, limits, tools)
        if told:
            return _refused(moment, assistant, told)
    session = spend(moment.session, limits, tools.stores.counters, question, tools.clock())
    if session is not None:
        return replace(moment, session=session)
    from lib.reply import budget_texts as texts  # noqa: PLC0415 - seldom needed

    is_own = questions_left(moment.session, limits, tools.clock()) == 0
    return _refused(moment, assistant, texts.USED_UP if is_own else texts.ALL_USED_UP)


def _refused(moment: Moment, assistant: Assistant, told: Phrase) -> Outcome:
    _log.warning("budget used up", extra={"assistant_id": assistant.id})
    return in_own_words("notice", told, moment.session)


def charged(
    assistant: Assistant, question: Question, answer: Answer | None, tools: Tools
) -> int | None:
    """Return what an answer cost, or an attempt at one; None where the assistant has no price."""
    if not _has_price(assistant):
        return None
    from lib.conversation.spending import charge  # noqa: PLC0415 - as above

    return charge(assistant, question, answer, tools)


def billed(session: Session, cost: int | None, tools: Tools) -> Session:
    """Return the session of who was given an answer of that cost."""
    if not cost:
        return session
    from lib.conversation import spending  # noqa: PLC0415 - as above

    return spending.billed(session, cost, tools.clock())


def warned(session: Session, moment: Moment, tools: Tools) -> tuple[Phrase | None, Session]:
    """Return what stands below an answer once little is left, and the session of who read it.

    Once a day; mostly nothing.
    """
    limits = own_limits(moment.person.permissions, tools.limits)
    if not (limits.questions_per_contact or limits.budget_per_person):
        return None, session
    from lib.conversation.warning import warning  # noqa: PLC0415 - few gateways have such limits

    return warning(session, limits, tools.clock())


def _costs(assistant: Assistant, limits: Limits) -> bool:
    """Whether money is limited in any way."""
    own = assistant.settings.get("budget_per_day")
    return bool(limits.budget_per_person or limits.budget_per_day or own)


def _has_price(assistant: Assistant) -> bool:
    settings = assistant.settings
    return any(name in settings for name in ("price_in", "price_out", "price_per_question"))
