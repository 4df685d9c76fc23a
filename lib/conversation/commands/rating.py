"""What a person thinks of the last answer: a rating, and a comment where it was no good one."""

import logging
from dataclasses import replace
from datetime import timedelta

import regex

from lib.conversation.commands.answers import last_turn
from lib.conversation.commands.entry import Call
from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.conversation.sessions import without_comment
from lib.model import Feedback, InboundMessage, MessageKind, Turn
from lib.reply import command_texts as texts
from lib.storage.stores.turns import feedback_write

BEST, POOR, WORST = 5, 2, 1
"""Whoever rates an answer as poor, or worse, is asked why."""

COMMENT_WITHIN = timedelta(minutes=10)
LONGEST_COMMENT = 2000
"""Characters kept of a comment: it has to fit into the document of its turn."""

# A digit of any script, or thumbs in any colour; in keys and out of five, too.
_RATING = regex.compile(
    r"""
    [:=,;(\s]*+
    (?: (?P<digit>\p{Nd})\u20E3?(?:/5)? | (?P<up>(?:👍[🏻-🏿]?)++) | (?P<down>(?:👎[🏻-🏿]?)++) )
    [^\w\s👍👎]*+
    (?: \s++(?P<comment>.*) )?
    """,
    regex.VERBOSE | regex.DOTALL,
)

_log = logging.getLogger(__name__)


def rate(call: Call) -> Outcome:
    """Keep what the person thinks of the last answer; ask why where it is poor."""
    feedback = read_feedback(call.argument)
    if feedback is None:
        return call.say(texts.HOW_TO_RATE)
    turn = last_turn(call.session.question, call.tools)
    if turn is None:
        return call.say(texts.NOTHING_TO_RATE)
    _log_rated(turn, feedback)
    if feedback.rating > POOR or feedback.comment:
        said = call.say(texts.RATED, without_comment(call.session))
    else:
        until = call.moment.message.received_at + COMMENT_WITHIN
        awaiting = replace(call.session, comment_on=turn.id, comment_until=until)
        said = call.say(texts.WHAT_WAS_WRONG, awaiting)
    return replace(said, writes=(feedback_write(turn.id, feedback),))


def read_feedback(argument: str) -> Feedback | None:
    """Return the rating from 1 to 5 that is typed, and the comment behind it; None if none is."""
    found = _RATING.fullmatch(argument)
    if found is None:
        return None
    rating = int(found["digit"]) if found["digit"] else BEST if found["up"] else WORST
    if not WORST <= rating <= BEST:
        return None
    return Feedback(rating, (found["comment"] or "")[:LONGEST_COMMENT])


def take_comment(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Keep a text as the comment that the person was asked for.

    Anything else goes on as a question, and so does what comes after that.
    """
    session = without_comment(moment.session)
    turn = _commented(moment, tools)
    if turn is None or turn.feedback is None:
        return replace(moment, session=session)
    feedback = replace(turn.feedback, comment=moment.message.text.strip()[:LONGEST_COMMENT])
    said = in_own_words("command", texts.COMMENT_KEPT, session)
    return replace(said, writes=(feedback_write(turn.id, feedback),))


def _commented(moment: Moment, tools: Tools) -> Turn | None:
    """The turn that the message is a comment on, if it is one."""
    message, until = moment.message, moment.session.comment_until
    in_time = until is not None and message.received_at <= until
    if not in_time or not _is_in_own_words(message):
        return None
    return last_turn(moment.session.comment_on, tools)


def _is_in_own_words(message: InboundMessage) -> bool:
    is_text = message.kind is MessageKind.TEXT and not message.forwarded
    return is_text and bool(message.text.strip())


def _log_rated(turn: Turn, feedback: Feedback) -> None:
    facts = {
        "rating": feedback.rating,
        "assistant_id": turn.assistant_id,
        "trace_id": turn.trace_id,
    }
    _log.info("answer rated", extra=facts)
