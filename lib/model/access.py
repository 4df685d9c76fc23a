"""How people get in: invitations, and what one gave to who took it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Access(StrEnum):
    """Whom the gateway answers.

    ``OPEN``: everybody. ``INVITED``: whoever took an invitation, or has permissions of their own.
    ``LISTED``: whoever has those.
    """

    OPEN = "open"
    INVITED = "invited"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code is good for, to so many ``uses`` until it expires.

    ``email`` is the account that whoever takes it acts as, ``assistants`` those that they may use:
    empty and None where it says nothing of that. ``taken`` are the messages that took it.
    """

    uses: int
    expires_at: datetime
    made_by: str = ""
    email: str = ""
    assistants: frozenset[str] | None = None
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Login:
    """What an invitation gave to the person who took it, and when; see ``Invitation``."""

    invitation: str
    at: datetime
    email: str = ""
    assistants: frozenset[str] | None = None
