"""What is said outside the hours of an assistant; see ``lib.people.hours`` for the hours."""

import logging
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.model import Assistant
from lib.people.hours import Hours, HoursError, Schedule, hours_of, read
from lib.reply import people_texts as texts
from lib.reply.phrase import Phrase

_log = logging.getLogger(__name__)


def within_hours(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Let an assistant be asked in its hours; outside of them do as its settings say.

    It is asked, too, if it was there when the message came, and where its hours cannot be read.
    """
    assistant, now = moment.assistant, tools.clock()
    if assistant is None:
        return moment
    closed = _closed(assistant, (now, moment.message.received_at))
    if closed is None:
        return moment
    opening = opening_of(closed, now)
    match assistant.settings.get("outside", "").strip().lower():
        case "answer":
            return _noted(moment, closed, now, texts.away_but_answers(opening))
        case "other":
            other = _other(assistant, moment, now)
            if other is not None:
                note = texts.away_for(assistant.name, other.name, opening)
                return replace(_noted(moment, closed, now, note), assistant=other)
    # It can be asked again later, as what failed can.
    session = replace(moment.session, question=moment.message.id, original=moment.again)
    return in_own_words("notice", texts.away(assistant.name, opening), session)


def opening_of(schedule: Schedule, now: datetime) -> Phrase | None:
    """Return in words when somebody is there again; None where it is not known."""
    opens = schedule.next_opening(now)
    if opens is None:
        return None
    days = (opens.date() - schedule.local(now).date()).days
    zone = str(opens.tzinfo)
    return texts.opening(days, opens.weekday(), f"{opens:%Y-%m-%d}", f"{opens:%H:%M}", zone)


@lru_cache(maxsize=256)
def schedule_of(name: str, hours: Hours) -> Schedule | None:
    """Return hours that were read; None, and a line in the log, where they cannot be.

    ``name`` is whose they are. Each wrong ones are told once by a process.
    """
    try:
        return read(hours)
    except HoursError as error:
        _log.error("hours cannot be read", extra={"whose": name, "reason": str(error)})
        return None


def _closed(assistant: Assistant, times: tuple[datetime, ...]) -> Schedule | None:
    """The hours of an assistant that is not there at any of these times."""
    hours = hours_of(assistant.settings)
    schedule = schedule_of(assistant.id, hours) if hours else None
    if schedule is None or any(map(schedule.is_open, times)):
        return None
    return schedule


def _other(assistant: Assistant, moment: Moment, now: datetime) -> Assistant | None:
    """Who answers instead: somebody whom the person may use, and who is there."""
    wanted = assistant.settings.get("other_assistant", "").strip()
    found = next((one for one in moment.assistants if one.id == wanted), None)
    return found if found is not None and _closed(found, (now,)) is None else None


def _noted(moment: Moment, schedule: Schedule, now: datetime, note: Phrase) -> Moment:
    """Say the note above the answer, unless the person was told on the same day."""
    chosen = moment.session.assistant_id
    told = f"{chosen} {schedule.local(now):%Y-%m-%d}"
    if moment.session.away_told == told:
        return moment
    session = replace(moment.session, away_told=told)
    return replace(moment, session=session, head=(*moment.head, note))
