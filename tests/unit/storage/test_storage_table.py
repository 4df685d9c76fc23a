"""The table of documents: older files, and how many statements a turn takes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.model import Catalogue, Chunk, ChunkState, HistoryEntry, Role, Turn, TurnState
from lib.ports.documents import Equal, Key, Until, Write
from lib.storage.sqlite import statements as sql
from lib.storage.sqlite import table
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.file import connect
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import Table

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
OLD = """
CREATE TABLE documents (
    collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL,
    expire_at REAL, {column} PRIMARY KEY (collection, id)
) WITHOUT ROWID
"""


@pytest.mark.parametrize("column", ["", "overdue_at REAL,"])
def test_a_file_of_an_earlier_version_is_taken_over(tmp_path, column):
    connection = connect(tmp_path / "gateway.db")
    connection.execute(OLD.format(column=column))
    connection.execute(
        "INSERT INTO documents (collection, id, body, revision) VALUES ('a', 'b', '{\"c\": 1}', 7)"
    )
    for _ in range(2):
        table.create(connection)
        assert Table(connection).read("a", "b") == ({"c": 1}, 7)
    statement = sql.write_if(Write(Key("a", "b"), {"overdue_at": NOON}), "7", [])
    assert connection.execute(*statement).rowcount == 1
    assert Table(connection).read("a", "b") == ({"c": 1, "overdue_at": NOON}, 8)
    found, _ = Table(connection).page("a", Until("overdue_at", NOON), 9)
    assert [(key.id, stored.document["c"]) for key, stored in found] == [("b", 1)]
    connection.close()


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Equal("running", "+15550001111"), "documents_by_running"),
        (Equal("stopped_by", "SM1"), "documents_by_stopped_by"),
        (Until("overdue_at", NOON), "documents_overdue"),
    ],
)
@pytest.mark.parametrize("after", [(), ("x", "SM1")])
def test_what_a_cancel_and_a_start_ask_for_is_found_by_an_index(tmp_path, asked, index, after):
    connection = connect(tmp_path / "gateway.db")
    table.create(connection)
    statement, values = sql.query("whatsapp_turns", asked, 100, after)
    step, *_ = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    assert f"USING INDEX {index} (collection=? AND " in step[-1]
    connection.close()


def test_what_is_no_document_is_in_no_index_and_in_nobodys_way(tmp_path):
    connection = connect(tmp_path / "gateway.db")
    table.create(connection)
    for number, body in enumerate(('{"running": "ann"', "", "[]", '{"running": ["ann"]}')):
        connection.execute(
            "INSERT INTO documents (collection, id, body, revision) VALUES ('a', ?, ?, 1)",
            (str(number), body),
        )
    Table(connection).write("a", "good", {"running": "ann"})
    found, _ = Table(connection).page("a", Equal("running", "ann"), 9)
    assert [key.id for key, _ in found] == ["good"]
    connection.close()


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "gateway.db", table.create)
    yield database
    database.close()


def statements(database):
    """What is asked of the database from now on, the limits of transactions included."""
    found = []
    with database.transaction(durable=False) as writer, database.reading() as reader:
        for connection in (writer, reader):
            connection.set_trace_callback(found.append)
    found.clear()
    return found


def test_a_turn_takes_few_statements(database):
    stores = SqliteStorage(database, Catalogue(), lambda: NOON).stores
    asked = statements(database)

    def count():
        number = len(asked)
        asked.clear()
        return number

    turn = Turn("SM1", "+1555", "+1555", TurnState.THINKING, 1, NOON + timedelta(60), NOON)
    turn, _ = stores.turns.claim(turn)
    assert count() == 1
    stores.conversations.read("+1555", "US.1", "SM1")
    assert count() == 1
    entry = HistoryEntry("SM1", Role.USER, "Hi", "assistant", "+1555", "a", "t", NOON)
    turn = stores.turns.commit(turn, (stores.history.write(entry),))
    assert count() == 1
    chunk = Chunk("Hi", ChunkState.SENT, "SMout")
    sent = stores.deliveries.sent_write("SMout", turn)
    stores.turns.commit(replace(turn, chunks=(chunk,)), (sent,))
    assert count() == 1
