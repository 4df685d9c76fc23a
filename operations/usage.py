"""What a message uses, counted: documents, requests, bytes and seconds.

``tests/e2e/test_e2e_usage.py`` counts documents and bytes again on every run, on the staged
functions; sizes of instances are compared with ``deployment/functions.sh`` by a test.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of Firestore, as they are billed; one that is looked for in vain counts as read."""

    reads: int = 0
    writes: int = 0
    deletes: int = 0


TURN = Documents(reads=5, writes=5, deletes=1)
"""A text message and its answer, without the sending: claim, conversation, stored answer.

The conversation is the session, the person's permissions, the last cancel, the history, and whether
they asked to be forgotten. Whose business-scoped id is known has three more: the link from it, and
what is permitted to it and forgotten of it. Rules that people share are read once a minute.
"""

PART = Documents(reads=1, writes=2, deletes=1)
"""A part of an answer: the turn goes on, and the part's own record, which is forgotten later.

The reads are the wait for the part before, which each part but the first has: the look, the link
to the turn and the report. With one and a half parts to an answer that is one for each part.
"""

CALLBACK = Documents(reads=1, writes=1)
"""A status callback of Twilio."""

CALLBACKS_PER_PART = 3
"""Sent, delivered and read."""

TICK = Documents(reads=1)
TICKS = 30 * 24 * 60
"""In a month: one a minute."""

HEALTH_CHECKS = 30 * 24 * 12 * 6
"""In a month: every five minutes, from six places."""

QUEUED_BYTES = 600
"""Of a short text message as it is queued, with its attributes; Pub/Sub bills 1000 at least."""

LOG_BYTES = 4000
"""That all functions log about a message with an answer of one part."""

REQUEST_LOG_BYTES = 1000
"""That the platform logs about a request by itself; a guess."""

SHORT_SECONDS = 0.1
"""Of a request to webhook, status or tick: the least that is billed."""

SECONDS_PER_PART = 0.5
"""From one part of an answer to the next: Twilio's answer, and the report on it."""

SECRET_VERSIONS = 4
"""Twilio's token, an assistant's key, that of media's addresses, and a spare for rotation."""

READING_SECONDS = 2.0
"""To fetch a medium of a message and read it, in a child process."""

KEPT_BYTES = 300_000
"""Of a medium that is given out: 40 seconds of speech as MP3, or two pictures as they are shown."""

KEPT_DAYS = 1.5
"""Until the bucket's life cycle, which goes by whole days, has deleted one."""

FETCHES = 2
"""Of a medium that is given out: Twilio asks for its head first."""

SERVING_SECONDS = 0.2
"""Of each of them."""


@dataclass(frozen=True, slots=True)
class Instance:
    """The size of a function's instances."""

    cpus: float
    gib: float
    at_once: int


WEBHOOK = Instance(cpus=1, gib=0.5, at_once=32)
RESPONDER = Instance(cpus=1, gib=1, at_once=64)
MEDIA = Instance(cpus=1, gib=0.5, at_once=8)
