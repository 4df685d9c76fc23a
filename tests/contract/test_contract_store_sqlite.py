"""What only the store in a file promises: it outlives its process, and shares its file."""

import os
import signal
import subprocess
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.errors import DocumentError, StoreError
from lib.model import (
    Catalogue,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    HistoryEntry,
    Role,
    TurnState,
)
from lib.storage.keeping import Keeping
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.file import connect
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores.sessions import session_write
from tests.processes import ROOT, python, wait_for
from tests.stores import NOON, SqliteBackend, commit_sent, turn

CLAIM_ALL = """
import sys, time
from pathlib import Path
from lib.model import Catalogue
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.file import connect
from lib.storage.sqlite.table import create
from tests.stores import NOON, turn

path, start = Path(sys.argv[1]), Path(sys.argv[2])
stores = SqliteStorage(Database(path, create), Catalogue(), lambda: NOON).stores
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
for number in range(50):
    if stores.turns.claim(turn(f"SM{number}"))[1]:
        print(number, flush=True)
"""
WRITE_FOREVER = """
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from lib.model import Catalogue, TurnState
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.file import connect
from lib.storage.sqlite.table import create
from tests.stores import NOON, turn

database = Database(Path(sys.argv[1]), create)
stores = SqliteStorage(database, Catalogue(), lambda: NOON).stores
for number in count():
    claimed, _ = stores.turns.claim(turn(f"SM{number}"))
    stores.turns.commit(replace(claimed, state=TurnState.ANSWERED))
    print(number, flush=True)
"""


@pytest.fixture
def backend(tmp_path):
    backend = SqliteBackend(tmp_path)
    yield backend
    backend.database.close()


