"""How documents are found, counted and followed, on SQLite and on the real Firestore emulator."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta

import pytest
from google.cloud.firestore_v1 import GeoPoint

from lib.errors import StoreError
from lib.ports.documents import Equal, Key, Until, Write
from tests.stores import NOON

ANN, BOB = Key("people", "ann"), Key("people", "bob")


def read(documents, key):
    return documents.read([key])[key].document


# Query


def due(documents, latest, field="overdue_at", page=100):
    return [key.id for key, _ in documents.query("jobs", Until(field, latest), page)]


@pytest.mark.parametrize("field", ["overdue_at", "expire_at", "due_at"])
def test_what_is_due_is_found_the_earliest_first(documents, field):
    times = {"c": 3, "a": 1, "b": 2, "late": 9}
    documents.replace(
        Write(Key("jobs", name), {field: NOON + timedelta(seconds=n)}) for name, n in times.items()
    )
    documents.replace([Write(Key("jobs", "never"), {field: None}), Write(Key("jobs", "none"), {})])
    documents.replace([Write(Key("others", "a"), {field: NOON})])
    assert due(documents, NOON + timedelta(seconds=3), field) == ["a", "b", "c"]
    assert due(documents, NOON + timedelta(seconds=2.999), field) == ["a", "b"]


def test_a_time_that_is_not_named_stays_and_one_that_is_none_is_none(documents):
    key = Key("jobs", "a")
    first, _ = documents.create(key, {"overdue_at": NOON, "expire_at": NOON})
    second, _ = documents.write_if(key, {"colour": "red"}, first.revision)
    assert due(documents, NOON) == ["a"]
    documents.write_if(key, {"overdue_at": None}, second.revision)
    assert due(documents, NOON) == []
    assert due(documents, NOON, "expire_at") == ["a"]


@pytest.mark.parametrize("page", [1, 2, 3, 7, 100])
def test_pages_leave_nothing_out_and_give_nothing_twice(documents, page):
    same, names = NOON, [f"job{number}" for number in range(7)]
    documents.replace(Write(Key("jobs", name), {"overdue_at": same, "of": "ann"}) for name in names)
    assert due(documents, NOON, page=page) == names
    for where in (Equal("of", "ann"), None):
        assert [key.id for key, _ in documents.query("jobs", where, page)] == names


def test_what_is_found_is_read_with_its_revision(documents):
    created, _ = documents.create(ANN, {"text": 'a "b"', "number": 7, "at": NOON})
    for where in (None, Equal("text", 'a "b"'), Until("at", NOON)):
        ((key, stored),) = documents.query("people", where)
        assert (key, stored.revision) == (ANN, created.revision)
        assert (stored.document["number"], stored.document["at"]) == (7, NOON)
    assert list(documents.query("people", Equal("number", "7"))) == []


def test_the_newest_come_first_and_those_without_a_time_not_at_all(documents):
    for number in (2, 1, 3):
        at = NOON + timedelta(seconds=number / 2)
        documents.replace([Write(Key("letters", str(number)), {"at": at})])
    documents.replace([Write(Key("letters", "none"), {"reason": "x"})])
    assert [key.id for key, _ in documents.newest("letters", "at", 10)] == ["3", "2", "1"]
    assert [key.id for key, _ in documents.newest("letters", "at", 2)] == ["3", "2"]


# Increment


def test_a_number_counts_every_one_of_many_at_once(documents):
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(lambda _: documents.increment(ANN, "n", {"at": NOON}), range(20)))
    assert sorted(counted) == list(range(1, 21))
    assert read(documents, ANN) == {"n": 20, "at": NOON}


def test_an_increment_leaves_other_fields_alone(documents):
    documents.replace([Write(ANN, {"a": 1, "n": "none"})])
    assert documents.increment(ANN, "n", {}) == 1
    assert read(documents, ANN) == {"a": 1, "n": 1}


# Follow


def test_a_document_is_followed_from_how_it_is_through_every_kind_of_write(documents):
    first, _ = documents.create(ANN, {"a": 0})
    with closing(documents.follow(ANN, 30)) as versions:
        seen = next(versions)
        assert (seen.document["a"], seen.revision) == (0, first.revision)
        documents.write_if(ANN, {"a": 1}, first.revision)
        assert next(versions).document["a"] == 1
        documents.write_if(BOB, {}, None, [Write(ANN, {"a": 2})])
        assert next(versions).document["a"] == 2
        documents.replace([Write(ANN, {"a": 3})])
        assert next(versions).document["a"] == 3
        documents.increment(ANN, "a", {})
        last = next(versions)
    assert last == documents.read([ANN])[ANN]


def test_what_is_not_there_is_followed_until_it_is(documents):
    later = threading.Timer(0.2, documents.create, (ANN, {"a": 1}))
    later.start()
    with closing(documents.follow(ANN, 30)) as versions:
        assert next(versions).document["a"] == 1
    later.join()


def test_following_ends_in_time(documents):
    assert list(documents.follow(ANN, 2)) == []  # an emulator takes a while for its first stream


# What is no document


def test_a_database_that_works_passes_its_check(documents):
    documents.check()


def test_text_that_is_none_stops_nothing_else(documents):
    with suppress(StoreError):  # Firestore takes valid text only
        documents.create(ANN, {"text": "\ud83d"})
    assert documents.create(BOB, {"text": "Hello"})[1]
    assert read(documents, BOB)["text"] == "Hello"


# A file holds text that is no document; Firestore kinds of values that are never written here.
UNREADABLE = ["", "no JSON", "[1]", "null", b"\xff\x00", 5]


def spoil(backend, key, number):
    if hasattr(backend, "client"):
        place = backend.client.collection("x").document("y")
        values = [GeoPoint(1, 2), place, b"\xff", [place], {"a": place}, float("nan")]
        backend.keep(*key, {"odd": values[number]})
        return
    with backend.database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO documents (collection, id, body, revision) VALUES (?, ?, ?, 1)",
            (*key, UNREADABLE[number]),
        )


@pytest.mark.parametrize("number", range(6))
def test_what_cannot_be_read_hides_nothing_and_can_be_written(backend, documents, number):
    spoil(backend, ANN, number)
    documents.replace([Write(BOB, {"of": "x", "at": NOON, "due_at": NOON})])
    assert "of" not in read(documents, ANN)
    for where in (None, Equal("of", "x"), Until("due_at", NOON)):
        found = [key for key, _ in documents.query("people", where)]
        assert [key for key in found if key != ANN] == [BOB]
    assert [key for key, _ in documents.newest("people", "at", 1)] == [BOB]
    stored, ours = documents.create(ANN, {"a": 1})
    assert not ours
    assert documents.write_if(ANN, {"a": 2}, stored.revision)[1]
    assert documents.increment(ANN, "a", {}) == 3
