"""Conversations about who is let in: invitations, lists, and the accounts that people act as."""

import hashlib
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.model import Answer, Media, MessageKind, QueueDelivery
from lib.ports.documents import Key
from lib.queue.envelope import encode
from lib.settings.people import PeopleSettings
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway

BOB, EVE = "+15550002222", "+15550003333"
NEEDED = (
    "🔑 You need an invitation to use this service. If you have a code, send /login and the code, "
    "for example: /login K7QF-3M9X. If not, please ask the people who run it."
)
NOT_LISTED = (
    "🔒 This service is for people whose number is registered. Please ask the people who run it to "
    "add yours."
)
WRONG = (
    "❌ This code cannot be used. Please check it, or ask for a new one: a code works once, and "
    "not for ever."
)
TOO_MANY = (
    "❌ This code cannot be used, and there were too many that could not. Please wait an hour "
    "before you send another one; until then I do not answer to codes."
)
IN = "✅ You are in. Just write what you want to know; /help shows what I understand."
AS_ANN = (
    "✅ You are logged in as ann@firm.example. Just write what you want to know; /help shows what "
    "I understand."
)
OUT = "👋 You are logged out."
OPTED_OUT = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
CODE = "W3TR-8YZP"
CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  python-expert: {name: Python Expert, send_tools: true}
user_permissions:
  "+15550002222@whatsapp.user": {}
  "+15550009999@whatsapp.user": {blocked: true}
