from datetime import UTC, datetime, timedelta

import pytest

from lib.queue import rows
from lib.storage.sqlite.file import connect

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def table(tmp_path):
    connection = connect(tmp_path / "queue.db")
    rows.create(connection)
    yield connection
    connection.close()


def add(table, *keys):
    for key in keys:
        table.execute(*rows.addition(key, key.encode(), {"trace_id": key}, NOON))


def taken(table, busy=(), now=NOON, most=100):
    return sorted(rows.take(table, busy, now, most), key=lambda row: row.number)


def test_a_row_comes_out_as_it_went_in(table):
    table.execute(*rows.addition("a", b"\x00\xff", {"trace_id": "t", "é": "👋"}, NOON))
    (row,) = taken(table)
    assert row == rows.Row(1, "a", b"\x00\xff", {"trace_id": "t", "é": "👋"}, NOON, attempt=1)


def test_only_the_first_of_each_key_is_taken(table):
    add(table, "a", "b", "a", "c", "b")
    assert [row.number for row in taken(table)] == [1, 2, 4]
    assert [row.number for row in taken(table, busy={"a"})] == [2, 4]
    assert len(taken(table, most=2)) == 2
    assert taken(table, most=0) == []


def test_what_overtakes_is_taken_by_itself_in_order_and_one_of_a_person(table):
    add(table, "a", "b#fast", "b", "a#fast", "b#fast", "#fastest")
    found = rows.take_fast(table, {"c#fast"}, NOON, 9)
    assert sorted(row.number for row in found) == [2, 4]
    assert rows.take_fast(table, {"a#fast", "b#fast"}, NOON, 9) == []
    assert [row.number for row in taken(table, {"a#fast", "b#fast"})] == [1, 3, 6]


def test_what_overtakes_is_found_by_an_index_of_its_own(table):
    asked = []
    table.set_trace_callback(asked.append)
    rows.take_fast(table, (), NOON, 9)
    table.set_trace_callback(None)
    plan = table.execute(f"EXPLAIN QUERY PLAN {asked[-1]}").fetchall()
    assert "queued_fast" in str(plan)


def test_every_taking_is_one_more_attempt(table):
    add(table, "a")
    assert [taken(table)[0].attempt for _ in range(3)] == [1, 2, 3]


def test_the_next_of_a_key_is_due_once_the_one_before_is_gone(table):
    add(table, "a", "a")
    (first,) = taken(table)
    rows.postpone(table, first, NOON + SECOND)
    assert taken(table) == []
    assert rows.next_due(table, ()) == NOON + SECOND
    rows.remove(table, first, NOON)
    (second,) = taken(table)
    assert second.number == 2
    rows.remove(table, second, NOON)
    assert rows.next_due(table, ()) is None
    assert rows.count(table) == 0


def test_what_is_removed_twice_takes_nothing_else_with_it(table):
    add(table, "a", "a")
    (first,) = taken(table)
    rows.remove(table, first, NOON)
    rows.remove(table, first, NOON)
    assert [row.number for row in taken(table)] == [2]


def test_who_waited_longest_comes_first(table):
    for number in range(20):
        table.execute(*rows.addition(f"k{number}", b"", {}, NOON - number * SECOND))
    assert {row.key for row in taken(table, most=3)} == {"k19", "k18", "k17"}


def test_a_clock_set_back_does_not_hold_up_messages(table):
    add(table, "a")
    yesterday = NOON - timedelta(days=1)
    assert taken(table, now=yesterday) == []
    rows.mend(table, yesterday, yesterday + timedelta(seconds=60))
    assert len(taken(table, now=yesterday)) == 1


def test_a_wait_of_ordinary_length_is_not_cut_short(table):
    add(table, "a")
    rows.postpone(table, taken(table)[0], NOON + 60 * SECOND)
    rows.mend(table, NOON, NOON + 60 * SECOND)
    assert taken(table, now=NOON + 59 * SECOND) == []


@pytest.mark.parametrize("statement", ["_ADD", "_MEND", "_TAKE", "_NEXT_DUE", "_RELEASE"])
def test_no_statement_reads_the_whole_table(table, statement):
    values = dict.fromkeys(("key", "data", "attributes", "now", "latest", "most"), 1)
    plan = table.execute(
        f"EXPLAIN QUERY PLAN {getattr(rows, statement)}", {**values, "busy": "[]"}
    ).fetchall()
    details = [row[3] for row in plan]
    assert any("queued" in detail for detail in details)
    assert not [one for one in details if one.startswith("SCAN queued") and "INDEX" not in one]
    assert not [one for one in details if "TEMP B-TREE" in one]
