"""A person who asked to be forgotten: what is yet to be erased of them, and what stays known."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from lib.model.conversation import Session, Usage

if TYPE_CHECKING:  # few numbers had two owners
    from lib.model.span import Span


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of one person. ``id`` tells nothing of who they are.

    ``names`` are all names of the person, ``histories`` those under which history knows them,
    ``contacts`` those their sessions are kept under. ``spans`` say of names that others had, too,
    when they were this person's. Erasures of earlier versions have neither ``contacts`` nor spans.
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
    contacts: tuple[str, ...] = ()
    spans: "tuple[Span, ...]" = ()
    revision: str = ""

    def span(self, name: str) -> "Span":
        """When a name was the person's."""
        from lib.model.span import Span  # noqa: PLC0415 - as above

        return next((one for one in self.spans if one.name == name), Span(name))


@dataclass(frozen=True, slots=True)
class Used:
    """What a person has used of limits; see ``Session``. It outlives what is erased.

    Otherwise whoever was forgotten could begin every budget, and guessing codes, anew.
    """

    usage: Usage = field(default_factory=Usage)
    spent: int = 0
    spent_on: str = ""
    spoken: int = 0
    spoken_on: str = ""
    wrong_codes: tuple[datetime, ...] = ()

    def by(self, session: Session) -> Session:
        """Return a session whose person has used that."""
        return replace(
            session,
            usage=self.usage,
            spent=self.spent,
            spent_on=self.spent_on,
            spoken=self.spoken,
            spoken_on=self.spoken_on,
            wrong_codes=self.wrong_codes,
        )


def used_in(session: Session) -> Used:
    """Return what the person of a session has used of limits."""
    return Used(
        session.usage,
        session.spent,
        session.spent_on,
        session.spoken,
        session.spoken_on,
        session.wrong_codes,
    )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is known of somebody who was forgotten, found by a hash of a name of theirs.

    ``id`` is that of their erasure, whether it is done or not. What they sent before ``before`` is
    not answered. ``erasure`` is the one that is yet to do its first pass, if it is: until then
    nothing new may be kept. ``opted_out_at`` is when they said that they want no message that they
    did not ask for, ``used`` what they have used of limits. ``number_since`` is since when a number
    was theirs that somebody else had before.
    """

    before: datetime
    at: datetime
    opted_out_at: datetime | None = None
    erasure: str = ""
    used: Used = field(default_factory=Used)
    id: str = ""
    number_since: datetime | None = None
