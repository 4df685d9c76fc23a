"""Forgetting a person: what they are told, and what is then known of them."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import StoreError
from lib.model import Answer, Choice, MessageKind, QueueDelivery
from lib.queue.envelope import encode
from lib.runtime.adapters import erasing
from lib.turn.erasing import erase_due
from lib.turn.respond import respond
from tests.local_gateway import local_gateway

BEN = "+15550002222"
ASKED = (
    "🗑️ I can delete everything that I keep of you: your messages and my answers, your files, your "
    "settings and what I know of you, here and at Twilio, which carries the messages. It cannot be "
    "undone.\n\nWhat the assistants' own servers keep is not mine to delete: ask whoever runs this "
    "number. WhatsApp keeps what it was told for up to 30 days. What is on your phone stays there. "
    "If you sent STOP, or were blocked, a code that says so stays, without your number.\n\nSend "
    "/forget yes if you want that."
)
HOW = "Send /forget yes to have everything deleted that is kept of you, or /forget to read more."
NAMES = ("15550001111", "Zerberus", "Ann Smith", "US.ANN1")


def everything(table):
    """All that stands in the database, as text."""
    with table.gateway.database().reading() as connection:
        documents = connection.execute("SELECT collection, id, body FROM documents").fetchall()
    return "\n".join(map(repr, documents))


def look_again(table, **later):
    """Look through everything a second time, as if so much later."""
    gateway = table.gateway
    eraser = erasing.eraser(gateway, gateway.local_queue)
    at = timedelta(**later)
    return erase_due(replace(eraser, clock=lambda: datetime.now(UTC) + at))


def settled(table):
    """Wait until Twilio has delivered everything, so that it may be deleted there."""
    until = time.monotonic() + 30
    while not all(one["status"] in {"read", "received"} for one in table.resources()):
        assert time.monotonic() < until, table.resources()
        time.sleep(0.05)


def forget(table, text="/forget yes", **fields):
    """Let Ann be forgotten, to the end."""
    message = table.message(text, **fields)
    assert table.hand_over(message)
    settled(table)
    assert look_again(table, hours=1)
    return message


def test_nobody_is_forgotten_by_accident(tmp_path):
    with local_gateway(tmp_path) as table:
        table.say("my cat is called Zerberus")
        assert table.say("/forget") == [ASKED]
        assert table.say("/forget it") == [HOW]
        assert "Zerberus" in everything(table)


def test_whoever_taps_is_forgotten_and_nobody_else(tmp_path):
    with local_gateway(tmp_path) as table:
        table.say("my cat is called Zerberus", profile_name="Ann Smith", user_id="US.ANN1")
        table.say("hello from Ben", BEN)
        tapped = {"kind": MessageKind.CHOICE, "choice": Choice("/forget yes", "Forget me")}
        forget(table, user_id="US.ANN1", **tapped)
        left = everything(table) + repr(table.resources())
        assert [name for name in NAMES if name in left] == []
        assert "hello from Ben" in left
        # Who writes again was never met.
        (answer,) = table.say("hello", profile_name="Ann Jones")
        assert "You said:\n\nhello" in answer
        assert "Ann Jones" in everything(table)


def test_whoever_means_it_in_another_language_is_forgotten(tmp_path):
    with local_gateway(tmp_path) as table:
        table.say("mein Kater heißt Zerberus", profile_name="Ann Smith", user_id="US.ANN1")
        forget(table, "/vergessen ja!", user_id="US.ANN1")
        left = everything(table) + repr(table.resources())
        assert [name for name in NAMES if name in left] == []


def test_the_message_that_asked_is_dealt_with_once(tmp_path):
    with local_gateway(tmp_path) as table:
        message = forget(table)
        assert table.hand_over(message)
        assert table.resources() == []


def test_what_was_sent_before_is_not_answered_behind_it(tmp_path):
    with local_gateway(tmp_path) as table:
        late = table.message("my cat is called Zerberus")
        forget(table)
        assert table.hand_over(late)
        assert table.resources() == []
        assert "Zerberus" in everything(table), "its turn, until it is erased, too"
        assert look_again(table, hours=1)
        assert "Zerberus" not in everything(table)


def pushed(table, message):
    """Hand a message over; its worker may be refused wherever its person is erased meanwhile."""
    with suppress(StoreError):
        table.hand_over(message)


def test_an_answer_that_is_being_given_ends(tmp_path):
    with local_gateway(tmp_path, "assistants: {hang: {name: Hang}}") as table:
        table.say("/switch hang")
        asked = table.message("my cat is called Zerberus")
        worker = threading.Thread(target=pushed, args=(table, asked))
        worker.start()
        while "thinking" not in everything(table):
            time.sleep(0.01)
        assert worker.is_alive()
        urgent = table.message("/forget yes")
        queued, _ = encode(urgent)
        given = QueueDelivery(urgent, payload=queued.decode(), fast=True)
        assert respond(given, table.gateway.responder())
        worker.join(20)
        assert table.hand_over(asked), "it comes again if it was refused, and is dealt with"
        settled(table)
        assert look_again(table, hours=1)
        assert [name for name in NAMES if name in everything(table) + repr(table.resources())] == []


def broken(_):
    raise StoreError("the store is away")


def test_what_the_person_sends_waits_until_they_are_forgotten(tmp_path):
    with local_gateway(tmp_path) as table:
        table.say("my cat is called Zerberus", profile_name="Ann Smith")
        responder = table.gateway.responder()
        away = replace(responder, erase=broken)
        asked = table.message("/forget yes")
        data, _ = encode(asked)
        assert respond(QueueDelivery(asked, payload=data.decode()), away)
        assert "Zerberus" in everything(table)
        later = table.message("hello", profile_name="Ann Jones")
        data, _ = encode(later)
        queued = QueueDelivery(later, payload=data.decode())
        with pytest.raises(StoreError):
            respond(queued, away)
        assert "You said:\n\nhello" not in repr(table.resources())
        assert respond(queued, responder)
        assert "You said:\n\nhello" in table.sent()[-1]
        left = everything(table)
        assert "Zerberus" not in left
        assert "Ann Smith" not in left
        settled(table)
        assert look_again(table, hours=1)
        assert "Ann Jones" in everything(table), "who came back stays"
        assert [one for one in table.sent() if "hello" in one] == table.sent()


class Overtaken:
    """Answers, after its person was forgotten by a message that came first, and was slower."""

    def __init__(self, table):
        self.table, self.told = table, []

    def ask(self, assistant, question, listener):
        self.told.append([pair.question for pair in question.history])
        if len(self.told) == 2:
            forget(self.table)
        return Answer("Yes.")


def test_what_was_read_of_a_person_before_they_were_forgotten_does_not_come_back(tmp_path):
    with local_gateway(tmp_path) as table:
        client = Overtaken(table)
        clients = {"vac": client}
        table.gateway.parts["responder"] = replace(table.gateway.responder(), clients=clients)
        table.say("my cat is called Zerberus", profile_name="Ann Smith")
        later = datetime.now(UTC) + timedelta(seconds=30)
        message = replace(table.message("Is it well?"), received_at=later)
        with pytest.raises(StoreError):
            table.hand_over(message)
        assert "Zerberus" not in everything(table)
        assert table.hand_over(message)
        assert table.sent()[-1:] == ["Yes."]
        assert client.told == [[], ["my cat is called Zerberus"], []]
        assert "Zerberus" not in everything(table)


def test_who_wants_no_messages_is_known_for_that(tmp_path):
    with local_gateway(tmp_path) as table:
        table.say("STOP")
        forget(table)
        assert [name for name in NAMES if name in everything(table)] == []
        table.say("hello")
        session = table.gateway.stores().conversations.read("+15550001111", "").session
        assert session.opted_out_at is not None


def test_a_word_of_a_sentence_forgets_nobody(tmp_path):
    with local_gateway(tmp_path) as table:
        (answer,) = table.say("forget yes")
        assert "You said:\n\nforget yes" in answer
