"""Which answers are spoken, and what people are told about it, on a whole gateway."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.conversation.converse import converse
from lib.conversation.limits import Limits
from lib.conversation.speaking import Speech
from lib.errors import AssistantTimeoutError
from lib.model import (
    Answer,
    Chunk,
    ChunkKind,
    Media,
    MessageKind,
    OutboundKind,
    OutboundMedia,
    QueueDelivery,
    Reading,
    Transcript,
)
from lib.queue.envelope import encode
from lib.settings.speaking import SpeakingSettings
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway
from tests.peer import answer as reply
from tests.peer import peer
from tests.sentences import HELP

pytestmark = pytest.mark.slow

HINT = "Send /help to see what I understand."
ON = "🔊 I write my answers, and speak them, too."
OFF = "🔇 I write my answers, and do not speak them."
AUTO = "🔊 I write my answers, and speak those to your voice messages, too."
ABOUT = (
    "The text always comes first. Code, tables and addresses stand in it only, and so does what "
    "comes after about a minute and a half of speech."
)
ROBOT = "It is the voice of a robot."
WAYS = (
    "Send /voice on to hear every answer, /voice off to hear none, or /voice auto to hear those to "
    "your voice messages."
)
LEFT = "Left to be spoken today: {} characters."
NOTE = Media("https://api.twilio.com/note", "audio/ogg")


class Assistant:
    """Answers everything with the same, or fails."""

    def __init__(self, answer):
        self.answer = answer

    def ask(self, assistant, question, listener):
        if isinstance(self.answer, Exception):
            raise self.answer
        return Answer(self.answer)


@contextmanager
def speaking(folder, url="http://127.0.0.1:9", **settings):
    """A gateway where answers can be spoken: by a server that little of this asks for anything."""
    known = SpeakingSettings(url=url, **settings)
    with local_gateway(
        folder, speaking=known, media_url="http://127.0.0.1:1956", menus=False
    ) as table:
        yield table


@pytest.fixture
def table(tmp_path):
    with speaking(tmp_path) as ready:
        yield ready


def tools(table, answer="*Hello* 👋 there.", **further):
    return replace(table.gateway.responder(), clients={"vac": Assistant(answer)}, **further)


def decided(table, text="Hi", answer="*Hello* 👋 there.", heard=None, **further):
    """What is decided to be said to a message, which is a voice note where something was heard."""
    fields = {} if heard is None else {"media": (NOTE,), "kind": MessageKind.MEDIA}
    message = table.message("" if heard else text, **fields)
    if heard is not None:
        reading = Reading("[Voice message]", "[Voice message]", understood=1, spoken=(heard,))
        further["read"] = lambda _message, _stop, _hearing: reading
    with_all = tools(table, answer, **further)
    person = with_all.stores.conversations.read(message.address, message.user_id, message.id)
    return converse(message, person, with_all)


def hand_over(table, responder, text="Hi"):
    message = table.message(text)
    delivery = QueueDelivery(message, payload=encode(message)[0].decode())
    assert respond(delivery, responder)


def voice(words, language=""):
    medium = OutboundMedia(OutboundKind.VOICE, words=words, language=language)
    return Chunk("", kind=ChunkKind.VOICE, media=medium)


# What people are told


def test_without_anybody_who_speaks_there_is_no_such_command(tmp_path):
    with local_gateway(tmp_path, menus=False) as table:
        assert table.say("/help") == [HELP]
        assert table.say("/voice on") == [f"🔒 You can't use /voice at the moment. {HINT}"]


def test_where_nobody_could_fetch_what_is_said_there_is_no_such_command(tmp_path):
    speech = SpeakingSettings(url="http://127.0.0.1:9")
    with local_gateway(tmp_path, speaking=speech, menus=False) as table:
        assert table.say("/voice on") == [f"🔒 You can't use /voice at the moment. {HINT}"]


def test_help_names_the_command_where_answers_can_be_spoken(table):
    *others, human, forget = HELP.splitlines()
    voice_line = "/voice on|off|auto - Have answers spoken, too"
    # Who can be spoken to can fetch a file, too.
    export = "/export - Get everything that is kept of you"
    assert table.say("/help") == ["\n".join([*others, voice_line, human, export, forget])]


def test_a_person_is_told_how_it_is_and_what_they_may_choose(table):
    assert table.say("/voice") == ["\n".join([AUTO, ABOUT, LEFT.format(20000), WAYS])]
    assert table.say("/voice on") == ["\n".join([ON, ABOUT, LEFT.format(20000)])]
    assert table.say("/voice") == ["\n".join([ON, ABOUT, LEFT.format(20000), WAYS])]
    assert table.say("/voice off") == [OFF]
    assert table.say("/voice what?") == [f"{OFF}\n{WAYS}"]
    assert table.say("/voice auto") == ["\n".join([AUTO, ABOUT, LEFT.format(20000)])]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/VOICE ON", ON),
        ("/voice: on!", ON),
        ("/voice “yes”", ON),
        ("/speak always", ON),
        ("/audio on", ON),
        ("/voice Off.", OFF),
        ("/voice never", OFF),
        ("/voice no", OFF),
        ("/voice automatic", AUTO),
    ],
)
def test_what_people_type_is_understood(table, typed, told):
    assert table.say(typed)[0].startswith(told)


def test_a_robot_says_that_it_is_one(table):
    robot = tools(table, speech=Speech(robotic=True))
    hand_over(table, robot, "/voice on")
    assert table.sent() == [f"{ON}\n{ABOUT}\n{ROBOT}"]


def test_the_server_that_is_set_speaks_as_it_is_told(tmp_path):
    spoken = reply(200, b"ID3" + bytes(100), "Content-Type: audio/mpeg")
    with (
        peer(spoken) as server,
        speaking(tmp_path, server.url, api_key="k3y", model="loud", voice="bert") as table,
    ):
        hand_over(table, tools(table))
        session = table.gateway.stores().conversations.read(ANN, "").session
        turn = table.gateway.stores().turns.find(session.question)
        medium = table.gateway.prepare_medium(turn, voice("Hello there."))
        (request,) = server.requests
    assert medium.url.endswith("/answer.mp3")
    assert b"Authorization: Bearer k3y" in request
    for told in (b'"model": "loud"', b'"voice": "bert"', b'"input": "Hello there."'):
        assert told in request


# Which answers are spoken


def test_every_answer_is_spoken_to_who_wants_it_behind_its_text(table):
    table.say("/voice on")
    outcome = decided(table)
    assert outcome.chunks == ("_Hello_ 👋 there.",)
    assert outcome.enclosed == (voice("Hello there.", "en"),)


def test_it_is_spoken_in_the_language_that_the_person_chose(table):
    table.say("/language italiano")
    table.say("/voice sì")
    assert decided(table).enclosed == (voice("Hello there.", "it"),)


def test_it_is_spoken_as_it_is_written_where_nobody_said_in_which_language(table):
    table.say("/voice on")
    answer = "Die Bücherei ist morgen ab neun Uhr geöffnet."
    assert decided(table, "ok", answer=answer).enclosed == (voice(answer, "de"),)


def test_by_itself_only_what_was_said_is_answered_by_voice(table):
    assert decided(table).enclosed == ()
    outcome = decided(table, heard=Transcript("Hallo", "de", 3.0))
    assert outcome.enclosed == (voice("Hello there.", "de"),)


@pytest.mark.parametrize("heard", [Transcript("", "", 3.0), Transcript("", "en", 3.0)])
def test_where_nothing_was_heard_nothing_is_spoken(table, heard):
    assert decided(table, heard=heard).enclosed == ()


def test_who_wants_no_voice_gets_none(table):
    table.say("/voice off")
    assert decided(table, heard=Transcript("Hallo", "de", 3.0)).enclosed == ()


def test_the_wish_outlasts_a_new_conversation_and_is_one_persons(table):
    table.say("/voice on")
    table.say("/new")
    assert decided(table).enclosed
    other = table.message("Hi", sender="+15550002222")
    with_all = tools(table)
    person = with_all.stores.conversations.read(other.address, "", other.id)
    assert converse(other, person, with_all).enclosed == ()


@pytest.mark.parametrize(
    "text", ["/help", "/voice", "/current", "/list", "/why", "/nonsense", "STOP", "/again"]
)
def test_what_the_gateway_says_itself_is_not_spoken(table, text):
    table.say("/voice on")
    assert decided(table, text).enclosed == ()


def test_notices_are_not_spoken(table):
    table.say("/voice on")
    assert decided(table, answer=AssistantTimeoutError("late")).enclosed == ()
    hand_over(table, tools(table))
    assert decided(table, limits=Limits(questions_per_contact=1)).enclosed == ()
    message = table.message("", kind=MessageKind.UNSUPPORTED)
    person = tools(table).stores.conversations.read(message.address, "", message.id)
    assert converse(message, person, tools(table)).enclosed == ()


def test_an_answer_given_anew_is_spoken_again(table):
    table.say("/voice on")
    hand_over(table, tools(table), "What is new?")
    assert decided(table, "/again", answer="Nothing.").enclosed == (voice("Nothing.", "en"),)


@pytest.mark.parametrize(
    "answer", ["```\nx = 1\n```", "https://example.org/a", "| a |\n|---|\n| 1 |", "🎉"]
)
def test_where_nothing_can_be_said_nothing_is_spoken_or_counted(table, answer):
    table.say("/voice on")
    outcome = decided(table, answer=answer)
    assert outcome.chunks
    assert outcome.enclosed == ()
    assert outcome.session.spoken == 0


def test_what_is_said_of_unread_media_is_not_spoken(table):
    table.say("/voice on")
    reading = Reading("[Picture]", "[Picture]", understood=1, faults=("media_gone",))
    message = table.message("See", media=(NOTE, NOTE), kind=MessageKind.MEDIA)
    with_all = tools(table, "I see.", read=lambda _message, _stop, _hearing: reading)
    person = with_all.stores.conversations.read(message.address, "", message.id)
    outcome = converse(message, person, with_all)
    assert "no longer there" in outcome.text
    assert outcome.enclosed == (voice("I see."),)


# The budget


def spent(table):
    session = table.gateway.stores().conversations.read(ANN, "").session
    return session.spoken


def test_what_is_spoken_is_counted_with_the_answer(table):
    table.say("/voice on")
    hand_over(table, tools(table))
    assert spent(table) == len("Hello there.")
    assert table.say("/voice on")[0].endswith(LEFT.format(20000 - 12))


def test_when_the_budget_is_used_up_answers_are_only_written(tmp_path):
    with speaking(tmp_path, characters_per_day=30) as table:
        table.say("/voice on")
        responder = tools(table)
        for _ in range(3):
            hand_over(table, responder)
        assert spent(table) == 24
        outcome = decided(table)
        assert outcome.chunks
        assert outcome.enclosed == ()
        tomorrow = table.gateway.responder().clock() + timedelta(days=1)
        assert decided(table, clock=lambda: tomorrow).enclosed == (voice("Hello there.", "en"),)
