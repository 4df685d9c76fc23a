"""``make dead-letters`` on a real data folder: one letter that cannot be read hides no other."""

import json
from datetime import UTC, datetime

import pytest

from lib.model import DeadLetter
from lib.queue.envelope import encode
from lib.queue.push import push_body
from lib.storage.sqlite.table import Table
from operations import dead_letters
from tests.local_gateway import local_gateway

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def push(message):
    data, attributes = encode(message)
    return push_body(
        data,
        attributes,
        ordering_key=message.address,
        message_id="1",
        publish_time=NOW,
        attempt=3,
        subscription="s",
    ).decode()


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with local_gateway(tmp_path) as ready:
        yield ready


def keep(table, letter_id, payload):
    table.gateway.stores().dead_letters.keep(DeadLetter(letter_id, "a reason", payload, NOW))


def spoil(table, turn_id):
    with table.gateway.database().transaction() as connection:
        Table(connection).write("whatsapp_turns", turn_id, {"state": "dreaming"})


def test_replaying_all_passes_over_what_cannot_be_replayed(table, capsys):
    spoilt, good, later = table.message("Hello"), table.message("Hi"), table.message("Hey")
    spoil(table, spoilt.id)
    keep(table, spoilt.id, encode(spoilt)[0].decode())
    keep(table, "no-message", "{")
    keep(table, "newer", json.dumps({"version": 2}))
    keep(table, good.id, encode(good)[0].decode())
    keep(table, "in-a-push", push(later))
    assert dead_letters.main(["--local", "replay", "--all"]) == 1
    said = capsys.readouterr()
    assert sorted(said.out.splitlines()) == sorted(
        [f"{good.id} is queued again", "in-a-push is queued again"]
    )
    assert sorted(line.split()[0] for line in said.err.splitlines()) == sorted(
        [spoilt.id, "no-message", "newer"]
    )
    assert table.gateway.local_queue().depth() == 2


def test_a_letter_whose_turn_cannot_be_read_is_shown(table, capsys):
    message = table.message("Hello")
    spoil(table, message.id)
    keep(table, "in-a-push", push(message))
    assert dead_letters.main(["--local", "show", "in-a-push"]) == 0
    assert f"turn {message.id} is of a newer version" in capsys.readouterr().out


def test_a_letter_that_is_a_push_names_its_person(table, capsys):
    keep(table, "in-a-push", push(table.message("Hello")))
    assert dead_letters.main(["--local", "list"]) == 0
    assert "…1111" in capsys.readouterr().out
