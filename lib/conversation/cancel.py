"""Cancelling: a command beside all others, and what becomes of messages sent before it.

It is worked on beside the message that it stops, so it keeps nothing in the session: how often a
person cancels is counted where the stops are.
"""

import logging
from dataclasses import replace

from lib.conversation.commands.command import Command
from lib.conversation.limits import Admission, admit, own_limits
from lib.conversation.moment import Moment, Outcome, Tools
from lib.model import Usage

_log = logging.getLogger(__name__)
_HEARD = frozenset({"cancel", "stop", "start"})


def is_cancel(command: Command | None) -> bool:
    """Whether a message's command says that what is being done is to stop."""
    return command is not None and command.name == "cancel"


def is_heard(command: Command | None) -> bool:
    """Whether a message counts although it was sent before a cancel: consent holds for good."""
    return command is not None and command.name in _HEARD


def stopped(moment: Moment, tools: Tools) -> Moment | Outcome:
    """End silently what was sent before the person cancelled."""
    before = moment.person.stopped_before
    is_older = before is not None and moment.message.received_at < before
    if not is_older or is_heard(moment.command):
        return moment
    letter = tools.stores.dead_letters.find(moment.message.id)
    if letter is not None and letter.replayed_at is not None:
        return moment  # an operator wants it answered after all
    _log.info("message stopped before it was begun")
    return Outcome("ignored", moment.session)


def rate(moment: Moment, tools: Tools) -> Admission:
    """Count a cancel; say whether it is worked on."""
    per_minute = own_limits(moment.person.permissions, tools.limits).messages_per_minute
    if per_minute <= 0:
        return Admission.ADMITTED
    found: list[Admission] = []

    def counted(usage: Usage) -> Usage:
        left, admission = admit(usage, moment.message.received_at, per_minute)
        found.append(admission)
        return left

    tools.stores.stops.count(moment.person.contact, counted, tools.clock())
    return found[-1]


def beside(moment: Moment, outcome: Outcome) -> Outcome:
    """Return an outcome that keeps nothing in the session where the message is a cancel."""
    return replace(outcome, session=None) if is_cancel(moment.command) else outcome
