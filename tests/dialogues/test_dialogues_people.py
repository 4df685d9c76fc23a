"""Conversations about who somebody is, what they sent and what they want no more of."""

from dataclasses import replace

import pytest

from lib.model import (
    Answer,
    Choice,
    DeliveryReport,
    DeliveryState,
    FailureCause,
    MessageKind,
    QueueDelivery,
    Referral,
)
from lib.queue.envelope import encode
from lib.storage.sqlite.table import Table
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway

STOPPED = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
STARTED = "✅ You get messages from me again. Send STOP at any time to end that."
BLOCKED = "You can't use this service. Please ask the people who run it."
BLOCKED_IN_BRAZIL = "Você não pode usar este serviço. Fale com quem o administra."
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
BOB = "+15550002222"
MEXICO, MEXICO_OLD = "+525512345678", "+5215512345678"
CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  python-expert: {name: Python Expert}
user_permissions:
  "+5511987654321@whatsapp.user": {blocked: true}
  "US.BLOCKED@whatsapp.user": {blocked: true}
  "+15550009999@whatsapp.user": {blocked: true}
"""
SWITCHED = "✅ Switched to assistant: Python Expert (python-expert)"
HINT = "❓ I don't know the command /nonsense. Send /help to see what I understand."


class Echo:
    """An assistant that is asked, and answers with a number."""

    def __init__(self):
        self.asked = []

    def ask(self, assistant, question, listener):
        self.asked.append(question.text)
        return Answer(f"answer {len(self.asked)}")


class Talk:
    """A gateway with an assistant that can be looked at."""

    def __init__(self, table):
        self.table = table
        self.client = Echo()
        self.responder = replace(table.gateway.responder(), clients={"vac": self.client})

    def say(self, text, sender=ANN, **fields):
        before = len(self.table.sent(sender))
        message = self.table.message(text, sender, **fields)
        assert respond(QueueDelivery(message, payload=self.payload(message)), self.responder)
        return self.table.sent(sender)[before:]

    @staticmethod
    def payload(message):
        return encode(message)[0].decode()

    @property
    def asked(self):
        asked, self.client.asked = self.client.asked, []
        return asked

    def session(self, contact=ANN):
        return self.table.gateway.stores().conversations.read(contact, "").session


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as ready:
        yield Talk(ready)


@pytest.mark.parametrize(
    "word", ["STOP", "stop", "Stop!", "\u200fSTOP", "unsubscribe", "/stop", "CANCEL"]
)
@pytest.mark.parametrize("back", ["START", "start.", "UNSTOP", "/start"])
def test_stop_is_the_gateway_s_own_matter_until_start(table, word, back):
    assert table.say(word) == [STOPPED]
    assert table.session().opted_out_at is not None
    assert table.say("Are you there?") == ["answer 1"]
    assert table.session().opted_out_at is not None
    assert table.say(back) == [STARTED]
    assert table.session().opted_out_at is None
    assert table.asked == ["Are you there?"]


def test_stop_holds_for_one_person_only(table):
    table.say("STOP")
    table.say("Hello", BOB)
    assert table.session(BOB).opted_out_at is None


def parked(table):
    """An answer that WhatsApp refused because the person had not written for a day."""
    table.say("Hello")
    (sid,) = [one["sid"] for one in table.table.resources()]
    failed = DeliveryReport(
        sid, DeliveryState.FAILED, "63016", address=ANN, cause=FailureCause.WINDOW
    )
    assert respond(QueueDelivery(failed), table.responder)


def test_to_somebody_who_opted_out_nothing_is_sent_unasked(table):
    asked = []
    table.responder = replace(table.responder, reopen_window=asked.append)
    table.say("STOP")
    sids = [one["sid"] for one in table.table.resources()]
    table.say("Hello")
    (sid,) = [one["sid"] for one in table.table.resources() if one["sid"] not in sids]
    failed = DeliveryReport(
        sid, DeliveryState.FAILED, "63016", address=ANN, cause=FailureCause.WINDOW
    )
    respond(QueueDelivery(failed), table.responder)
    assert asked == []
    assert table.say("Again") == ["answer 1", "answer 2"]


def test_without_opting_out_the_person_is_asked_to_write(table):
    asked = []
    table.responder = replace(table.responder, reopen_window=asked.append)
    parked(table)
    assert asked == [ANN]


def test_a_stop_brings_no_answer_that_waited(table):
    parked(table)
    assert table.say("STOP") == [STOPPED]
    assert table.say("And now?") == ["answer 1", "answer 2"]


def test_a_stop_of_somebody_who_writes_too_fast_holds(table):
    limits = replace(table.responder.limits, messages_per_minute=1)
    table.responder = replace(table.responder, limits=limits)
    table.say("Hello")
    assert table.say("STOP") == [SLOW_DOWN]
    assert table.session().opted_out_at is not None


@pytest.mark.parametrize("code", [63015, 63014, 21610])
def test_a_confirmation_that_cannot_be_sent_does_no_harm(table, code):
    table.table.fault(fault="error", code=code, status=400, times=1)
    table.say("STOP")
    assert table.session().opted_out_at is not None
    assert table.say("Hello") == ["answer 1"]


def test_a_confirmation_that_fails_on_its_way_does_no_harm(table):
    table.say("STOP")
    (sid,) = [one["sid"] for one in table.table.resources()]
    cause = FailureCause.CONTACT
    failed = DeliveryReport(sid, DeliveryState.FAILED, "63015", address=ANN, cause=cause)
    assert respond(QueueDelivery(failed), table.responder)
    assert table.session().opted_out_at is not None
    assert table.say("START") == [STARTED]


def consents(table):
    found = table.table.gateway.sqlite().documents.query("whatsapp_consents")
    events = sorted((stored.document for _, stored in found), key=lambda one: one["at"])
    return [(one["state"], one["source"], one.get("wording", "")) for one in events]


def test_each_word_about_consent_is_kept_with_its_proof(table):
    table.say("Stop!")
    table.say("Hello")
    table.say("START")
    table.say("", kind=MessageKind.CHOICE, choice=Choice("stop", "Stop"))
    assert consents(table) == [
        ("revoked", "word", "Stop!"),
        ("granted", "word", "START"),
        ("revoked", "button", "Stop"),
    ]


@pytest.mark.parametrize("code", ["21610", "63014"])
@pytest.mark.parametrize("when", ["as it is sent", "on its way"])
def test_what_whatsapp_tells_of_consent_is_consent(table, code, when):
    if when == "as it is sent":
        table.table.fault(fault="error", code=int(code), status=400, times=1)
        table.say("Hello")
    else:
        table.say("Hello")
        (sid,) = [one["sid"] for one in table.table.resources()]
        failed = DeliveryReport(
            sid, DeliveryState.FAILED, code, address=ANN, cause=FailureCause.CONTACT
        )
        assert respond(QueueDelivery(failed), table.responder)
    assert table.session().opted_out_at is not None
    assert consents(table) == [("revoked", code, "")]
    assert table.say("Are you there?") == ["answer 2"]
    assert table.session().opted_out_at is not None
    assert table.say("START") == [STARTED]
    assert table.session().opted_out_at is None


@pytest.mark.parametrize(
    "label", ["broadcast-stop", "Stop promotions", "Parar promoções", "Остановить рекламу"]
)
def test_a_button_that_stops_promotions_is_a_stop(table, label):
    tapped = Choice(label, label)
    assert table.say(label, kind=MessageKind.CHOICE, choice=tapped) == [STOPPED]
    assert table.session().opted_out_at is not None


@pytest.mark.parametrize(("first", "second"), [(MEXICO, MEXICO_OLD), (MEXICO_OLD, MEXICO)])
def test_one_number_in_two_forms_is_one_person_answered_where_they_write(table, first, second):
    switched = "✅ Has cambiado al asistente: Python Expert (python-expert)"
    assert table.say("/switch python-expert", first) == [switched]
    assert table.say("/current", second) == ["🤖 Asistente actual: Python Expert (python-expert)"]
    table.say("Hello", first)
    assert table.say("Hello again", second) == ["answer 2"]
    session = table.session(second)
    assert [pair.question for pair in session.recent] == ["Hello", "Hello again"]


@pytest.mark.parametrize(
    ("address", "user_id"),
    [
        ("+5511987654321", ""),
        ("+551187654321", ""),
        ("US.BLOCKED", "US.BLOCKED"),
        ("+15550003333", "US.BLOCKED"),
        ("+15550009999", "US.1A2B3C"),
    ],
)
def test_a_block_holds_under_whatever_name_somebody_writes(table, address, user_id):
    told = BLOCKED_IN_BRAZIL if address.startswith("+55") else BLOCKED
    assert table.say("Hello", address, user_id=user_id) == [told]
    assert table.asked == []


def test_a_block_of_a_number_holds_for_somebody_met_without_it_once_it_was_shown(table):
    hidden = "US.1A2B3C"
    assert table.say("Hello", hidden, user_id=hidden) == ["answer 1"]
    assert table.say("Hello", "+15550009999", user_id=hidden) == [BLOCKED]
    assert table.say("Hello", hidden, user_id=hidden) == [BLOCKED]


def test_a_number_on_the_list_of_blocked_contacts_is_passed_over_however_it_is_hidden(table):
    hidden = "US.1A2B3C"
    table.say("Hello", MEXICO_OLD, user_id=hidden)
    limits = replace(table.responder.limits, blocked=frozenset({MEXICO}))
    table.responder = replace(table.responder, limits=limits)
    for address in (hidden, MEXICO, MEXICO_OLD):
        assert table.say("Hello", address, user_id=hidden) == []
    assert table.asked == ["Hello"]


@pytest.mark.parametrize("met", [(), ("US.1A2B3C",)])
def test_a_listed_number_that_is_shown_once_blocks_its_id_from_then_on(table, met):
    hidden = "US.1A2B3C"
    for address in met:
        assert table.say("Hello", address, user_id=hidden) == ["answer 1"]
    limits = replace(table.responder.limits, blocked=frozenset({MEXICO}))
    table.responder = replace(table.responder, limits=limits)
    assert table.say("Hello", MEXICO_OLD, user_id=hidden) == []
    assert table.say("Hello", hidden, user_id=hidden) == []
    assert table.asked == ["Hello"] * len(met)


def test_a_form_a_tap_and_an_advertisement_are_asked_with_what_was_said(table):
    table.say("Sent", kind=MessageKind.FORM, form=(("name", "Ann"), ("date", "2026-12-01")))
    table.say("Yes", kind=MessageKind.CHOICE, choice=Choice("order_17_yes", "Yes"))
    table.say("", kind=MessageKind.REFERRAL, referral=Referral("Shop", "Buy", "https://a.example"))
    assert table.asked == [
        "Sent\n\n[Form]\nname: Ann\ndate: 2026-12-01",
        "Yes\n\n[Choice: order_17_yes]",
        "[Advertisement: Shop\nBuy\nhttps://a.example]",
    ]


def test_a_slash_that_begins_no_command_is_the_assistant_s(table):
    for text in ("/etc/hosts is empty, why?", "/3 of them", "/", "//", "/?"):
        table.say(text)
        assert table.asked == [text]
    assert table.say("/nonsense") == [HINT]
    assert table.asked == []


@pytest.mark.parametrize(
    "said",
    [
        "/switch python–expert",
        "/switch “python-expert”",
        "/switch <python-expert>",
        "/switch python-expert.",
        "/switch python-expert\u200e",
        "/switch Python Expert (python-expert)",
        "／switch • Python Expert (python-expert)",
    ],
)
def test_a_switch_is_understood_however_it_is_typed(table, said):
    assert table.say(said) == [SWITCHED]


def sid_of(table, body):
    return next(one["sid"] for one in table.table.resources() if one["body"] == body)


def test_a_reply_is_asked_with_the_words_of_our_part(table):
    table.say("Hello")
    table.say("Why?", reply_to=sid_of(table, "answer 1"))
    assert table.asked == ["Hello", "[Reply to your message: “answer 1”]\nWhy?"]


def test_a_reply_is_asked_with_the_person_s_own_words(table):
    message = table.table.message("First  line\nsecond")
    respond(QueueDelivery(message, payload=table.payload(message)), table.responder)
    table.say("I meant this", reply_to=message.id)
    assert table.asked[1] == "[Reply to the user's message: “First line second”]\nI meant this"


def test_a_reply_to_a_long_part_names_its_beginning(table):
    message = table.table.message("word " * 500)
    respond(QueueDelivery(message, payload=table.payload(message)), table.responder)
    table.say("This", reply_to=message.id)
    quote = table.asked[1].splitlines()[0]
    assert quote.endswith("word…”]")
    assert len(quote) < 350


@pytest.mark.parametrize("sid", ["SMunknown", "SM" + "a" * 32, "__x__", "."])
def test_a_reply_to_what_nobody_knows_is_a_plain_message(table, sid):
    table.say("Why?", reply_to=sid)
    assert table.asked == ["Why?"]


def test_nobody_gets_to_read_another_person_s_words(table):
    message = table.table.message("My secret", BOB)
    respond(QueueDelivery(message, payload=table.payload(message)), table.responder)
    table.say("Why?", reply_to=message.id)
    table.say("Why?", reply_to=sid_of(table, "answer 1"))
    assert table.asked == ["My secret", "Why?", "Why?"]


def test_a_reply_under_the_other_form_of_a_number_knows_its_words(table):
    table.say("Hello", MEXICO)
    table.say("Why?", MEXICO_OLD, reply_to=sid_of(table, "answer 1"))
    assert table.asked[1].startswith("[Reply to your message: “answer 1”]")


def test_a_quoted_turn_that_cannot_be_read_stops_nobody(table):
    with table.table.gateway.database().transaction() as connection:
        Table(connection).write("whatsapp_turns", "SMbroken", {"state": "dreaming"})
    table.say("Why?", reply_to="SMbroken")
    assert table.asked == ["Why?"]
