"""Quotes: the words of an earlier message that a person replies to."""

import logging

from lib.address import canonical
from lib.conversation.codes import without_signatures
from lib.conversation.question import question_text
from lib.errors import DocumentError, EnvelopeError
from lib.model import Conversation, InboundMessage, Turn
from lib.queue.decode import decode
from lib.storage.stores import Stores

LONGEST_QUOTE = 300
"""Characters kept of a quoted message: enough to tell which one is meant."""

_log = logging.getLogger(__name__)


def quote_of(message: InboundMessage, conversation: Conversation, stores: Stores) -> str:
    """Return the line that names what a message replies to; nothing if it is no reply.

    Two reads, for replies only. Turns are kept as long as Twilio names what is quoted: a week.

    Raises:
        StoreError: the store does not answer.
    """
    if not message.reply_to:
        return ""
    try:
        return _quote(message, conversation, stores)
    except DocumentError as error:
        # The words of the message itself are what counts.
        _log.warning("quoted message not read", extra={"code": error.code})
        return ""


def _quote(message: InboundMessage, conversation: Conversation, stores: Stores) -> str:
    owner = stores.deliveries.owners([message.reply_to]).get(message.reply_to, "")
    turn = stores.turns.find(owner or message.reply_to)
    if turn is None or not _is_theirs(turn, message, conversation):
        return ""
    words, whose = (_part(turn, message.reply_to), "your") if owner else (_said(turn), "the user's")
    return f"[Reply to {whose} message: “{_shortened(words)}”]" if words.strip() else ""


def _is_theirs(turn: Turn, message: InboundMessage, conversation: Conversation) -> bool:
    # Nobody gets to read another person's words, whatever id is quoted.
    names = {message.address, conversation.contact, *conversation.names}
    return not {turn.contact, turn.address}.isdisjoint(names | set(map(canonical, names)))


def _part(turn: Turn, sid: str) -> str:
    said = next((chunk.text for chunk in turn.chunks if chunk.sid == sid), "")
    return without_signatures(said)


def _said(turn: Turn) -> str:
    try:
        said = decode(turn.payload.encode())
    except EnvelopeError:
        return ""
    heard = " ".join(one.transcript.text for one in turn.heard)
    return (
        question_text(said, attachments=heard or None) if isinstance(said, InboundMessage) else ""
    )


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rstrip()}…"
