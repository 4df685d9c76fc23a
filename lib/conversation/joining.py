"""Messages in pieces: people write one question as several messages, one right after the other."""

from dataclasses import replace

import regex

from lib.conversation.moment import Burst, Moment, Outcome
from lib.conversation.spelling import seen
from lib.model import InboundMessage, MessageKind

SHORT = 40
"""Columns that a text fills without its end being near; see ``looks_unfinished``."""

AT_ONCE = frozenset({"stop", "cancel"})
"""Commands that wait for nothing, least of all for an answer that they are to prevent."""

# What ends a sentence in any script, with the quotation marks, brackets and formatting around it;
# Greek asks with a semicolon. Source: Unicode's property Sentence_Terminal.
_ENDED = regex.compile(r"(?:[\p{STerm}…]|(?<=\p{Greek});)[\p{Pe}\p{Pf}\p{Po}\"'»*_~`]*$")
# People close a message with an emoji; tones, halves of flags and keycaps are what emoji end in.
_EMOJI = regex.compile(
    r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u20e3]$"
)
# Where a character says as much as a word of two letters. Source: Unicode's East_Asian_Width.
_WIDE = regex.compile(r"[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]")


def decide(moment: Moment, *, joins: bool) -> Moment | Outcome:
    """Let a message wait for more, or belong to the question that waits; pass on what is whole.

    ``joins`` is whether this message may become a piece of something. Where it may not, what
    waits is answered before it.
    """
    message, session = moment.message, moment.session
    if moment.command is not None and moment.command.name in AT_ONCE:
        return moment
    is_piece = joins and moment.command is None and _can_be_joined(message)
    if session.held:
        return Outcome("", session, burst=Burst(session.held, is_piece=is_piece))
    if not is_piece:
        return moment
    # More is likely to be queued already behind what was sent while the last answer was awaited.
    has_waited = session.answered_at is not None and message.received_at < session.answered_at
    if not has_waited and not looks_unfinished(message):
        return moment
    return Outcome("", replace(session, held=message.id), burst=Burst(pauses=not has_waited))


def looks_unfinished(message: InboundMessage) -> bool:
    """Whether more is likely to follow at once: a few words without an end, or a bare picture.

    Wide characters count twice: a question in Chinese fills a line as one in English does.
    """
    text = seen(message.text).strip()
    if not text:
        return bool(message.media)
    if len(text) >= SHORT or len(text) + len(_WIDE.findall(text)) >= SHORT:
        return False
    return not (_ENDED.search(text) or _EMOJI.search(text))


def _can_be_joined(message: InboundMessage) -> bool:
    """Whether a message is words and media alone: whatever else there is would be mixed up."""
    is_plain = message.kind in {MessageKind.TEXT, MessageKind.MEDIA} and not message.forwarded
    beside = (message.choice, message.location, message.form, message.referral, message.reply_to)
    return is_plain and not any(beside)
