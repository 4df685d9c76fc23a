"""Messages in pieces: people write one question as several messages, one right after the other."""

from dataclasses import dataclass, replace
from unicodedata import category, east_asian_width

from lib.conversation.moment import Moment, Outcome
from lib.conversation.spelling import seen
from lib.model import InboundMessage, MessageKind

SHORT = 40
"""Columns that a text fills without its end being near; see ``looks_unfinished``."""

AT_ONCE = frozenset({"stop", "cancel"})
"""Commands that wait for nothing, least of all for an answer that they are to prevent."""

# What ends a sentence, in the scripts that have a sign for it (Unicode: Sentence_Terminal).
_ENDS = frozenset(".!?…‼⁇⁈⁉。．！？｡؟۔।॥։።፧။។៕།\u037e")
# What may stand behind it: quotation marks, brackets, formatting.
_CLOSING = "\"'`*_~)]}»”’›」』）】"
_GREEK = range(0x370, 0x400)
# Emoji are symbols, tones of skin and keycaps what they may end in.
_TONES = range(0x1F3FB, 0x1F400)
_KEYCAP = "\u20e3"


@dataclass(frozen=True, slots=True)
class Burst:
    """What a message is among pieces of one question, and so not answered itself, or not now.

    ``held`` is the turn of the question that waits for pieces; a message without one begins a
    question. ``is_piece``: it is added to that question, and otherwise that is answered first.
    ``pauses``: more is yet to be written, and not only to be handed over.
    """

    held: str = ""
    is_piece: bool = True
    pauses: bool = False


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
        # Nothing else follows a recording at once: to make the next one takes a while.
        return any(not one.content_type.startswith("audio/") for one in message.media)
    if len(text) >= SHORT or sum(map(_columns, text)) >= SHORT:
        return False
    return not _is_ended(text)


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in {"W", "F"} else 1


def _is_ended(text: str) -> bool:
    """Whether a text ends with a sign that closes it, or with an emoji."""
    said = text.rstrip(_CLOSING) or text
    last, before = said[-1], said[-2:-1]
    asks = last == ";" and bool(before) and ord(before) in _GREEK  # as Greek is typed
    is_emoji = category(last) == "So" or ord(last) in _TONES or last == _KEYCAP
    return last in _ENDS or asks or is_emoji


def _can_be_joined(message: InboundMessage) -> bool:
    """Whether a message is words and media alone: whatever else there is would be mixed up."""
    is_plain = message.kind in {MessageKind.TEXT, MessageKind.MEDIA} and not message.forwarded
    beside = (message.choice, message.location, message.form, message.referral, message.reply_to)
    return is_plain and not any(beside)
