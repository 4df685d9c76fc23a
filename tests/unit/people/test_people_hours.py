"""Opening hours: who is there when, in three zones, over both nights of a change of clocks."""

from datetime import UTC, datetime

import pytest

from lib.people.hours import Hours, HoursError, hours_of, read

BERLIN, NEW_YORK, KATHMANDU = "Europe/Berlin", "America/New_York", "Asia/Kathmandu"
OFFICE = "Mo-Fr 09:00-17:30"
NIGHT = "Mo-Su 22:00-06:00"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Hours, zone, the time in UTC, whether somebody is there, and when they are again by their clock.
TABLE = [
    (OFFICE, BERLIN, "2026-11-27T08:00", True, ""),
    (OFFICE, BERLIN, "2026-11-27T07:59", False, "2026-11-27T09:00:00+01:00"),
    (OFFICE, BERLIN, "2026-11-27T16:30", False, "2026-11-30T09:00:00+01:00"),
    (OFFICE, BERLIN, "2026-07-01T07:00", True, ""),
    (OFFICE, NEW_YORK, "2026-11-27T14:00", True, ""),
    (OFFICE, NEW_YORK, "2026-11-27T13:59", False, "2026-11-27T09:00:00-05:00"),
    (OFFICE, NEW_YORK, "2026-07-01T12:59", False, "2026-07-01T09:00:00-04:00"),
    (OFFICE, KATHMANDU, "2026-11-27T03:15", True, ""),
    (OFFICE, KATHMANDU, "2026-11-27T03:14", False, "2026-11-27T09:00:00+05:45"),
    (OFFICE, KATHMANDU, "2026-11-27T11:45", False, "2026-11-30T09:00:00+05:45"),
    # A night shift belongs to two days, and is an hour shorter or longer when clocks change.
    (NIGHT, BERLIN, "2026-11-27T21:30", True, ""),
    (NIGHT, BERLIN, "2026-11-27T06:00", False, "2026-11-27T22:00:00+01:00"),
    (NIGHT, BERLIN, "2027-03-28T03:59", True, ""),
    (NIGHT, BERLIN, "2027-03-28T04:00", False, "2027-03-28T22:00:00+02:00"),
    (NIGHT, BERLIN, "2026-10-25T04:59", True, ""),
    (NIGHT, BERLIN, "2026-10-25T05:00", False, "2026-10-25T22:00:00+01:00"),
    (NIGHT, NEW_YORK, "2026-11-01T10:59", True, ""),
    (NIGHT, NEW_YORK, "2026-11-01T11:00", False, "2026-11-01T22:00:00-05:00"),
    (NIGHT, NEW_YORK, "2027-03-14T09:59", True, ""),
    (NIGHT, NEW_YORK, "2027-03-14T10:00", False, "2027-03-14T22:00:00-04:00"),
    # An opening at a time that is not there begins when the clock has passed it.
    ("02:30-04:00", BERLIN, "2027-03-28T00:30", False, "2027-03-28T03:00:00+02:00"),
    ("02:30-04:00", BERLIN, "2026-10-25T00:00", False, "2026-10-25T02:30:00+01:00"),
    ("02:30-04:00", NEW_YORK, "2027-03-14T06:30", False, "2027-03-14T03:00:00-04:00"),
    # Exceptions, and hours that are never again.
    (
        f"{OFFICE}; Dec 24 09:00-12:00",
        BERLIN,
        "2026-12-24T11:00",
        False,
        "2026-12-25T09:00:00+01:00",
    ),
    (f"{OFFICE}; PH off", BERLIN, "2026-12-25T10:00", False, "2026-12-28T09:00:00+01:00"),
    ("24/7", KATHMANDU, "2026-12-25T10:00", True, ""),
    (f"2020 {OFFICE}", BERLIN, "2026-11-27T08:00", False, None),
    ("off", BERLIN, "2026-11-27T08:00", False, None),
    # Hours that leave it open are taken for hours.
    ("Mo-Fr 09:00-17:30 unknown", BERLIN, "2026-11-27T08:00", True, ""),
]


