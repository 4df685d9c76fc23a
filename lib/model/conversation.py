"""What is known of a person: the session, and all else that an answer takes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from lib.model.assistant import Assistant, Exchange
from lib.model.permissions import Permissions

if TYPE_CHECKING:  # few people have any of these
    from lib.model.access import Login
    from lib.model.erasure import Forgotten
    from lib.model.human import Human
    from lib.model.span import Span
    from lib.model.switches import Switches


@dataclass(frozen=True, slots=True)
class Usage:
    """What a contact has used of its limits.

    ``tokens`` are the messages still allowed at ``counted_at``; None of both before the first.
    ``warned`` says that the person was told to slow down. ``asked`` counts the questions to
    assistants on ``day``, a date in UTC.
    """

    tokens: float = 0.0
    counted_at: datetime | None = None
    warned: bool = False
    day: str = ""
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A contact's lasting state. ``recent`` holds the last pairs, oldest first.

    ``parked`` are the turns whose answers wait until the person writes again. ``unreachable``
    is the provider's code for why nothing could be sent to the contact. ``opted_out_at`` is when
    the person said that they want no message but answers; None while they have not. ``wrote_at`` is
    when their newest message came, however much later it was worked on; None if nobody noted it.
    ``user_id`` is the person's business-scoped id; empty while none was seen. ``number_since`` is
    when the contact's number was found to be this person's and no longer somebody else's: what is
    permitted to the number is not permitted to them. None of most people. ``known_as`` is the name
    under which assistants and history know them, where that is not the contact. ``held`` is the
    turn that waits for what belongs to its question. ``question`` is the turn of the last message
    that an assistant was asked about, ``answered_at`` when an answer was last stored. ``original``
    is the turn whose message has the words of that question, where it was asked anew.
    ``comment_on`` is the turn whose answer the person is to comment on, until ``comment_until``.
    ``voice`` is whether answers are spoken: ``on`` or ``off``; empty where those to speech are.
    ``spoken`` counts the characters of answers that were, on ``spoken_on``, a date in UTC.
    ``unsure`` is the turn of a recording of which they were asked whether it was understood.
    ``human`` is set while a human has the person. ``introduced`` is the version of the introduction
    that they were told, ``away_told`` the assistant, and the day by its clock, of which they were
    last told that it is not there. ``opted_in_at`` is when they last took an opting out back.
    ``login`` is what an invitation gave them, ``wrong_codes`` are the times of codes that were
    none. ``language`` is the one that the person chose to be spoken to in; empty where they chose
    none. ``spent`` is what the answers of ``spent_on`` cost, in millionths, and ``budget_told`` the
    day on which they were last told that little is left of their budget; both are dates in UTC.
    ``user_id_since`` is when another business-scoped id was seen than the contact had before.
    ``merged_into`` is the contact of the session that an operator has put in the place of this one,
    ``merged`` are the contacts of those in whose place this one is. ``news`` are the last that the
    person was told. ``consent`` is the event that proves what they last said of messages that they
    did not ask for. ``former_numbers`` are those that they had, and have no longer. ``stored_as``
    is the contact under which it was read; empty of one that begins.
    """

    contact: str
    phone_number: str
    assistant_id: str
    display_name: str
    created_at: datetime
    last_active: datetime
    recent: tuple[Exchange, ...] = ()
    parked: tuple[str, ...] = ()
    unreachable: str = ""
    usage: Usage = Usage()
    opted_out_at: datetime | None = None
    wrote_at: datetime | None = None
    user_id: str = ""
    number_since: datetime | None = None
    known_as: str = ""
    held: str = ""
    question: str = ""
    answered_at: datetime | None = None
    original: str = ""
    comment_on: str = ""
    comment_until: datetime | None = None
    voice: str = ""
    spoken: int = 0
    spoken_on: str = ""
    unsure: str = ""
    human: "Human | None" = None
    introduced: str = ""
    away_told: str = ""
    language: str = ""
    opted_in_at: datetime | None = None
    login: "Login | None" = None
    wrong_codes: tuple[datetime, ...] = ()
    spent: int = 0
    spent_on: str = ""
    budget_told: str = ""
    user_id_since: datetime | None = None
    merged_into: str = ""
    news: str = ""
    merged: tuple[str, ...] = ()
    consent: str = ""
    former_numbers: "tuple[Span, ...]" = ()
    stored_as: str = field(default="", compare=False, repr=False)

    @property
    def name(self) -> str:
        """Who the person is to assistants and in history; nobody else ever has the same name."""
        return self.known_as or self.contact

    @property
    def id(self) -> str:
        """The session id an assistant is told."""
        return f"whatsapp-{self.name}"

    @property
    def user_email(self) -> str:
        """The identity that an assistant is told."""
        return email_of(self.name)


def email_of(contact: str) -> str:
    """The e-mail address that stands for a contact in permissions and requests."""
    return f"{contact}@whatsapp.user"


@dataclass(frozen=True, slots=True)
class Conversation:
    """All the responder must know before it answers one contact, read in one go.

    ``contact`` is the name under which the person is kept, ``names`` are all that are known of
    them, in every form. ``linked`` says that the business-scoped id is already linked to the
    contact. ``repeated`` says that history knows the message: it was answered long ago.
    ``former`` is the session of somebody else, whose number the contact was before.
    ``stopped_before`` is when the person last cancelled: what they sent earlier is not answered.
    ``forgotten`` is what is known of somebody of one of these names who asked to be forgotten.
    ``listed`` says that there are permissions of the person's own. ``account`` is the e-mail
    address that they act as; empty where they have none but that of their name.
    ``merged`` says that they write under a name that an operator merged into this person: what a
    message tells of its sender is not the session's. ``switches`` are the flags and news that
    operators set; None where there are none. ``opted_out_at`` and ``opted_in_at`` are when they
    last said that they want no messages but answers, or that they do, also of somebody whose
    session is over.
    """

    contact: str
    session: Session | None
    permissions: Permissions
    assistants: tuple[Assistant, ...]
    linked: bool = False
    repeated: bool = False
    names: frozenset[str] = frozenset()
    former: Session | None = None
    stopped_before: datetime | None = None
    forgotten: "Forgotten | None" = None
    listed: bool = False
    account: str = ""
    merged: bool = False
    switches: "Switches | None" = None
    opted_out_at: datetime | None = None
    opted_in_at: datetime | None = None

    @property
    def name(self) -> str:
        """The name under which history knows the person."""
        return self.session.name if self.session else self.contact