def start(program, *arguments):
    return subprocess.Popen(
        python("-c", program, *map(str, arguments)), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_of_several_processes_exactly_one_gets_each_turn(tmp_path):
    flag = tmp_path / "start"
    workers = [start(CLAIM_ALL, tmp_path / "new" / "gateway.db", flag) for _ in range(4)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 4
    flag.touch()
    won = "".join(worker.communicate(timeout=60)[0] for worker in workers)
    assert [worker.returncode for worker in workers] == [0] * 4
    assert sorted(map(int, won.split())) == list(range(50))


def test_what_was_stored_survives_kill_9(tmp_path):
    path = tmp_path / "gateway.db"
    writer = start(WRITE_FOREVER, path)
    stored = [int(writer.stdout.readline()) for _ in range(50)]
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate(timeout=10)
    stored += [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]

    database = Database(path, create)
    stores = SqliteStorage(database, Catalogue(), lambda: NOON).stores
    for number in stored:
        found, ours = stores.turns.claim(turn(f"SM{number}"))
        assert (found.state, ours) == (TurnState.ANSWERED, False)
    with database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_at_the_start_of_the_process_every_lease_ends(backend):
    storage = backend.storage()
    stores = storage.stores
    working, _ = stores.turns.claim(turn("SM1"))
    answered, _ = stores.turns.claim(turn("SM2"))
    stores.turns.commit(replace(answered, state=TurnState.ANSWERED))
    done, _ = stores.turns.claim(turn("SM3"))
    done = stores.turns.commit(replace(done, state=TurnState.DELIVERED))
    backend.watch.now = NOON + timedelta(seconds=5)

    storage.expire_leases(timedelta(seconds=5))

    leases = [stores.turns.claim(turn(name))[0].lease_until for name in ("SM1", "SM2")]
    assert leases == [backend.watch.now] * 2
    assert stores.turns.claim(turn("SM3")) == (done, False)
    with pytest.raises(StoreError):
        stores.turns.commit(working)


def test_a_start_looks_at_nothing_that_is_settled(backend, caplog):
    storage = backend.storage()
    done, _ = storage.stores.turns.claim(turn("SM1"))
    storage.stores.turns.commit(replace(done, state=TurnState.DELIVERED))
    # Whoever looks at one that is damaged says so.
    with backend.database.transaction() as connection:
        connection.execute("UPDATE documents SET body = 'damaged' WHERE id = 'SM1'")
    storage.expire_leases(timedelta(seconds=5))
    assert caplog.messages == []


def test_sweeping_deletes_what_expired_and_keeps_history_for_a_year(backend):
    storage = backend.storage()
    stores = storage.stores
    claimed, _ = stores.turns.claim(turn("SM1"))
    entry = HistoryEntry("SM1", Role.USER, "Hi", "assistant", "+15550001111", "a", "t", NOON)
    settled = replace(claimed, state=TurnState.DELIVERED)
    sent = stores.deliveries.sent_write("SMout", settled)
    stores.turns.commit(settled, (stores.history.write(entry), sent))
    later, _ = stores.turns.claim(replace(turn("SM2"), created_at=NOON + timedelta(days=1)))
    stores.turns.commit(replace(later, state=TurnState.DELIVERED))
    stores.deliveries.record(DeliveryReport("SMout2", DeliveryState.SENT))

    assert storage.sweep(NOON + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert storage.sweep(NOON + timedelta(days=7)) == 3
    assert backend.kept("whatsapp_turns", "SM1") is None
    assert backend.kept("whatsapp_turns", "SM2") is not None
    assert backend.kept("messages", "SM1-user") is not None
    assert storage.sweep(NOON + timedelta(days=365)) > 0
    assert backend.kept("messages", "SM1-user") is None


def test_what_an_earlier_version_kept_without_an_end_is_given_one(backend):
    for collection in ("messages", "dead_letters", "whatsapp_sessions"):
        backend.keep(collection, "old", {"at": NOON, "created_at": NOON})
    storage = backend.storage()
    assert storage.sweep(NOON + timedelta(days=1000)) == 0
    assert storage.sweep(NOON + timedelta(days=1000 + 89)) == 0
    assert storage.sweep(NOON + timedelta(days=1000 + 90)) == 1
    assert backend.kept("dead_letters", "old") is None
    assert storage.sweep(NOON + timedelta(days=1000 + 365)) == 1
    assert backend.kept("messages", "old") is None
    assert backend.kept("whatsapp_sessions", "old") is not None


def test_what_is_to_be_kept_for_ever_is(backend):
    backend.keep("messages", "old", {"created_at": NOON})
    storage = SqliteStorage(backend.database, Catalogue(), backend.watch, Keeping(0, 0))
    storage.stores.dead_letters.keep(DeadLetter("SM1", "expired", "{}", NOON))
    assert storage.sweep(NOON + timedelta(days=36_500)) == 0


CALLS = {
    "claim": lambda storage: storage.stores.turns.claim(turn()),
    "commit": lambda storage: storage.stores.turns.commit(turn()),
    "conversation": lambda storage: storage.stores.conversations.read("+15550001111", ""),
    "record_delivery": lambda storage: storage.stores.deliveries.record(
        DeliveryReport("SMout", DeliveryState.SENT)
    ),
    "check": lambda storage: storage.documents.check(),
    "sweep": lambda storage: storage.sweep(NOON),
    "expire_leases": lambda storage: storage.expire_leases(timedelta(seconds=5)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("broken", ["no folder", "no database"])
def test_a_file_that_cannot_be_used_is_an_error_of_the_store(tmp_path, broken, call):
    file = tmp_path / "file"
    file.write_text("This is no database." * 100)
    database = Database(file / "gateway.db" if broken == "no folder" else file, create)
    with pytest.raises(StoreError) as error:
        call(SqliteStorage(database, Catalogue(), lambda: NOON))
    assert error.value.retryable
    database.close()


def test_a_file_that_somebody_else_locks_is_an_error_in_time(backend, tmp_path):
    storage = backend.storage()
    storage.documents.check()
    other = connect(tmp_path / "data" / "gateway.db")
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(StoreError):
        storage.documents.check()
    assert 4 < time.monotonic() - began < 50
    other.execute("ROLLBACK")
    storage.documents.check()
    other.close()


def test_a_lock_that_is_soon_free_is_waited_for(backend, tmp_path):
    storage = backend.storage()
    stores = storage.stores
    storage.documents.check()
    holder = start(
        "import sqlite3, sys, time\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True)\n"
        "time.sleep(0.5)\n"
        "connection.execute('COMMIT')\n",
        tmp_path / "data" / "gateway.db",
    )
    assert holder.stdout.readline() == "locked\n"
    began = time.monotonic()
    assert stores.turns.claim(turn())[1]
    assert time.monotonic() - began > 0.2
    wait_for(lambda: holder.poll() is not None)
    holder.communicate()


# Bodies that are no documents, as no store but a file can have them.
BROKEN = ["", "no JSON", "[1]", "5", "null", '"text"', "{", "[" * 5000, '{"a": NaN}x']


def spoil(backend, collection, document_id, body):
    with backend.database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO documents (collection, id, body, revision, overdue_at)"
            " VALUES (?, ?, ?, 1, 0)",
            (collection, document_id, body),
        )


@pytest.mark.parametrize("body", [*BROKEN, b"\xff\x00", 5])
def test_a_broken_document_takes_nothing_else_with_it(backend, body, caplog):
    storage = backend.storage()
    stores = storage.stores
    collections = ("whatsapp_turns", "whatsapp_deliveries", "whatsapp_counters", "dead_letters")
    for collection in collections:
        spoil(backend, collection, "broken", body)
    mine, _ = stores.turns.claim(replace(turn(), lease_until=NOON - timedelta(hours=1)))
    mine = commit_sent(stores, mine, "SMa")
    stores.dead_letters.keep(DeadLetter("SM1", "expired", "{}", NOON))

    assert stores.turns.overdue(NOON, 10) == [mine]
    assert [one.id for one in stores.dead_letters.newest(10)] == ["SM1"]
    assert stores.deliveries.owners(["broken", "SMa"]) == {"SMa": "SM1"}
    assert stores.deliveries.find("broken").state is DeliveryState.QUEUED
    assert stores.counters.count("broken", NOON) == 1
    storage.expire_leases(timedelta(seconds=5))
    with pytest.raises(DocumentError):
        stores.turns.find("broken")
    told = [(one.collection, one.document) for one in caplog.records if one.levelname == "ERROR"]
    assert sorted(told) == sorted((collection, "broken") for collection in collections)
    report = DeliveryReport("broken", DeliveryState.SENT)
    assert stores.deliveries.record(report).state is DeliveryState.SENT


@pytest.mark.parametrize("body", [*BROKEN, b"\xff\x00", '{"created_at": {"$time": "then"}}'])
def test_a_person_whose_session_is_broken_goes_on_with_a_new_one(backend, body):
    stores = backend.stores()
    for collection in ("whatsapp_sessions", "whatsapp_contacts"):
        spoil(backend, collection, "+15550001111", body)
    session = stores.conversations.read("+15550001111", "+15550001111").session
    claimed, _ = stores.turns.claim(turn())
    chosen = replace(session, assistant_id="python-expert")
    stores.turns.commit(claimed, (session_write(chosen),))
    found = stores.conversations.read("+15550001111", "+15550001111").session
    assert found.assistant_id == "python-expert"


def test_a_time_that_is_none_spoils_no_document(backend):
    stores = backend.stores()
    stores.turns.claim(turn())
    with backend.database.transaction() as connection:
        connection.execute(
            "UPDATE documents SET body = json_set(body, '$.lease_until', json(?))",
            ('{"$time": "soon"}',),
        )
    assert stores.turns.find("SM1").lease_until == NOON


def test_leases_end_at_the_start_whatever_else_is_there(backend):
    storage = backend.storage()
    stores = storage.stores
    stores.turns.claim(turn("SM1"))
    backend.keep("whatsapp_turns", "SM0", {"state": "thinking", "lease_until": "soon"})
    backend.keep("whatsapp_turns", "SM2", {"state": "thinking", "attempt": []})
    backend.keep("whatsapp_turns", "SM3", {"colour": "red"})
    storage.expire_leases(timedelta(seconds=5))
    assert stores.turns.find("SM1").lease_until == NOON
