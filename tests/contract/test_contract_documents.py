"""What every database of documents promises, on SQLite and on the real Firestore emulator."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.errors import DocumentError
from lib.ports.documents import Equal, Key, Write
from tests.stores import NOON

ANN, BOB = Key("people", "ann"), Key("people", "bob")
ODD_IDS = ["__x__", ".", "..", "a/b", "/", "50%", "%2F", "a b", "é👋🏽"]
DOCUMENT = {
    "text": "Hello\n*you* 👋🏽",
    "number": 7,
    "share": 0.25,
    "flag": True,
    "at": NOON,
    "list": [{"text": "", "at": NOON}, {}],
    "map": {"a": {"b": [1, "2"]}},
}


def read(documents, key):
    stored = documents.read([key]).get(key)
    return stored and stored.document


def without_mark(document):
    return {name: value for name, value in document.items() if name != "write_id"}


def test_a_document_is_read_as_it_was_written(documents):
    documents.replace([Write(ANN, DOCUMENT)])
    assert read(documents, ANN) == DOCUMENT


def test_those_that_exist_are_read_under_their_keys(documents):
    documents.replace([Write(ANN, {"a": 1}), Write(Key("pets", "ann"), {"a": 2})])
    found = documents.read([ANN, BOB, Key("pets", "ann")])
    assert {key: one.document["a"] for key, one in found.items()} == {ANN: 1, ("pets", "ann"): 2}
    assert documents.read([]) == {}


@pytest.mark.parametrize("odd", ODD_IDS)
def test_any_text_can_be_an_id(documents, odd):
    key = Key("people", odd)
    assert documents.create(key, {"name": odd})[1]
    assert list(documents.read([key])) == [key]
    assert [found for found, _ in documents.query("people", Equal("name", odd))] == [key]


@pytest.mark.parametrize("impossible", ["", "x" * 1501, "\ud83d"])
def test_an_id_that_no_document_can_have_is_refused(documents, impossible):
    key = Key("people", impossible)
    for ask in (
        lambda: documents.read([key]),
        lambda: documents.create(key, {}),
        lambda: documents.replace([Write(key, {})]),
        lambda: documents.write_if(ANN, {}, None, [Write(key, {})]),
    ):
        with pytest.raises(DocumentError):
            ask()
    assert read(documents, ANN) is None


# Create


def test_what_is_created_is_ours_and_what_was_there_is_returned(documents):
    created, ours = documents.create(ANN, {"a": 1})
    assert (ours, created.document["a"]) == (True, 1)
    found, ours = documents.create(ANN, {"a": 2})
    assert (ours, found.document["a"], found.revision) == (False, 1, created.revision)
    assert documents.read([ANN])[ANN].revision == created.revision


def test_of_many_that_create_at_once_exactly_one_does(documents):
    with ThreadPoolExecutor(20) as pool:
        for number in range(5):
            key = Key("people", f"p{number}")
            asked = [pool.submit(documents.create, key, {"by": n}) for n in range(20)]
            results = [one.result() for one in asked]
            assert [ours for _, ours in results].count(True) == 1
            winner = next(stored.document["by"] for stored, ours in results if ours)
            assert {stored.document["by"] for stored, _ in results} == {winner}


# Write on condition


def test_fields_that_are_not_named_stay_and_the_revision_moves_on(documents):
    first, _ = documents.create(ANN, {"a": 1, "b": {"c": 2}, "d": [1]})
    second, ours = documents.write_if(ANN, {"a": 2, "d": []}, first.revision)
    assert ours
    assert second.revision != first.revision
    assert without_mark(read(documents, ANN)) == {"a": 2, "b": {"c": 2}, "d": []}
    _, ours = documents.write_if(ANN, {"a": 3}, second.revision)
    assert ours


def test_a_field_that_becomes_none_is_nothing(documents):
    first, _ = documents.create(ANN, {"a": 1})
    documents.write_if(ANN, {"a": None}, first.revision)
    assert read(documents, ANN).get("a") is None


def test_an_older_revision_is_refused_with_what_is_stored(documents):
    first, _ = documents.create(ANN, {"a": 1})
    second, _ = documents.write_if(ANN, {"a": 2}, first.revision)
    found, ours = documents.write_if(ANN, {"a": 3}, first.revision, [Write(BOB, {"a": 3})])
    assert (ours, found.document["a"], found.revision) == (False, 2, second.revision)
    assert read(documents, BOB) is None


def test_none_as_the_revision_means_that_there_is_no_document(documents):
    _, ours = documents.write_if(ANN, {"a": 1}, None, [Write(BOB, {"a": 1})])
    assert ours
    _, ours = documents.write_if(ANN, {"a": 2}, None, [Write(BOB, {"a": 2})])
    assert not ours
    assert (read(documents, ANN)["a"], read(documents, BOB)["a"]) == (1, 1)


def test_a_revision_of_what_is_gone_is_refused(backend, documents):
    first, _ = documents.create(ANN, {"a": 1})
    backend.delete(*ANN)
    assert documents.write_if(ANN, {"a": 2}, first.revision) == (None, False)


def test_others_are_written_beside_on_no_condition_in_their_order(documents):
    documents.replace([Write(BOB, {"a": 1, "kept": True})])
    first, _ = documents.create(ANN, {})
    others = [Write(BOB, {"a": 2}), Write(Key("pets", "rex"), {}), Write(BOB, {"a": 3})]
    _, ours = documents.write_if(ANN, {"a": 1}, first.revision, others, durable=True)
    assert ours
    assert read(documents, BOB) == {"a": 3, "kept": True}
    assert read(documents, Key("pets", "rex")) == {}


def test_what_is_known_beside_is_written_where_it_is_and_else_nothing_is(documents):
    documents.replace([Write(BOB, {"a": 1, "kept": True})])
    first, _ = documents.create(ANN, {"a": 1})
    gone = Key("pets", "rex")
    others = [Write(BOB, {"a": 2}, is_known=True), Write(gone, {}, is_known=True)]
    stored, ours = documents.write_if(ANN, {"a": 2}, first.revision, others)
    assert (stored, ours) == (first, False)
    assert read(documents, BOB) == {"a": 1, "kept": True}
    assert documents.read([gone]) == {}
    _, ours = documents.write_if(ANN, {"a": 2}, first.revision, others[:1])
    assert ours
    assert read(documents, BOB) == {"a": 2, "kept": True}
    new = Key("people", "new")
    assert documents.write_if(new, {}, None, others)[1] is False
    assert documents.write_if(new, {}, None, others[:1])[1] is True


def test_of_many_that_move_a_revision_at_once_one_does_and_all_it_wrote_is_there(documents):
    first, _ = documents.create(ANN, {})

    def move(number):
        beside = [Write(BOB, {"by": number}), Write(Key("people", f"p{number}"), {})]
        return documents.write_if(ANN, {"by": number}, first.revision, beside)[1]

    with ThreadPoolExecutor(10) as pool:
        moved = list(pool.map(move, range(10)))
    assert moved.count(True) == 1
    winner = moved.index(True)
    assert (read(documents, ANN)["by"], read(documents, BOB)["by"]) == (winner, winner)
    found = documents.read([Key("people", f"p{number}") for number in range(10)])
    assert [*found] == [("people", f"p{winner}")]


# Replace


def test_a_whole_document_is_replaced_and_many_at_once(documents):
    documents.replace([Write(ANN, {"a": 1, "b": 2})])
    many = [Write(Key("pets", str(number)), {"n": number}) for number in range(600)]
    documents.replace([Write(ANN, {"b": 3}), *many], durable=True)
    assert read(documents, ANN) == {"b": 3}
    assert read(documents, Key("pets", "599")) == {"n": 599}


def test_what_is_deleted_is_gone_and_what_is_not_there_does_no_harm(documents):
    keys = [Key("things", str(number)) for number in range(510)]
    documents.replace([Write(key, {"a": 1}) for key in keys])
    documents.delete([*keys[1:], Key("things", "odd/../id")])
    assert set(documents.read([*keys[:2], *keys[-2:]])) == {keys[0]}
    _, ours = documents.create(keys[1], {"a": 2})
    assert ours
