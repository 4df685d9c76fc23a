"""The question of a turn, as its person asked it: in one message, or in several."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lib.errors import DocumentError, EnvelopeError, QueueError
from lib.model import InboundMessage, MessageKind, Turn
from lib.queue.decode import decode
from lib.queue.envelope import encode

if TYPE_CHECKING:  # the tick function starts without the stores
    from lib.storage.stores.turns import Turns


def message_of(turn: Turn) -> InboundMessage:
    """Return the message that a turn is about, with all that was joined to it.

    Raises:
        EnvelopeError: its payload is none, or one of a newer version.
    """
    return joined(messages_of(turn))


def messages_of(turn: Turn) -> tuple[InboundMessage, ...]:
    """Return the messages that are the question of a turn, in the order they came.

    Raises:
        EnvelopeError: one of them is none, or of a newer version.
    """
    return tuple(map(_message, (turn.payload, *turn.parts)))


def joined(messages: Sequence[InboundMessage]) -> InboundMessage:
    """Return several messages as one: the first, with the words and the media of all."""
    first, *others = messages
    if not others:
        return first
    text = "\n".join(one.text for one in messages if one.text)
    media = tuple(medium for one in messages for medium in one.media)
    kind = MessageKind.MEDIA if media else MessageKind.TEXT
    return replace(first, kind=kind, text=text, media=media)


def payload_of(turn: Turn) -> str:
    """Return the whole question of a turn as it would be queued, as well as it can be read.

    Whoever looks at it later sees no code of an invitation.
    """
    from lib.conversation.codes import without_code  # noqa: PLC0415 - seldom needed
    from lib.conversation.commands.parse import parse_command  # noqa: PLC0415 - as above

    try:
        messages = messages_of(turn)
        said = tuple(without_code(one, parse_command(one)) for one in messages)
        if said == messages and not turn.parts:
            return turn.payload
        return encode(joined(said))[0].decode()
    except (EnvelopeError, QueueError):
        return turn.payload


def without_words(turn: Turn) -> str:
    """Return the payload of a turn of which nothing is kept but that somebody sent something.

    Where its media are stays: they may have to be deleted there.
    """
    try:
        sent = message_of(turn)
    except EnvelopeError:
        return ""
    left = InboundMessage(
        sent.id, sent.address, sent.received_at, user_id=sent.user_id, media=sent.media
    )
    return encode(left)[0].decode()


def _message(payload: str) -> InboundMessage:
    found = decode(payload.encode(errors="replace"))
    if not isinstance(found, InboundMessage):
        raise EnvelopeError("the turn is about no message")
    return found


def asked(turn_id: str, turns: "Turns") -> InboundMessage | None:
    """Return the question of an earlier turn; None where it is gone, or cannot be read.

    Raises:
        StoreError: nobody can tell now.
    """
    try:
        turn = turns.find(turn_id)
        return message_of(turn) if turn else None
    except (DocumentError, EnvelopeError):
        return None
