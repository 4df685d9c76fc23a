"""The hours of assistants in a file: checked, and with the holidays of two years worked out.

Settings of an assistant: ``hours``, ``timezone``, ``country`` and ``region`` (ISO 3166), ``closed``
(a list of days), ``outside`` and ``other_assistant``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from lib.model import Assistant
from lib.people.hours import Hours, HoursError, closed_days, hours_of, read
from lib.storage.catalogue.yaml_tree import Tree

OUTSIDE = ("notice", "answer", "other")
"""What becomes of a question outside the hours; the first is the default."""

_NEED_HOURS = ("closed", "outside", "other_assistant")


def with_hours(assistant_id: str, settings: Mapping[str, Tree]) -> dict[str, str]:
    """Return the settings of an assistant as texts, holidays among the days it is closed.

    Raises:
        ConfigurationError: the hours cannot be read; it names the line and the assistant.
    """
    told = {name: _text(name, value) for name, value in settings.items()}
    hours = hours_of(told)
    if hours is None:
        _require_hours(assistant_id, settings)
        return told
    try:
        closed = _closed(hours, told.get("region", ""))
        read(Hours(hours.notation, hours.timezone, hours.country, closed))
    except HoursError as error:
        place = settings.get(str(error).partition(" ")[0].rstrip(","), settings["hours"])
        place.refuse(f"assistant {assistant_id!r}: {error}")
    if "outside" in told and told["outside"].strip().lower() not in OUTSIDE:
        settings["outside"].refuse(f"outside is one of {', '.join(OUTSIDE)}")
    return {**told, "closed": closed} if closed else told


def check_others(assistants: Sequence[Assistant], places: Mapping[str, Tree]) -> None:
    """Check that who is to answer instead of somebody is there, and somebody else.

    Raises:
        ConfigurationError: it is not; it names the line of the assistant.
    """
    for one in assistants:
        if one.settings.get("outside", "").strip().lower() != "other":
            continue
        other = one.settings.get("other_assistant", "").strip()
        if other == one.id or other not in places:
            places[one.id].refuse(
                f"assistant {one.id!r}: other_assistant is the id of another one in this file"
            )


def _text(name: str, value: Tree) -> str:
    if name == "closed" and not value.is_text():
        return ", ".join(item.text() for item in value.items())
    return value.text()


def _require_hours(assistant_id: str, settings: Mapping[str, Tree]) -> None:
    for name in _NEED_HOURS:
        if name in settings:
            settings[name].refuse(f"assistant {assistant_id!r}: {name} needs hours beside it")


def _closed(hours: Hours, region: str) -> str:
    """The days on which nobody is there, with this year's holidays and the next one's."""
    days = closed_days(hours.closed)
    if region and not hours.country:
        raise HoursError("country", "is needed beside region")
    if hours.country and not hours.open_on_holidays:
        year = datetime.now(UTC).year
        days = tuple(sorted({*days, *holidays_of(hours.country, region, year)}))
    elif region:
        raise HoursError("region", "knows no hours for holidays (PH); name the days themselves")
    return ", ".join(map(str, days))


@lru_cache(maxsize=64)
def holidays_of(country: str, region: str, year: int) -> tuple[date, ...]:
    """Return the public holidays of a country, or of a part of it, in a year and the next one.

    Raises:
        HoursError: nobody knows them.
    """
    from holidays import country_holidays, list_supported_countries  # noqa: PLC0415 - seldom needed

    regions = list_supported_countries().get(country)
    if regions is None:
        raise HoursError("country", "is unknown; it is one like DE")
    try:
        return tuple(sorted(country_holidays(country, region or None, years=(year, year + 1))))
    except NotImplementedError:
        known = ", ".join(regions) or "no regions"
        raise HoursError("region", f"is unknown; of {country} there is {known}") from None
