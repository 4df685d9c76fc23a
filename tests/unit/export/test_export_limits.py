"""How large an export may be, how long it may take, and what it takes of a process."""

import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from lib.conversation.sessions import open_session
from lib.export.export import PERSONS, LinkedExports, Sources, write_export
from lib.media.kept.addresses import Addresses, end_of
from lib.media.kept.folder import FolderStore
from lib.media.kept.lifetime import EXPORTS
from lib.model import HistoryEntry, InboundMessage, Role
from lib.ports.documents import Key
from lib.ports.exporter import ExportError
from lib.ports.media_store import StoredMedium
from lib.stopping import Stop, StoppedError
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores.sessions import session_write
from tests.kept_media import FolderOfMedia
from tests.stores import NOBODY

ANN = "+15550001111"
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def stores(tmp_path):
    database = Database(tmp_path / "gateway.db", create, sync=lambda _: None)
    yield SqliteStorage(database, NOBODY, lambda: NOON).stores
    database.close()


def meet(stores):
    """Keep Ann's session; return what is known of her."""
    person = stores.conversations.read(ANN, "")
    session = open_session(person, InboundMessage("SM0", ANN, NOON), "default-assistant", NOON)
    stores.documents.replace([session_write(session)])
    return stores.conversations.read(ANN, "")


def say(stores, texts):
    entries = (
        HistoryEntry(f"SM{n}", Role.USER, text, "assistant", ANN, "a", "t", NOON + timedelta(n))
        for n, text in enumerate(texts)
    )
    stores.documents.replace([stores.history.write(one) for one in entries])


def written(stores, limits=PERSONS, media=None, stop=None):
    person = meet(stores)
    file = BytesIO()
    sources = Sources(stores, media, lambda: NOON)
    write_export(file, person, person.session, sources, str, limits, stop or Stop())
    with ZipFile(file) as archive:
        names = archive.namelist()
        return json.loads(archive.read("export.json")), archive.read("index.html").decode(), names


def test_what_is_said_stands_in_the_order_of_its_time(stores):
    entries = [
        HistoryEntry(sid, Role.USER, sid, "assistant", ANN, "a", "t", NOON + timedelta(hours=hours))
        for sid, hours in (("SMa", 3), ("SMb", 1), ("SMc", 2))
    ]
    stores.documents.replace([stores.history.write(one) for one in entries])
    document, page, _ = written(stores)
    assert [one["content"] for one in document["messages"]] == ["SMb", "SMc", "SMa"]
    assert page.index("SMb") < page.index("SMc") < page.index("SMa")


def test_more_than_fits_is_refused_before_it_is_kept(stores):
    say(stores, ["x" * 10_000] * 20)
    with pytest.raises(ExportError):
        written(stores, replace(PERSONS, documents=100_000))
    with pytest.raises(ExportError):
        written(stores, replace(PERSONS, file=200))
    with pytest.raises(ExportError):
        written(stores, replace(PERSONS, seconds=0.0))


def test_a_message_of_a_megabyte_is_whole(stores):
    say(stores, ["ab" * 500_000])
    document, page, _ = written(stores)
    assert document["messages"][0]["content"] == "ab" * 500_000
    assert "ab" * 500_000 in page


def test_halves_of_characters_are_replaced(stores):
    say(stores, ["\ud83d half \x00\u202e"])
    told, page, _ = written(stores)
    assert told["messages"][0]["content"] == "\ufffd half \x00\u202e"
    assert "\ufffd half \u202e" in page


def test_media_are_named_so_that_nothing_lies_beside_their_folder(stores, tmp_path):
    media = FolderOfMedia(tmp_path / "media")
    for number, name in enumerate(("../../etc/passwd", "/root.txt", "..\\x", "\u202eexe.png", "")):
        media.put(ANN, f"{number}", StoredMedium(b"x", "text/plain", name))
    _, _, names = written(stores, media=media)
    assert len(names) == 7
    assert len(set(names)) == 7
    for name in names[:5]:
        folder, _, rest = name.partition("/")
        assert folder == "media"
        assert not set(rest) & set("/\\:\u202e")
        assert rest[0].isdigit()


def test_media_that_do_not_fit_are_left_out(stores, tmp_path):
    media = FolderOfMedia(tmp_path / "media")
    media.put(ANN, "1", StoredMedium(b"x" * 2000, "text/plain", "large.txt"))
    media.put(ANN, "2", StoredMedium(b"x" * 10, "text/plain", "small.txt"))
    document, _, _ = written(stores, replace(PERSONS, media=1000), media)
    assert [one["file"] for one in document["media"]] == ["media/1-small.txt"]


def test_nothing_is_read_for_who_wants_it_no_more(stores):
    stop = Stop()
    stop.give()
    with pytest.raises(StoppedError):
        written(stores, stop=stop)


def test_times_without_sense_end_no_export(stores):
    say(stores, ["hello"])
    stores.documents.create(Key("messages", "odd"), {"session_id": f"whatsapp-{ANN}"})
    document, page, _ = written(stores)
    assert len(document["messages"]) == 2
    assert page.count("<article") == 2


@pytest.mark.slow
def test_a_long_history_takes_little_memory(stores, tmp_path):
    """Its documents are twice as much: what is in memory is where each of them lies."""
    text = "The quick brown fox jumps over the lazy dog. " * 200
    say(stores, [f"{n} {text}" for n in range(2000)])
    person = meet(stores)
    folder = FolderStore(
        tmp_path / "exports", Addresses("https://x.example", b"k", lambda: NOON, EXPORTS), _noon
    )
    export = LinkedExports(Sources(stores, None, _noon), folder, end_of)
    tracemalloc.start()
    link = export(person, person.session, str, Stop())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 1024 * 1024
    assert folder.open(*link.url.split("/")[-2:]) is not None


def _noon():
    return NOON
