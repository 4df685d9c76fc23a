"""Being forgotten: when a message asks for it, and what is kept of that."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lib.conversation import spelling
from lib.conversation.commands.command import Command
from lib.model import Conversation, InboundMessage, Session

if TYPE_CHECKING:
    from lib.conversation.moment import Moment, Tools
    from lib.model.erasure import Erasure, Forgotten
    from lib.ports.documents import Write
    from lib.storage.stores import Stores

_YES = frozenset(["yes", "sí", "si", "sim", "oui", "ja", "sì", "نعم", "हाँ", "हां", "是", "はい"])
"""What stands behind /forget once it is meant, in each language: whoever is less sure is asked."""

_FIRST_PAUSE = timedelta(seconds=60)
_MOMENT = timedelta(milliseconds=1)


def is_erasure(command: Command | None) -> bool:
    """Whether a command says that its sender is to be forgotten, and means it."""
    if command is None or command.name != "forget":
        return False
    return spelling.letters(command.argument) in _YES


def asked_for(moment: "Moment", tools: "Tools") -> "tuple[Write, ...]":
    """What is kept of a person's wish to be forgotten: it is all that is to be done."""
    from lib.model.erasure import used_in  # noqa: PLC0415 - few are forgotten

    stores, message = tools.stores, moment.message
    before, now = message.received_at, tools.clock()
    wish = erasure_of(moment.person, moment.session, message.id, before, now, stores)
    return stores.erasures.writes(wish, moment.session.opted_out_at, used_in(moment.session))


def erasure_of(
    person: Conversation,
    session: Session | None,
    turn: str,
    before: datetime,
    now: datetime,
    stores: "Stores",
) -> "Erasure":
    """Return the erasure of a person: of all names that are known of them, merged ones, too.

    Raises:
        StoreError: nobody can tell now what was merged.
    """
    from lib.conversation.whose import whose  # noqa: PLC0415 - few are forgotten
    from lib.model.erasure import Erasure  # noqa: PLC0415 - as above

    who = whose(person, session, stores)
    return Erasure(
        id=stores.erasures.id_of(person.contact),
        names=tuple(sorted(who.names)),
        histories=tuple(sorted(who.histories)),
        contacts=tuple(sorted(who.contacts)),
        spans=who.spans(),
        turn=turn,
        before=before,
        at=now,
        due_at=now + _FIRST_PAUSE,
    )


def begun_anew(
    message: InboundMessage, person: Conversation, known: "Forgotten", tools: "Tools"
) -> "tuple[Write, ...]":
    """What is kept of a message that came after its person was forgotten: its turn is to go, too.

    Nothing waits for that. An erasure that is not done yet takes it along; else nothing but what is
    of the message's moment goes, since the number may be somebody else's by now.
    """
    from lib.model.erasure import Erasure  # noqa: PLC0415 - as above
    from lib.model.span import Span  # noqa: PLC0415 - as above

    erasures, at = tools.stores.erasures, message.received_at
    names = tuple(sorted({message.address, person.contact}))
    due_at = tools.clock() + _FIRST_PAUSE
    erasure = erasures.find(known.id) or Erasure(
        id=known.id,
        names=names,
        histories=(),
        contacts=names,
        spans=tuple(Span(name, at, at + _MOMENT) for name in names),
        turn="",
        before=known.before,
        at=known.at,
        due_at=due_at,
        passes=1,
        answered_at=known.at,
        told=True,
    )
    return erasures.writes(
        replace(erasure, due_at=due_at), known.opted_out_at, known.used, known.number_since
    )
