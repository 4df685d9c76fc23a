"""Data of an earlier version: read, gone on with, and written so that it goes on with them, too."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import TurnTakenError
from lib.model import (
    Catalogue,
    ChunkState,
    DeliveryReport,
    DeliveryState,
    Exchange,
    FailureCause,
    Session,
)
from lib.ports.documents import Write
from lib.storage.encoding import decoded
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores.belongings import belongings
from lib.storage.stores.sessions import read_session, session_write
from tests.processes import ROOT
from tests.stores import NOON, Watch, turn

STATES = ("thinking", "answered", "parked", "delivered", "dead")
PHONE, USER_ID = "+15550001111", "US.1A2B3C"
SAMPLES = sorted((ROOT / "tests/samples/stores").glob("*.sql"))
ROWS = "SELECT collection, id, body FROM documents ORDER BY collection, id"


def documents(sample):
    connection = sqlite3.connect(":memory:")
    connection.executescript(sample.read_text())
    rows = connection.execute(ROWS).fetchall()
    connection.close()
    return {(collection, name): decoded(body) for collection, name, body in rows}


@pytest.fixture(params=SAMPLES, ids=lambda path: path.stem)
def sample(request):
    return request.param


@pytest.fixture
def old(backend, sample):
    """A store with what an earlier version left behind, and that."""
    found = documents(sample)
    if hasattr(backend, "client"):
        for (collection, name), document in found.items():
            backend.keep(collection, name, document)
    else:
        backend.database.close()
        path = backend.database._path
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(sample.read_text())
        connection.close()
    return backend.stores(), found


def test_turns_of_an_earlier_version_are_gone_on_with(old):
    stores, _ = old
    for state in STATES:
        found, ours = stores.turns.claim(turn(f"SM{state}"))
        assert (found.state, found.contact, ours) == (state, PHONE, False)
        moved = stores.turns.commit(replace(found, attempt=9))
        assert stores.turns.find(found.id) == moved
        with pytest.raises(TurnTakenError):
            stores.turns.commit(found)
    answered = stores.turns.find("SManswered")
    assert [chunk.state.value for chunk in answered.chunks] == ["sent", "sending", "waiting"]
    assert (answered.chunks[0].sid, answered.chunks[0].copies) == ("SMout1", ("SMcopy",))
    assert (answered.nudged_until, answered.payload) == (NOON, '{"id": "x"}')
    assert stores.turns.find("SMdead").apologised


def test_overdue_turns_of_an_earlier_version_are_found(old):
    stores, _ = old
    later = NOON + timedelta(hours=1)
    assert {one.id for one in stores.turns.overdue(later, 9)} == {"SMthinking", "SManswered"}
    assert len(stores.turns.overdue(NOON + timedelta(days=8), 9)) == 3


def test_people_of_an_earlier_version_are_known(old):
    stores, _ = old
    for address in (PHONE, USER_ID):
        found = stores.conversations.read(address, USER_ID, "SMdelivered")
        assert (found.contact, found.linked, found.repeated) == (PHONE, True, True)
    session = found.session
    assert session.recent == (Exchange("Hello\n*you*", "Hi 👋🏽"),)
    assert (session.display_name, session.parked) == ("Ann", ("SMparked",))
    assert (session.usage.asked, session.opted_out_at, session.wrote_at) == (3, NOON, NOON)
    assert session.user_id == ""
    assert stores.conversations.read("+15550002222", "").session.unreachable == "63024"


def test_the_rest_of_an_earlier_version_is_known(old):
    stores, _ = old
    failed = stores.deliveries.find("SMout1")
    assert (failed.state, failed.cause) == (DeliveryState.FAILED, FailureCause.WINDOW)
    assert stores.deliveries.owners(["SMout1"]) == {"SMout1": "SManswered"}
    assert stores.deliveries.record(DeliveryReport("SMother", DeliveryState.SENT)).state == "read"
    assert stores.counters.count("questions", NOON) == 4
    (letter,) = stores.dead_letters.newest(9)
    assert (letter.id, letter.reason, letter.at) == ("SMdead", "undelivered 63024", NOON)
    kept = {key.id for key, _ in belongings([PHONE], [], stores)}
    assert kept >= {PHONE, USER_ID, "SMdelivered-user", "SManswered"}


def test_what_is_written_back_has_all_that_the_earlier_version_reads(backend, old):
    stores, before = old
    session = stores.conversations.read(PHONE, "").session
    letter = stores.dead_letters.find("SMdead")
    for state in STATES:
        stores.turns.commit(stores.turns.find(f"SM{state}"), (session_write(session),))
    stores.dead_letters.keep(letter)
    stores.deliveries.record(DeliveryReport("SMout1", DeliveryState.FAILED, "63016"))
    for key, document in before.items():
        after = backend.kept(*key)
        same = {name: after.get(name) for name in document if name != "write_id"}
        assert same == document, key


def test_a_file_of_an_earlier_version_starts_and_is_swept(tmp_path, sample):
    connection = sqlite3.connect(tmp_path / "gateway.db")
    connection.executescript(sample.read_text())
    connection.close()
    database, watch = Database(tmp_path / "gateway.db", create), Watch()
    storage = SqliteStorage(database, Catalogue(), watch)
    stores = storage.stores
    assert storage.owner() == ("AC1", "+14155238886")
    storage.expire_leases(timedelta(seconds=5))
    assert stores.turns.find("SMthinking").lease_until == NOON
    answered = stores.turns.find("SManswered")
    assert answered.lease_until == NOON + timedelta(seconds=5)
    assert answered.chunks[1].state is ChunkState.SENDING
    assert storage.sweep(NOON + timedelta(days=8)) > 0
    assert stores.turns.find("SMdelivered") is None
    assert stores.turns.find("SMparked") is not None
    database.close()


NEW_FIELDS = ("spent", "spent_on", "budget_told", "user_id_since", "merged_into", "news")


def test_a_version_that_knows_nothing_of_money_merges_and_news_keeps_them(stores):
    """It writes all fields that it knows of a session, and names no others."""
    told = {"spent": 7, "spent_on": "2026-11-23", "budget_told": "2026-11-23"}
    told |= {"user_id_since": NOON, "merged_into": "+15550002222", "news": "1"}
    session = Session(PHONE, PHONE, "a", "Ann", NOON, NOON, **told)
    claimed, _ = stores.turns.claim(turn())
    claimed = stores.turns.commit(claimed, (session_write(session),))
    key, document, _ = session_write(replace(session, assistant_id="b"))
    earlier = {name: value for name, value in document.items() if name not in NEW_FIELDS}
    stores.turns.commit(claimed, (Write(key, earlier),))
    kept = dict(stores.sessions.documents_of(PHONE))[key].document
    assert read_session(PHONE, kept) == replace(session, assistant_id="b")


def test_a_turn_of_a_version_without_prices_cost_nothing_that_is_known(stores, backend):
    stores.turns.claim(replace(turn("SM8"), cost=5))
    assert stores.turns.find("SM8").cost == 5
    backend.keep("whatsapp_turns", "SM9", {"state": "delivered"})
    assert stores.turns.find("SM9").cost is None
