"""Write a file of every kind of document, and dump it: python write.py > <day of the version>.sql

To be run in a checkout of the version that is to be remembered (PYTHONPATH=<checkout>).
"""

import sqlite3
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lib.model import (
    Catalogue,
    Chunk,
    ChunkState,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Exchange,
    FailureCause,
    HistoryEntry,
    Role,
    Session,
    Turn,
    TurnState,
    Usage,
)
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores.sessions import link_write, session_write, unreachable_write

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)
PHONE = "+15550001111"
SESSION = Session(
    contact=PHONE,
    phone_number=PHONE,
    assistant_id="python-expert",
    display_name="Ann",
    created_at=NOON,
    last_active=NOON + timedelta(minutes=1),
    recent=(Exchange("Hello\n*you*", "Hi 👋🏽"),),
    parked=("SMparked",),
    usage=Usage(2.5, NOON, warned=True, day="2026-11-23", asked=3),
    opted_out_at=NOON,
    wrote_at=NOON,
)
CHUNKS = (
    Chunk("one", ChunkState.SENT, "SMout1", NOON, failures=1, copies=("SMcopy",)),
    Chunk("two", ChunkState.SENDING, opened_at=NOON),
    Chunk("three"),
)
ENTRY = HistoryEntry(
    "SMdelivered", Role.USER, "Hello", "assistant", PHONE, "python-expert", "t", NOON
)
LETTER = DeadLetter(
    "SMdead", "undelivered 63024", '{"id": "SMdead"}', NOON, "whatsapp-SMdead", contact=PHONE
)


def write(storage: SqliteStorage) -> None:
    """Write what a few turns leave behind."""
    stores = storage.stores
    turn = Turn("", PHONE, PHONE, TurnState.THINKING, 1, NOON + timedelta(minutes=1), NOON)
    claimed = {
        state: stores.turns.claim(replace(turn, id=f"SM{state.value}", payload='{"id": "x"}'))[0]
        for state in TurnState
    }
    moved = {state: replace(one, state=state) for state, one in claimed.items()}
    answered = replace(moved[TurnState.ANSWERED], chunks=CHUNKS, nudged_until=NOON)
    stores.turns.commit(answered, (stores.deliveries.sent_write("SMout1", answered),))
    person = session_write(SESSION), link_write("US.1A2B3C", PHONE)
    stores.turns.commit(moved[TurnState.PARKED], person)
    answer = replace(ENTRY, role=Role.ASSISTANT, text="Hi", thinking="A greeting.")
    history = tuple(map(stores.history.write, (ENTRY, answer)))
    stores.turns.commit(moved[TurnState.DELIVERED], history)
    dead = replace(moved[TurnState.DEAD], apologised=True)
    lost = stores.dead_letters.write(LETTER)
    stores.turns.commit(dead, (lost, unreachable_write("+15550002222", "63024")))
    failed = DeliveryReport("SMout1", DeliveryState.FAILED, "63016", cause=FailureCause.WINDOW)
    stores.deliveries.record(failed)
    stores.deliveries.record(DeliveryReport("SMother", DeliveryState.READ))
    for _ in range(3):
        stores.counters.count("questions", NOON + timedelta(days=2))
    storage.own("AC1", "+14155238886")


with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "gateway.db"
    database = Database(file, create)
    write(SqliteStorage(database, Catalogue(), lambda: NOON))
    database.close()
    connection = sqlite3.connect(file)
    sys.stdout.write("\n".join([*connection.iterdump(), ""]))
    connection.close()
