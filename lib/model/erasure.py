"""A person who asked to be forgotten: what is yet to be erased of them, and what stays known."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of one person. ``id`` tells nothing of who they are.

    ``names`` are all names of the person, ``histories`` those under which history knows them.
    ``turn`` is that of the message that asked for it; empty where an operator did. What was sent
    until ``before`` is erased, and what was kept of it until ``at``. ``passes`` counts how often
    everything was looked through to the end; ``due_at`` is when that is to be done again.
    ``answered_at`` is when the first of them began: what was sent to the person until then goes.
    ``told`` says that the keeper of the assistants' copies knows.
    """

    id: str
    names: tuple[str, ...]
    histories: tuple[str, ...]
    turn: str
    before: datetime
    at: datetime
    due_at: datetime
    passes: int = 0
    answered_at: datetime | None = None
    told: bool = False
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is known of somebody who was forgotten, found by a hash of a name of theirs.

    What they sent before ``before`` is not answered. ``erasure`` is the one that is yet to do
    its first pass, if it is: until then nothing new may be kept. ``opted_out_at`` is when they
    said that they want no message that they did not ask for.
    """

    before: datetime
    at: datetime
    opted_out_at: datetime | None = None
    erasure: str = ""
