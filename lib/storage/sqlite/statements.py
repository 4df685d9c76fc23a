"""The statements of SQL that a conditional write and a query are made of."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from lib.ports.documents import Equal, Until, Write
from lib.storage.document_ids import to_document_id
from lib.storage.encoding import encoded
from lib.storage.sqlite.database import Statement

TIMES = ("expire_at", "overdue_at")
"""Times that stand in columns of their own, with an index, as seconds since 1970."""

TEXTS = ("running", "stopped_by")
"""Texts that are asked for while a person waits, and have an index each."""

# All or nothing in one statement, since other threads of the process come between two. The
# condition is looked at once, before anything is written. Fields that are not named stay
# (RFC 7396, "JSON Merge Patch"), and one with nothing in it is taken out.
_WRITE_IF = """
INSERT INTO documents (collection, id, body, revision, expire_at, overdue_at)
SELECT column1, column2, column3, 1, column4, column5 FROM (VALUES {rows})
WHERE {condition} (SELECT 1 FROM documents WHERE collection = ? AND id = ?{revision}){known}
ON CONFLICT (collection, id) DO UPDATE SET
    body = CASE WHEN json_valid(body) THEN json_patch(body, excluded.body) ELSE excluded.body END,
    revision = revision + 1, {times}
"""
_KNOWN = "\nAND EXISTS (SELECT 1 FROM documents WHERE collection = ? AND id = ?)"
_TIME_IF_NAMED = """
{time} = CASE WHEN json_type(excluded.body, '$.{time}') IS NULL THEN {time}
    ELSE excluded.{time} END"""
_REPLACE = """
INSERT INTO documents (collection, id, body, revision, expire_at, overdue_at)
VALUES (?, ?, ?, 1, ?, ?)
ON CONFLICT (collection, id) DO UPDATE SET
    body = excluded.body, revision = revision + 1,
    expire_at = excluded.expire_at, overdue_at = excluded.overdue_at
"""
_READ = "SELECT collection, id, body, revision FROM documents WHERE collection = ? AND id = ?"
# What is no JSON has no fields: SQLite would refuse the whole statement for it. Times are text
# there, all in UTC, and sorted as text is.
_FIELD = "CASE WHEN json_valid(body) THEN json_extract(body, '$.{path}') END"
# What an equal text is found by must be written just as in the query; ``id`` is its order there.
_INDEX = """
CREATE INDEX IF NOT EXISTS documents_by_{field} ON documents (collection, {value}, id)
WHERE {value} IS NOT NULL
"""
_FIND = "SELECT id, body, revision, {value} FROM documents WHERE collection = ?"


def indexes() -> list[str]:
    """The statements that make the indexes of ``TEXTS``, unless they are there."""
    return [_INDEX.format(field=name, value=_FIELD.format(path=name)) for name in TEXTS]


def write_if(write: Write, revision: str | None, others: Sequence[Write]) -> Statement:
    """The statement that writes a document of this revision, and the others with it.

    It writes all of them, or none if the condition does not hold.
    """
    key = write.key.collection, to_document_id(write.key.id)
    condition = key if revision is None else (*key, revision)
    rows = [row(write), *map(row, others)]
    known = [values[:2] for values, one in zip(rows[1:], others, strict=True) if one.is_known]
    sql = _write_if(len(rows), len(known), is_new=revision is None)
    return sql, (*chain.from_iterable(rows), *condition, *chain.from_iterable(known))


def next_revision(revision: str | None) -> str:
    """The revision of a document that was written while it had this one; None: it was new."""
    return "1" if revision is None else str(int(revision) + 1)


def replacement(write: Write) -> Statement:
    """The statement that creates or replaces a whole document."""
    return _REPLACE, row(write)


def lookup(keys: Sequence[tuple[str, str]]) -> Statement:
    """The statement that reads documents by their keys."""
    return _lookup(len(keys)), (*chain.from_iterable(keys),)


def query(
    collection: str, where: Equal | Until | None, most: int, after: tuple[Any, ...]
) -> Statement:
    """The statement that finds documents in order, each with what it is ordered by.

    ``after`` is that and the id of the one before; empty for the first.
    """
    value, condition, wanted = _condition(where)
    order, last = (f"{value}, id", after) if isinstance(where, Until) else ("id", after[1:])
    if after:
        condition += f" AND ({order}) > ({', '.join('?' * len(last))})"
    sql = _FIND.format(value=value) + condition
    return f"{sql} ORDER BY {order} LIMIT ?", (collection, *wanted, *last, most)


def newest(collection: str, field: str, most: int) -> Statement:
    """The statement that finds the documents with the latest times in a field."""
    value = _time_of(field)
    sql = _FIND.format(value=value)
    return f"{sql} ORDER BY {value} DESC, id DESC LIMIT ?", (collection, most)


def row(write: Write) -> tuple[object, ...]:
    """The values of a document's row, but for its revision."""
    times = (_seconds(write.document.get(time)) for time in TIMES)
    return write.key.collection, to_document_id(write.key.id), encoded(write.document), *times


def _condition(where: Equal | Until | None) -> tuple[str, str, tuple[object, ...]]:
    """What is looked at, what must hold of it, and the value it is compared with."""
    if where is None:
        return "NULL", "", ()
    if isinstance(where, Equal):
        value = _FIELD.format(path=where.field)
        return value, f" AND {value} = ?", (where.value,)
    value = _time_of(where.field)
    latest = where.value.timestamp() if where.field in TIMES else where.value.isoformat()
    return value, f" AND {value} <= ?", (latest,)


def _time_of(field: str) -> str:
    return field if field in TIMES else _FIELD.format(path=f'{field}."$time"')


@cache
def _write_if(count: int, known: int, *, is_new: bool) -> str:
    return _WRITE_IF.format(
        rows=", ".join(["(?, ?, ?, ?, ?)"] * count),
        condition="NOT EXISTS" if is_new else "EXISTS",
        revision="" if is_new else " AND revision = ?",
        known=_KNOWN * known,
        times=", ".join(_TIME_IF_NAMED.format(time=time) for time in TIMES),
    )


@cache
def _lookup(count: int) -> str:
    # Each key is looked up by itself: a list of pairs after IN would have the table scanned.
    return " UNION ALL ".join([_READ] * count)


def _seconds(time: Any) -> float | None:
    return time.timestamp() if isinstance(time, datetime) else None
