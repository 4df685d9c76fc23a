"""Forgetting a person: what they are told, and that nothing of them is left anywhere."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from lib.model import QueueDelivery
from lib.queue.envelope import encode
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway
from tests.peer import Peer

BEN = "+15550002222"
FORGOTTEN = (
    "🗑️ You are being forgotten: everything that I keep of you is deleted now. At Twilio it can "
    "take some days.\n\nWhat the assistants' own servers keep is not mine to delete: ask whoever "
    "runs this number. WhatsApp keeps what it was told for up to 30 days. What is on your phone "
    "stays there. If you sent STOP, or were blocked, a code that says so stays, without your "
    "number.\n\nIf you write again, we have never met."
)


def everything(gateway):
    """All that stands in the database, as text."""
    with gateway.gateway.database().reading() as table:
        documents = table.execute("SELECT collection, id, body FROM documents").fetchall()
        queued = table.execute("SELECT key, data, attributes FROM queued").fetchall()
    return "\n".join(map(repr, documents + queued))


def test_a_question_before_anybody_is_forgotten(tmp_path):
    with local_gateway(tmp_path) as table:
        (said,) = table.say("/forget")
        assert said.startswith("🗑️ I can delete everything that I keep of you")
        assert said.endswith("Send /forget yes if you want that.")
        assert "15550001111" in everything(table)
        (sent,) = [one for one in table.resources() if one["to"] == f"whatsapp:{ANN}"]
        assert [one["id"] for one in sent["menu"]["options"]] == ["/forget yes"]


def test_nothing_is_left_of_who_is_forgotten(tmp_path, capfd):
    with local_gateway(tmp_path) as table:
        table.say("my cat is called Zerberus", profile_name="Ann Smith", user_id="US.ANN1")
        table.say("hello from Ben", BEN)
        assert table.say("/forget yes", user_id="US.ANN1") == []
        left = everything(table)
        for word in ("15550001111", "Zerberus", "Ann Smith", "US.ANN1"):
            assert word not in left.replace('"work"', ""), word
        assert "hello from Ben" in left
