"""Being forgotten: when a message asks for it, and what is kept of that."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lib.conversation import spelling
from lib.conversation.commands.command import Command
from lib.model import Conversation, Session

if TYPE_CHECKING:
    from lib.conversation.moment import Moment, Tools
    from lib.model.erasure import Erasure
    from lib.ports.documents import Write
    from lib.storage.stores import Stores

_YES = frozenset(["yes", "sí", "si", "sim", "oui", "ja", "sì", "نعم", "हाँ", "हां", "是", "はい"])
"""What stands behind /forget once it is meant, in each language: whoever is less sure is asked."""

_FIRST_PAUSE = timedelta(seconds=60)


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
    from lib.model.erasure import Erasure  # noqa: PLC0415 - few are forgotten

    theirs = [*filter(None, [session]), *stores.merges.into(person.contact)]
    known = {name for one in theirs for name in (one.contact, one.phone_number, one.user_id)}
    return Erasure(
        id=stores.erasures.id_of(person.contact),
        names=tuple(sorted(filter(None, {person.contact, *person.names, *known}))),
        histories=tuple(sorted({person.contact, *(one.name for one in theirs)})),
        turn=turn,
        before=before,
        at=now,
        due_at=now + _FIRST_PAUSE,
    )


def begun_anew(person: Conversation, tools: "Tools") -> "tuple[Write, ...]":
    """What is kept of a message that came after its person was forgotten: its turn is to go, too.

    Nothing but what is older than their wish is erased, and nothing waits for that.
    """
    from lib.model.erasure import Erasure  # noqa: PLC0415 - as above

    known = person.forgotten
    if known is None:
        return ()
    erasures, now = tools.stores.erasures, tools.clock()
    erasure = Erasure(
        id=erasures.id_of(person.contact),
        names=tuple(sorted({person.contact, *person.names})),
        histories=(person.contact,),
        turn="",
        before=known.before,
        at=known.at,
        due_at=now + _FIRST_PAUSE,
        passes=1,
        answered_at=known.at,
    )
    return erasures.writes(erasure, person.opted_out_at, known.used)
