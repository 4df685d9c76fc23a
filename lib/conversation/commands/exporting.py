"""The command that gives a person everything that is kept of them."""

import logging

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Moment, Outcome, Tools
from lib.ports.exporter import ExportError, NoRoomError
from lib.reply import export_texts as texts
from lib.reply.chunks import split

_log = logging.getLogger(__name__)


def can_be_given(_: Moment, tools: Tools) -> bool:
    """Whether there is a place from which anybody could get a file."""
    return tools.export is not None


def give(call: Call) -> Outcome:
    """Give the person a link to everything that is kept of them.

    Raises:
        StoreError: it cannot be made now.
        StoppedError: they want it no more.
    """
    from lib.conversation.translation import translator_at  # noqa: PLC0415 - few want it

    moment, tools = call.moment, call.tools
    if tools.export is None:
        return call.say(texts.NOWHERE)
    say = translator_at(moment)
    try:
        with tools.typing(moment.message.id):
            link = tools.export(moment.person, moment.session, say, tools.stop)
    except ExportError as error:
        _log.error("export not given", extra={"code": error.code, "reason": str(error)})
        return call.say(texts.NO_ROOM if isinstance(error, NoRoomError) else texts.TOO_MUCH)
    said = say(texts.READY), link.url, say(texts.until(f"{link.ends_at:%H:%M}"))
    # History does not say where the file is: whoever has the link has the file.
    return Outcome("command", call.session, say(texts.NOTED), split("\n\n".join(said)))
