"""The use case of an erasure: everything kept of a person goes, here and at Twilio.

Every step may be done again, and how far it is stands in the store: who takes it up after a crash
looks through everything anew, and finds what is left. See ``docs/data-protection.md``.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from lib.address import spellings
from lib.errors import DocumentError, GatewayError, TurnTakenError
from lib.model import SETTLED, email_of
from lib.model.erasure import Erasure
from lib.model.span import Span
from lib.turn.erased import erase_documents, whose_erasure
from lib.turn.eraser import Eraser

AT_ONCE = 20
"""Erasures looked at in one tick."""

MOST_TIME = timedelta(seconds=20)
"""Work on one erasure at a time."""

LATE = timedelta(minutes=15)
"""How long what was begun before may still bring something: everything is looked through again."""

LONGEST = timedelta(days=14)
"""After so long what Twilio still refuses to delete is left there."""

_ON_THE_WAY = timedelta(minutes=5)
"""A message is at Twilio before it is here. Weeks lie between the owners of a number."""

_TICK = timedelta(microseconds=1)
_SOON = timedelta(minutes=1)
_PAUSES = (LATE, timedelta(hours=1), timedelta(hours=6))
_WAITS_FOR_ANSWER = timedelta(days=1)
_log = logging.getLogger(__name__)


def erase_due(eraser: Eraser) -> bool:
    """Go on with every erasure that is due; whether nothing of them is left to be done.

    Raises:
        GatewayError: one did not get on; the others did nevertheless.
    """
    failure: GatewayError | None = None
    done = True
    for erasure in eraser.stores.erasures.due(eraser.clock(), AT_ONCE):
        try:
            done = erase(erasure.id, eraser) and done
        except GatewayError as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return done


def erase(erasure_id: str, eraser: Eraser) -> bool:
    """Go on with an erasure; whether nothing is left to be done.

    Raises:
        GatewayError: it did not get on; to be tried again.
    """
    try:
        erasure = eraser.stores.erasures.find(erasure_id)
        return erasure is None or _go_on(erasure, eraser)
    except TurnTakenError:
        return False  # somebody else is at it


def _go_on(erasure: Erasure, eraser: Eraser) -> bool:
    keep, now = eraser.stores.erasures, eraser.clock()
    if not _is_answered(erasure, eraser):
        keep.go_on(erasure, due_at=now + _SOON)
        return False
    if erasure.answered_at is None:
        erasure = keep.go_on(erasure, answered_at=now, due_at=now + _SOON)
    if not _erase_here(erasure, eraser, now + MOST_TIME):
        return False
    erasure = keep.go_on(erasure, passes=erasure.passes + 1, due_at=now + _SOON)
    erasure = _tell(erasure, eraser)
    left = _erase_at_twilio(erasure, eraser)
    return _end(erasure, left, eraser)


def _is_answered(erasure: Erasure, eraser: Eraser) -> bool:
    """Whether the person was told; what is still to be sent must not be taken away."""
    if not erasure.turn or erasure.answered_at is not None:
        return True
    try:
        turn = eraser.stores.turns.find(erasure.turn)
    except DocumentError:
        turn = None
    is_late = eraser.clock() - erasure.at > _WAITS_FOR_ANSWER
    return turn is None or turn.state in SETTLED or is_late


def _erase_here(erasure: Erasure, eraser: Eraser, end: datetime) -> bool:
    """Erase what this gateway keeps; whether there was time for all of it."""
    names = sorted({form for name in erasure.names for form in spellings(name)})
    if eraser.purge is not None:
        for name in names:
            span = erasure.span(name)
            eraser.purge([name], _until(erasure.before, span, _TICK), span.since)
    # Each time: one that was being made is of before, and a later one is made again.
    if eraser.exports is not None:
        # Under a name of history, which nobody else has.
        for name in erasure.histories if erasure.contacts else {*names, *erasure.histories}:
            eraser.exports.delete(name)
    if not erase_documents(erasure, names, eraser.stores, eraser.documents, eraser.clock, end):
        return False
    # Once: what is kept later belongs to somebody unknown.
    if eraser.media is not None and not erasure.passes:
        who = whose_erasure(erasure)
        for name in names:
            eraser.media.delete(name, partial(who.had, name) if who and erasure.spans else None)
    return True


def _until(until: datetime, span: Span, before: timedelta) -> datetime:
    """A time, or so much before that at which a name passed on, if that is earlier."""
    return min(until, span.until - before) if span.until else until


def _tell(erasure: Erasure, eraser: Eraser) -> Erasure:
    if erasure.told or eraser.tell is None:
        return erasure
    told: dict[str, object] = {
        "type": "person.forgotten",
        "timestamp": erasure.at.isoformat(),
        "data": {
            "session_ids": [f"whatsapp-{name}" for name in erasure.histories],
            "user_emails": [email_of(name) for name in erasure.histories],
        },
    }
    try:
        eraser.tell(erasure.id, told)
    except GatewayError as error:
        _log.error("erasure not told", extra={"code": error.code, "reason": str(error)})
        return erasure
    return eraser.stores.erasures.go_on(erasure, told=True)


def _erase_at_twilio(erasure: Erasure, eraser: Eraser) -> int:
    left = 0
    for name in erasure.names:
        span = erasure.span(name)
        received = _until(erasure.before, span, _ON_THE_WAY)
        sent = _until(erasure.answered_at or erasure.at, span, _ON_THE_WAY)
        since = span.since - _ON_THE_WAY if span.since else None
        left += eraser.records.erase(name, received, sent, MOST_TIME.total_seconds(), since)
    return left


def _end(erasure: Erasure, left: int, eraser: Eraser) -> bool:
    keep, now = eraser.stores.erasures, eraser.clock()
    is_told = erasure.told or eraser.tell is None
    if now - erasure.at > LONGEST:
        if left or not is_told:
            _log.error("erasure ended incomplete", extra={"left": left, "told": is_told})
        keep.finish(erasure)
        return True
    begun = erasure.answered_at or erasure.at
    if left or not is_told or now - begun < LATE:
        pause = _PAUSES[min(erasure.passes, len(_PAUSES)) - 1]
        keep.go_on(erasure, due_at=now + pause)
        return False
    keep.finish(erasure)
    _log.info("person forgotten")
    return True
