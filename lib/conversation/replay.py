"""The use case of an operator: a message that was given up is tried again."""

from dataclasses import replace

from lib.conversation import turn as turns
from lib.conversation.unfinished import Overseer
from lib.errors import EnvelopeError
from lib.model import SETTLED, DeadLetter, InboundMessage
from lib.queue.envelope import decode, encode


def replay(letter: DeadLetter, overseer: Overseer) -> None:
    """Queue the message of a dead letter again: what is unsent is sent, else it is asked anew.

    A turn that somebody is working on is left alone; only the message is queued.

    Raises:
        EnvelopeError: there is no message in the letter.
        StoreError, QueueError: it is not queued; nothing is lost, try again.
    """
    message = decode(letter.payload.encode())
    if not isinstance(message, InboundMessage):
        raise EnvelopeError("it is not a message of a person")
    now = overseer.clock()
    store = overseer.store
    payload = encode(message)[0].decode()
    turn, _ = store.claim(turns.start(message, payload, now, now))
    if turn.state in SETTLED:
        store.commit(turns.reopen(turn, now))
    # First: the letter of another failure must not be overwritten. What is not queued after this
    # is found by the tick.
    store.bury(replace(letter, replayed_at=now))
    overseer.publisher.publish(message)
