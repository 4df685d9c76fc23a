"""What a message uses, counted: documents, requests and bytes.

``tests/e2e/test_e2e_usage.py`` counts the documents again on every run, on the staged functions.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of Firestore, as they are billed; one that is looked for in vain counts as read."""

    reads: int = 0
    writes: int = 0
    deletes: int = 0


TURN = Documents(reads=3, writes=5, deletes=1)
"""A text message and its answer, without the sending: claim, conversation, stored answer."""

PART = Documents(writes=2, deletes=1)
"""A part of an answer: the turn goes on, and the part's own record. Records are forgotten later."""

CALLBACK = Documents(reads=1, writes=1)
"""A status callback of Twilio."""

CALLBACKS_PER_PART = 3
"""Sent, delivered and read."""
