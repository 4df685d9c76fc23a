from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.conversation.limits import Admission, Limits, admit, speech_left, spend, spend_speech
from lib.model import Answer, Catalogue, Session, Usage
from lib.reply import texts
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from tests.local_gateway import local_gateway
from tests.sentences import HELP

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
SESSION = Session("+15550001111", "+15550001111", "a", "Ann", NOW, NOW)


def written(count, per_minute, seconds_apart):
    usage, admissions = Usage(), []
    for number in range(count):
        at = NOW + timedelta(seconds=number * seconds_apart)
        usage, admission = admit(usage, at, per_minute)
        admissions.append(admission)
    return admissions


def test_a_burst_up_to_the_limit_is_admitted_then_warned_once_then_ignored():
    admissions = written(40, 30, 0)
    assert admissions == ([Admission.ADMITTED] * 30 + [Admission.WARNED] + [Admission.IGNORED] * 9)


def test_a_steady_writer_below_the_limit_is_never_stopped():
    assert set(written(200, 30, 2)) == {Admission.ADMITTED}


def test_one_above_the_limit_gets_the_limit_and_one_warning():
    admissions = written(120, 30, 1)  # two minutes at twice the pace
    assert admissions.count(Admission.WARNED) == 1
    assert admissions.count(Admission.ADMITTED) == pytest.approx(30 + 60, abs=2)


def test_after_a_pause_everything_is_as_before_and_the_next_flood_is_warned_again():
    usage = Usage()
    for _ in range(2):
        warned = 0
        for _ in range(40):
            usage, admission = admit(usage, NOW, 30)
            warned += admission is Admission.WARNED
        assert warned == 1
        usage = replace(usage, counted_at=usage.counted_at - timedelta(minutes=1))


def test_a_backlog_is_judged_by_when_it_was_written():
    assert set(written(60, 30, 2.0)) == {Admission.ADMITTED}


def test_zero_is_no_limit():
    assert set(written(1000, 0, 0)) == {Admission.ADMITTED}


def test_a_message_from_before_the_last_one_fills_nothing():
    usage, _ = admit(Usage(), NOW, 30)
    earlier, _ = admit(usage, NOW - timedelta(hours=1), 30)
    assert earlier.tokens == 28


@pytest.fixture
def counters(tmp_path):
    database = Database(tmp_path / "gateway.db", create)
    yield SqliteStorage(database, Catalogue(), lambda: NOW).stores.counters
    database.close()


def test_the_questions_of_one_contact_are_counted_by_day(counters):
    session = SESSION
    for _ in range(3):
        session = spend(session, Limits(questions_per_contact=3), counters, "SM1", NOW)
    limits = Limits(questions_per_contact=3)
    assert spend(session, limits, counters, "SM1", NOW) is None
    tomorrow = spend(session, limits, counters, "SM1", NOW + timedelta(days=1))
    assert tomorrow.usage.asked == 1


@pytest.mark.parametrize("limit", [1, 7, 250])
def test_all_questions_together_never_exceed_the_budget(counters, limit):
    limits = Limits(questions_per_day=limit)
    asked = [spend(SESSION, limits, counters, f"SM{n}", NOW) for n in range(2 * limit + 50)]
    granted = sum(one is not None for one in asked)
    assert granted <= limit
    assert granted >= 0.8 * limit
    tomorrow = NOW + timedelta(days=1)
    assert spend(SESSION, limits, counters, "SM1", tomorrow)


# What may be spoken in a day, what was by now, what is now, and what then was; None is refused.
SPEECH = [
    (0, 0, 5000, 5000),
    (0, 999_999, 1, 1_000_000),
    (1000, 0, 1000, 1000),
    (1000, 0, 1001, None),
    (1000, 900, 100, 1000),
    (1000, 900, 101, None),
    (1000, 1000, 1, None),
]


@pytest.mark.parametrize(("most", "spoken", "now", "then"), SPEECH)
def test_what_is_spoken_to_a_person_has_a_budget(most, spoken, now, then):
    session = replace(SESSION, spoken=spoken, spoken_on="2026-01-02")
    counted = spend_speech(session, now, most, NOW)
    assert (counted and counted.spoken) == then
    assert speech_left(session, most, NOW) == (max(0, most - spoken) if most else None)


@pytest.mark.parametrize("later", [timedelta(hours=12), timedelta(days=30)])
def test_what_is_spoken_is_counted_by_day(later):
    used = spend_speech(SESSION, 1000, 1000, NOW)
    assert spend_speech(used, 1, 1000, NOW + timedelta(hours=11)) is None
    counted = spend_speech(used, 700, 1000, NOW + later)
    assert counted.spoken == 700
    assert speech_left(counted, 1000, NOW + later) == 300


class Counting:
    def __init__(self):
        self.asked = 0

    def ask(self, assistant, question, listener):
        self.asked += 1
        return Answer("Hi")


def test_a_flood_costs_one_polite_notice_and_no_questions(tmp_path):
    with local_gateway(tmp_path) as table:
        client = Counting()
        parts = replace(
            table.gateway.responder(), clients={"vac": client}, limits=Limits(messages_per_minute=3)
        )
        table.gateway.parts["responder"] = parts
        moment = datetime.now(UTC)
        for _ in range(8):
            assert table.hand_over(replace(table.message("Hello"), received_at=moment))
        assert table.sent() == ["Hi"] * 3 + [texts.SLOW_DOWN]
        assert client.asked == 3
        other = replace(table.message("Hello", "+15550002222"), received_at=moment)
        assert table.hand_over(other)
        assert table.sent("+15550002222") == ["Hi"]


def test_who_has_used_up_the_budget_is_told_and_commands_still_work(tmp_path):
    with local_gateway(tmp_path) as table:
        limits = Limits(questions_per_contact=1)
        table.gateway.parts["responder"] = replace(table.gateway.responder(), limits=limits)
        assert "one" in table.say("one")[0]
        assert table.say("two") == [
            "You have used up what you may ask today. You can ask again at 00:00 UTC."
        ]
        assert table.say("/help") == [HELP]
