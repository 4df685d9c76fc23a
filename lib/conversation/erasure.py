"""Being forgotten: when a message asks for it, and what is kept of that."""

from datetime import timedelta
from typing import TYPE_CHECKING

from lib.conversation.commands.command import Command
from lib.model import Conversation

if TYPE_CHECKING:
    from lib.conversation.moment import Moment, Tools
    from lib.ports.documents import Write

YES = "yes"
"""What stands behind /forget once it is meant."""

_FIRST_PAUSE = timedelta(seconds=60)


def is_erasure(command: Command | None) -> bool:
    """Whether a command says that its sender is to be forgotten, and means it."""
    return command is not None and command.name == "forget" and command.argument.lower() == YES


def asked_for(moment: "Moment", tools: "Tools") -> "tuple[Write, ...]":
    """What is kept of a person's wish to be forgotten: it is all that is to be done."""
    from lib.model.erasure import Erasure  # noqa: PLC0415 - few are forgotten

    person, session, now = moment.person, moment.session, tools.clock()
    names = {person.contact, *person.names, session.phone_number, session.user_id}
    erasures = tools.stores.erasures
    erasure = Erasure(
        id=erasures.id_of(person.contact),
        names=tuple(sorted(filter(None, names))),
        histories=tuple(sorted({person.contact, session.name})),
        turn=moment.message.id,
        before=moment.message.received_at,
        at=now,
        due_at=now + _FIRST_PAUSE,
    )
    return erasures.writes(erasure, session.opted_out_at)


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
    return erasures.writes(erasure, known.opted_out_at)
