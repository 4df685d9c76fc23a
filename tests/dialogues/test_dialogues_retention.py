"""Whatever people do, all that is kept of them ends by itself but for what must not."""

from datetime import UTC, datetime, timedelta

import pytest

from lib.model import DeliveryReport, DeliveryState, FailureCause, QueueDelivery
from lib.settings.people import PeopleSettings
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway

BOB = "+15550002222"
CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant, price_per_question: 0.5, budget_per_day: 5}
  python-expert: {name: Python Expert}
"""
SAID = [
    *("Hello", "/switch python-expert", "/voice off", "/language de", "/new", "/rate 5", "/cancel"),
    *("/human", "/bot", "/login K7QF-3M9X", "STOP", "START", "/why", "/again", "/forget"),
]


@pytest.fixture
def table(tmp_path):
    people = PeopleSettings(human_contact="Write to us.")
    with local_gateway(tmp_path, CATALOGUE, people=people) as ready:
        yield ready


def left(table, days):
    """What is left after so many days, by collection."""
    table.gateway.sqlite().sweep(datetime.now(UTC) + timedelta(days=days))
    with table.gateway.database().reading() as connection:
        rows = connection.execute("SELECT collection, body FROM documents").fetchall()
    found = {}
    for collection, body in rows:
        found.setdefault(collection, []).append(body)
    return found


def test_of_people_who_did_everything_nothing_is_left_in_the_end(table):
    for text in SAID:
        table.say(text, user_id="US.1A2B3C")
    table.fault(fault="error", code=21620, status=400, times=1)
    table.say("This one is given up", BOB)
    assert {"whatsapp_sessions", "whatsapp_contacts", "messages", "dead_letters"} <= left(
        table, days=0
    ).keys()
    assert left(table, days=400 + 30 + 3 * 365 + 1) == {}


def test_of_somebody_who_opted_out_a_hash_is_left(table):
    table.say("STOP", user_id="US.1A2B3C")
    kept = left(table, days=5000)
    assert kept.keys() == {"whatsapp_erasures"}
    assert ANN not in str(kept)
    assert "US.1A2B3C" not in str(kept)


def test_of_somebody_who_was_forgotten_nothing_is_left_in_the_end(table):
    table.say("Hello", BOB)
    table.say("/forget yes", BOB)
    now = table.gateway.stores().erasures.due(datetime.now(UTC) + timedelta(days=1), 1)
    table.gateway.stores().erasures.finish(now[0])
    assert left(table, days=40).keys() <= {"whatsapp_erasures"}
    assert left(table, days=5000) == {}


def test_an_answer_that_is_owed_is_not_deleted(table):
    table.say("Hello")
    (sid,) = [one["sid"] for one in table.resources()]
    window = DeliveryReport(
        sid, DeliveryState.FAILED, "63016", address=ANN, cause=FailureCause.WINDOW
    )
    assert respond(QueueDelivery(window), table.gateway.responder())
    assert left(table, days=5000).keys() == {"whatsapp_turns"}