@pytest.mark.parametrize(("notation", "zone", "time", "is_open", "opens"), TABLE)
def test_somebody_is_there_by_the_clock_of_their_own_zone(notation, zone, time, is_open, opens):
    schedule = read(Hours(notation, zone, "DE" if "PH" in notation else ""))
    assert schedule.is_open(at(time)) is is_open
    if not is_open:
        opening = schedule.next_opening(at(time))
        assert (opening and opening.isoformat()) == opens


@pytest.mark.parametrize(
    ("closed", "opens"),
    [
        ("", "2026-12-24T09:00:00+01:00"),
        ("2026-12-24", "2026-12-25T09:00:00+01:00"),
        ("2026-12-25, 2026-12-24", "2026-12-28T09:00:00+01:00"),
        ("2026-12-24 2026-12-25,2026-12-28, 2026-12-28", "2026-12-29T09:00:00+01:00"),
    ],
)
@pytest.mark.parametrize("end", ["", ";", "; "])
def test_nobody_is_there_on_days_that_are_closed(closed, opens, end):
    schedule = read(Hours(OFFICE + end, BERLIN, closed=closed))
    assert schedule.next_opening(at("2026-12-23T20:00")).isoformat() == opens


def test_days_that_were_worked_out_stand_for_all_holidays_of_the_country():
    hours = Hours("Mo-Su 09:00-12:00; PH off", BERLIN, "DE", "2026-12-24")
    assert read(hours).is_open(at("2026-12-25T10:00"))
    assert not read(hours).is_open(at("2026-12-24T10:00"))
    open_then = Hours("PH 10:00-12:00", BERLIN, "DE", "2026-12-24")
    assert read(open_then).is_open(at("2026-12-25T10:00"))
    assert not read(open_then).is_open(at("2026-12-25T12:00"))


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Hours("Mo-Fr 9-17", BERLIN), "hours, column 7: “9-17” is not understood"),
        (Hours("Mon-Fri 09:00-17:00", BERLIN), "hours, column 3: “n-Fri 09:00-17:00” is not"),
        (Hours("Mo 09:00-10:00 and so on", BERLIN), "hours, column 1"),
        (Hours("Mo 09:00-10:00 " * 100, BERLIN), "hours have more than 1000 characters"),
        (Hours("Mo-Fr sunrise-18:00", BERLIN), "hours, column 7: nobody here knows when the sun"),
        (Hours(OFFICE, ""), "timezone is needed"),
        (Hours(OFFICE, "Berlin"), "timezone is unknown"),
        (Hours(OFFICE, "../../etc/passwd"), "timezone is unknown"),
        (Hours(OFFICE, "Europe"), "timezone is unknown"),
        (Hours(OFFICE, "a\0b"), "timezone is unknown"),
        (Hours("PH off", BERLIN), "country is needed"),
        (Hours("PH off", BERLIN, "XX"), "country is unknown"),
        (Hours(OFFICE, BERLIN, closed="24.12.2026"), "closed is a list of days"),
        (Hours(OFFICE, BERLIN, closed="2026-02-30"), "closed is a list of days"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(hours, words):
    with pytest.raises(HoursError) as refused:
        read(hours)
    assert words in str(refused.value)


def test_more_days_than_anybody_writes_down_are_refused():
    days = ", ".join(f"{2026 + n // 28}-02-{n % 28 + 1:02}" for n in range(201))
    with pytest.raises(HoursError, match="closed has more than 200 days"):
        read(Hours(OFFICE, BERLIN, closed=days))


def test_nobody_looks_beyond_the_end_of_all_days():
    assert read(Hours("off", BERLIN)).next_opening(at("9999-12-30T20:00")) is None


def test_an_assistant_without_hours_has_none():
    assert hours_of({"hours": " ", "timezone": BERLIN}) is None
    told = {"hours": OFFICE, "timezone": BERLIN, "outside": "answer", "model": "any"}
    assert hours_of(told) == Hours(OFFICE, BERLIN)
