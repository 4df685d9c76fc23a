"""Opening hours: when an assistant, or a human, is there.

They are written in OpenStreetMap's notation, ``Mo-Fr 09:00-17:30; Sa 10:00-13:00; PH off``. Source:
https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. What reads it is loaded with
the first hours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from opening_hours import OpeningHours

LONGEST_NOTATION = 1000
"""Characters: more than anybody's hours take."""

MOST_CLOSED = 200
"""Days: more than the holidays of two years."""

HORIZON = timedelta(days=366)
"""How far somebody looks ahead for the next opening."""

HOLIDAYS = re.compile(r"\bPH\b")
_ONLY_OFF = re.compile(r"\bPH\s+(?:off|closed)\b")
_SUN = re.compile(r"\b(?:sunrise|sunset|dawn|dusk)\b")
_COLUMN = re.compile(r"--> \d+:(\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OVERFLOW = datetime.max.replace(tzinfo=UTC) - 2 * HORIZON


class HoursError(ValueError):
    """Hours that cannot be read; the text names the setting to change, and says why."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting} {reason}")


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there, as an operator writes it: by the clock of a ``timezone``.

    ``country`` (ISO 3166-1, two letters) tells which days are ``PH``, public holidays. On the days
    of ``closed`` (ISO 8601) nobody is there, whatever the ``notation`` says of them.
    """

    notation: str
    timezone: str
    country: str = ""
    closed: str = ""

    @property
    def open_on_holidays(self) -> bool:
        """Whether they say of public holidays anything but that these are off."""
        return len(HOLIDAYS.findall(self.notation)) > len(_ONLY_OFF.findall(self.notation))


class Schedule:
    """Hours that were read."""

    def __init__(self, rules: "OpeningHours", zone: ZoneInfo) -> None:
        self._rules = rules
        self._zone = zone

    def is_open(self, at: datetime) -> bool:
        """Whether somebody may be there; also where the hours leave it open."""
        return not self._rules.is_closed(at.astimezone(self._zone))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when it opens after a time at which it is closed, in its own zone.

        None if it does not within a year.
        """
        if at > _OVERFLOW:
            return None
        start = at.astimezone(self._zone)
        for begins, _, state, _ in self._rules.intervals(start, start + HORIZON):
            if state != type(state).CLOSED:
                return begins
        return None

    def local(self, at: datetime) -> datetime:
        """Return a time in the zone of the hours."""
        return at.astimezone(self._zone)


def hours_of(settings: Mapping[str, str]) -> Hours | None:
    """Return the hours that an assistant's settings tell; None where they tell none."""
    if not settings.get("hours", "").strip():
        return None
    names = ("hours", "timezone", "country", "closed")
    return Hours(*(settings.get(name, "").strip() for name in names))


@lru_cache(maxsize=256)
def read(hours: Hours) -> Schedule:
    """Read hours; those that were read lately are remembered.

    Raises:
        HoursError: they cannot be read.
    """
    zone, days = _zone(hours.timezone), closed_days(hours.closed)
    if len(hours.notation) > LONGEST_NOTATION:
        raise HoursError("hours", f"have more than {LONGEST_NOTATION} characters")
    if found := _SUN.search(hours.notation):
        reason = "nobody here knows when the sun rises and sets"
        raise HoursError(f"hours, column {found.start() + 1}:", reason)
    if HOLIDAYS.search(hours.notation) and not hours.country:
        raise HoursError("country", "is needed, since the hours speak of public holidays (PH)")
    notation = hours.notation.rstrip("; ")
    _parsed(notation, zone, hours.country)
    # Beside days that were worked out, those of the country as a whole are not asked for.
    country = "" if days and not hours.open_on_holidays else hours.country
    off = (f"{day.year} {_MONTHS[day.month - 1]} {day.day} off" for day in days)
    return Schedule(_parsed("; ".join((notation, *off)), zone, country), zone)


def closed_days(written: str) -> tuple[date, ...]:
    """Return the days of a list with commas or blanks between them, each once, in their order.

    Raises:
        HoursError: one of them is no day, or there are too many.
    """
    try:
        days = sorted({date.fromisoformat(one) for one in written.replace(",", " ").split()})
    except ValueError:
        raise HoursError("closed", "is a list of days like 2026-12-24") from None
    if len(days) > MOST_CLOSED:
        raise HoursError("closed", f"has more than {MOST_CLOSED} days")
    return tuple(days)


def _zone(name: str) -> ZoneInfo:
    if not name:
        raise HoursError("timezone", "is needed beside hours: for example Europe/Berlin")
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        raise HoursError("timezone", "is unknown; it is one like Europe/Berlin") from None


def _parsed(notation: str, zone: ZoneInfo, country: str) -> "OpeningHours":
    from opening_hours import OpeningHours  # noqa: PLC0415 - few assistants have hours

    try:
        return OpeningHours(notation, timezone=zone, country=country or None)
    except Exception as error:  # noqa: BLE001 - its stubs name none of its errors
        found = _COLUMN.search(str(error))
    if found is None:
        raise HoursError("country", "is unknown; it is one like DE")
    column = int(found[1])
    rest = f"“{notation[column - 1 :][:20]}”" if column <= len(notation) else "the end"
    raise HoursError(
        f"hours, column {column}:",
        f"{rest} is not understood; they are written like Mo-Fr 09:00-17:30; Sa 10:00-13:00",
    )