"""


class Echo:
    def __init__(self):
        self.asked = []

    def ask(self, assistant, question, listener):
        self.asked.append(question)
        return Answer(f"answer {len(self.asked)}")


class Talk:
    def __init__(self, table, access):
        self.table, self.client = table, Echo()
        self.responder = replace(
            table.gateway.responder(), clients={"vac": self.client}, access=access
        )

    def hand_over(self, message):
        payload = encode(message)[0].decode()
        assert respond(QueueDelivery(message, payload=payload), self.responder)

    def say(self, text, sender=ANN, **fields):
        before = len(self.table.sent(sender))
        self.last = self.table.message(text, sender, **fields)
        self.hand_over(self.last)
        return self.table.sent(sender)[before:]

    def invite(self, code=CODE, **fields):
        """Keep an invitation as a web page does that knows the form of its document."""
        soon = datetime.now(UTC) + timedelta(minutes=15)
        document = {"uses": 1, "expires_at": soon, "made_by": "a page", **fields}
        documents = self.table.gateway.sqlite().documents
        key = Key("whatsapp_invitations", hashlib.sha256(code.encode()).hexdigest())
        documents.create(key, document)

    @property
    def asked(self):
        return [one.text for one in self.client.asked]


@pytest.fixture
def talk(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as ready:
        yield lambda access="invited": Talk(ready, access)


def written(folder: Path) -> str:
    """All that is kept, as it is in the file."""
    with sqlite3.connect(folder / "gateway.db") as file:
        listed = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = [name for (name,) in listed if not name.startswith("sqlite_")]
        rows = [file.execute(f"SELECT * FROM {name}").fetchall() for name in tables]  # noqa: S608
    return str(rows)


def test_an_open_gateway_answers_everybody(talk):
    assert talk("open").say("Hello") == ["answer 1"]


@pytest.mark.parametrize(("access", "told"), [("invited", NEEDED), ("listed", NOT_LISTED)])
def test_a_stranger_is_told_how_to_get_in_and_nothing_of_theirs_is_kept(
    talk, tmp_path, access, told
):
    there = talk(access)
    assert there.say("My secret wish") == [told]
    assert there.say("/help") == [told]
    picture = Media("https://nowhere.invalid/Media/ME1", "image/jpeg")
    assert there.say("A private word", kind=MessageKind.MEDIA, media=(picture,)) == [told]
    assert there.asked == []
    for words in ("My secret wish", "A private word"):
        assert words not in written(tmp_path)


def test_a_stranger_is_told_so_no_faster_than_anybody_is_answered(talk):
    there = talk()
    there.responder = replace(
        there.responder, limits=replace(there.responder.limits, messages_per_minute=2)
    )
    said = [there.say("Hello") for _ in range(4)]
    assert said == [[NEEDED], [NEEDED], [SLOW_DOWN], []]


@pytest.mark.parametrize("access", ["invited", "listed"])
def test_a_stranger_s_stop_holds(talk, access):
    there = talk(access)
    assert there.say("STOP") == [OPTED_OUT]
    session = there.table.gateway.stores().conversations.read(ANN, "").session
    assert session.opted_out_at is not None


def test_whoever_guesses_may_not_begin_anew_by_being_forgotten(talk):
    there = talk()
    there.invite()
    assert [there.say("/login AAAA-AAA2") for _ in range(5)] == [[WRONG]] * 4 + [[TOO_MANY]]
    there.say("/forget yes")
    assert there.say(f"/login {CODE}") == []


@pytest.mark.parametrize("access", ["invited", "listed"])
def test_who_is_let_in_no_longer_may_be_forgotten(talk, tmp_path, access):
    assert talk("open").say("My secret wish") == ["answer 1"]
    there = talk(access)
    assert there.say("Hello")[0].startswith(("🔑", "🔒"))
    assert there.say("/forget")[0].startswith("🗑️ I can delete everything")
    assert "My secret wish" in written(tmp_path)
    there.say("/forget yes")
    assert there.table.gateway.stores().conversations.read(ANN, "").session is None
    assert "My secret wish" not in written(tmp_path)


@pytest.mark.parametrize("access", ["invited", "listed"])
def test_who_is_listed_is_answered(talk, access):
    there = talk(access)
    assert there.say("Hello", BOB) == ["answer 1"]
    assert there.say("Hello", ANN) != ["answer 2"]


@pytest.mark.parametrize(
    "said",
    [
        "/login W3TR-8YZP",
        "/login w3tr8yzp",
        "/LOGIN: “W3TR 8YZP”",
        "／login Ｗ３ＴＲ－８ＹＺＰ",
        "/login w3tr–8yzp.",
        "login W3TR-8YZP",
        "W3TR-8YZP",
        "w3tr 8yzp",
        "https://wa.me/14155238886?text=/login%20W3TR-8YZP",
        "https://wa.me/14155238886?text=%2Flogin%20W3TR-8YZP",
        "Here you are: /login W3TR-8YZP thanks",
    ],
)
def test_a_code_lets_somebody_in_however_it_is_typed_and_leaves_no_trace(
    talk, tmp_path, caplog, said
):
    caplog.set_level(logging.DEBUG)
    there = talk()
    there.invite()
    assert there.say(said) == [IN]
    assert there.say("Hello") == ["answer 1"]
    assert there.say(said) == [WRONG]
    assert there.say("And now?") == ["answer 2"]
    traces = " ".join([*there.asked, caplog.text, str(there.client.asked)]).casefold()
    kept = written(tmp_path).casefold()
    for typed in ("w3tr-8yzp", "w3tr8yzp", "w3tr 8yzp", "w3tr–8yzp", "ｗ３ｔｒ"):
        assert typed not in traces
        assert typed not in kept
    history = there.table.gateway.sqlite().documents.query("messages")
    assert "/login …" in {stored.document["content"] for _, stored in history}


@pytest.mark.parametrize(
    "said", ["My login elements are broken", "bank rate", "language", "What is a login?"]
)
def test_words_are_no_codes(talk, said):
    there = talk("open")
    assert there.say(said) == ["answer 1"]
    assert there.asked == [said]


@pytest.mark.parametrize(
    "fields",
    [
        None,
        {"uses": 0},
        {"uses": "many"},
        {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"expires_at": "tomorrow"},
        {"taken": ["SMbefore"]},
    ],
)
def test_of_a_code_that_cannot_be_used_nobody_learns_why(talk, fields):
    there = talk()
    if fields is not None:
        there.invite(**fields)
    assert there.say(f"/login {CODE}") == [WRONG]
    assert there.say("Hello") == [NEEDED]


def test_after_five_wrong_codes_nothing_is_said_to_codes_for_an_hour(talk):
    there = talk()
    there.invite()
    said = [there.say(f"/login AAAA-AAA{n}") for n in range(2, 8)]
    assert said == [[WRONG]] * 4 + [[TOO_MANY], []]
    assert there.say(f"/login {CODE}") == []
    assert there.say("Hello") == [NEEDED]
    later = replace(
        there.table.message(f"/login {CODE}"),
        received_at=datetime.now(UTC) + timedelta(minutes=61),
    )
    there.invite("B" * 4 + "-" + "C" * 4)
    there.hand_over(later)
    assert there.table.sent()[-1] == IN


def test_who_takes_an_invitation_acts_as_its_account_until_they_log_out(talk):
    there = talk()
    there.invite(email="Ann@Firm.example", assistants=["python-expert"])
    assert there.say(f"/login {CODE}") == [AS_ANN]
    there.say("Hello")
    assert there.client.asked[-1].email == "ann@firm.example"
    (known,) = there.say("/whoami")
    assert known.splitlines()[1:] == [
        "• Contact: +15550001111",
        "• Account: ann@firm.example",
        "• Assistants: Python Expert",
    ]
    assert there.say("/logout") == [OUT]
    assert there.say("Hello") == [NEEDED]
    assert there.say("/whoami", EVE)[0].startswith("👤 This is what I know you by:")
    assert there.say("/logout", BOB) == ["You are not logged in."]


def test_a_new_owner_of_a_number_is_not_logged_in(talk):
    there = talk()
    there.invite()
    there.say(f"/login {CODE}", user_id="US.FORMER")
    assert there.say("Hello", user_id="US.FORMER") == ["answer 1"]
    assert there.say("Hello", user_id="US.NEW") == [NEEDED]


def test_of_two_who_take_one_code_at_once_one_gets_in(talk):
    there = talk()
    there.invite()
    people = [f"+1555000{n:04}" for n in range(1, 9)]
    messages = [there.table.message(f"/login {CODE}", one) for one in people]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(there.hand_over, messages))
    said = sorted(answer for one in people for answer in there.table.sent(one))
    assert said == sorted([IN, *[WRONG] * 7])


def test_a_login_that_is_worked_on_again_after_a_crash_gets_what_it_took(talk):
    there = talk()
    there.invite()
    message = there.table.message(f"/login {CODE}")
    invitation = hashlib.sha256(CODE.encode()).hexdigest()
    stores = there.table.gateway.stores()
    assert stores.invitations.take(invitation, message.id, datetime.now(UTC)) is not None
    there.hand_over(message)
    assert there.table.sent() == [IN]


def test_a_blocked_person_gets_in_by_no_code(talk):
    there = talk()
    there.invite()
    assert there.say(f"/login {CODE}", "+15550009999") == [
        "You can't use this service. Please ask the people who run it."
    ]


def test_settings_decide_who_is_let_in(tmp_path):
    people = PeopleSettings(access="listed")
    with local_gateway(tmp_path, CATALOGUE, people=people) as ready:
        assert ready.say("Hello") == [NOT_LISTED]
