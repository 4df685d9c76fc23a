"""A human instead of an assistant: who has been given to one, and what they are told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lib.model.assistant import Exchange
from lib.model.message import Media


@dataclass(frozen=True, slots=True)
class Human:
    """A person has been given to a human ``since`` then: no assistant answers.

    It ends at ``until``, which each word puts off. ``by`` is who asked for it: ``person``,
    ``assistant`` or an operator. ``reported`` says that somebody was told of it, and
    ``acknowledged`` that the person was told that what they write is passed on. ``turn`` is the
    message with which it began.
    """

    since: datetime
    until: datetime
    by: str
    turn: str = ""
    reported: bool = True
    acknowledged: bool = False


class HandoverKind(StrEnum):
    """``REQUESTED``: a human is asked for. ``MESSAGE``: the person wrote. ``ENDED``: no longer."""

    REQUESTED = "requested"
    MESSAGE = "message"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class HandoverEvent:
    """What whoever takes over is told. ``id`` is the message's: told twice, it counts once.

    ``contact`` is the person's number or business-scoped id, ``by`` is as for ``Human``. ``recent``
    holds the last pairs, oldest first, where a human is asked for.
    """

    id: str
    kind: HandoverKind
    contact: str
    name: str
    session_id: str
    assistant_id: str
    trace_id: str
    by: str
    at: datetime
    text: str = ""
    media: tuple[Media, ...] = ()
    recent: tuple[Exchange, ...] = ()
