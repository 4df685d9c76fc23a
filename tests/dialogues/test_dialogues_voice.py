"""What people are told when they speak, on a whole gateway with a server that writes it down."""

import threading
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask, jsonify, request

from lib.model import Choice, MessageKind
from lib.settings.transcribing import TranscribingSettings
from simulator.server import serve
from tests import recordings
from tests.doubted import QUESTIONS, heard
from tests.local_gateway import ANN, local_gateway

pytestmark = pytest.mark.slow

UNHEARD = "I cannot listen to recordings yet. Please write it to me."
NOT_NOW = "I cannot listen to recordings right now. Please write it to me, or send it again later."
SILENT = "I heard no words in this. Please record it again, or write it to me."
TOO_LONG = "Your recording is too long: I listen to 5 minutes at most."
OTHER = "I cannot read this kind of file. I read pictures, PDF, Word, PowerPoint, Excel and text."
AGAIN = "Then please record it again, or write it to me."
NOTE = recordings.opus(12)


class Transcriptions:
    """A server that writes down what it is told to; each of ``replies`` once, the last for ever."""

    def __init__(self):
        self.replies = ["Where is the library?"]
        self.asked = 0
        self.languages = []
        self.app = Flask(__name__)
        self.app.post("/v1/audio/transcriptions")(self.transcribe)

    def transcribe(self):
        assert request.files["file"].filename.startswith("voice.")
        self.asked += 1
        self.languages.append(request.form.get("language", ""))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, int):
            return "<html>secret words</html>", reply
        told = {"text": reply} if isinstance(reply, str) else reply
        return jsonify(told)

    def unsure(self, text):
        return {"text": text, "segments": [{"end": 3, "avg_logprob": -0.9, "no_speech_prob": 0.1}]}

    def silence(self):
        return {"text": "Thank you.", "segments": [{"avg_logprob": -0.3, "no_speech_prob": 0.9}]}


class Assistant:
    """A model behind chat completions that remembers what it was asked."""

    def __init__(self):
        self.asked = []
        self.says = "It is near."
        self.app = Flask(__name__)
        self.app.post("/v1/chat/completions")(self.complete)

    def complete(self):
        self.asked.append([one["content"] for one in request.get_json()["messages"]])
        choice = {"message": {"content": self.says}, "finish_reason": "stop"}
        return jsonify(choices=[choice])

    @property
    def words(self):
        return self.asked[-1][-1]


class Table:
    """A gateway between a person who speaks, a server that writes it down, and an assistant."""

    def __init__(self, gateway, server, assistant):
        self.gateway, self.server, self.assistant = gateway, server, assistant

    def say(self, text="", **fields):
        return self.gateway.say(text, **fields)

    def speak(self, data=NOTE, content_type="audio/ogg", text=""):
        media = (self.gateway.medium(content_type, data),)
        return self.gateway.say(text, kind=MessageKind.MEDIA, media=media)

    def tap(self, word):
        title = word.capitalize()
        return self.gateway.say(title, kind=MessageKind.CHOICE, choice=Choice(word, title))

    def history(self):
        kept = self.gateway.gateway.stores().history.documents_of(ANN)
        return [one.document["content"] for _, one in kept]


@contextmanager
def set_up(folder, *, menus=False, bursts=False, **transcribing):
    server, assistant = Transcriptions(), Assistant()
    with ExitStack() as stack:
        hears = stack.enter_context(serve(server.app)).url
        answers = stack.enter_context(serve(assistant.app)).url
        settings = TranscribingSettings(url=f"{hears}/v1", **transcribing)
        gateway = stack.enter_context(
            local_gateway(
                folder,
                url=f"{answers}/v1",
                backend="openai",
                model="words",
                menus=menus,
                bursts=bursts,
                transcribing=settings,
            )
        )
        yield Table(gateway, server, assistant)


@pytest.fixture
def table(tmp_path):
    with set_up(tmp_path) as ready:
        yield ready


def test_what_is_said_is_asked_and_shown_at_the_head_of_the_answer(table):
    assert table.speak() == ["> Where is the library?\n\nIt is near."]
    assert table.assistant.words == "[Voice message, 12 s]\nWhere is the library?"


def test_it_is_not_shown_where_nobody_wants_that(tmp_path):
    with set_up(tmp_path, show=False) as table:
        assert table.speak() == ["It is near."]
        assert table.assistant.words == "[Voice message, 12 s]\nWhere is the library?"


def test_words_beside_a_recording_are_asked_with_it(table):
    table.speak(text="I mean this:")
    assert table.assistant.words == "I mean this:\n\n[Voice message, 12 s]\nWhere is the library?"


@pytest.mark.parametrize("said", ["/list", "stop", "Cancel.", "/switch other", "START"])
def test_what_is_spoken_is_no_command(table, said):
    table.server.replies = [said]
    assert table.speak() == [f"> {said}\n\nIt is near."]
    assert table.assistant.words == f"[Voice message, 12 s]\n{said}"
    session = table.gateway.gateway.stores().conversations.read(ANN, "").session
    assert session.opted_out_at is None


def test_history_and_later_questions_have_the_words(table):
    table.speak()
    table.say("And when does it open, please?")
    spoken = "[Voice message, 12 s]\nWhere is the library?"
    assert table.assistant.asked[-1][-3:-1] == [spoken, "It is near."]
    assert spoken in table.history()
    assert "It is near." in table.history()


def test_a_reply_to_a_recording_quotes_what_was_said(table):
    spoken = table.gateway.message(
        kind=MessageKind.MEDIA, media=(table.gateway.medium("audio/ogg", NOTE),)
    )
    table.gateway.hand_over(spoken)
    table.say("I mean this one.", reply_to=spoken.id)
    quoted = "[Reply to the user's message: “Where is the library?”]"
    assert table.assistant.words == f"{quoted}\nI mean this one."


def test_several_recordings_are_shown_each_by_itself(table):
    table.server.replies = ["One.", "Two."]
    media = tuple(table.gateway.medium("audio/ogg", NOTE) for _ in range(2))
    assert table.say(kind=MessageKind.MEDIA, media=media) == ["> One.\n> Two.\n\nIt is near."]
    assert table.assistant.words == "[Voice message, 12 s]\nOne.\n\n[Voice message, 12 s]\nTwo."


def test_a_long_recording_is_shown_in_its_beginning_and_asked_in_full(table):
    words = "one two three " * 200
    table.server.replies = [words]
    (answer,) = table.speak()
    shown = answer.partition("\n\n")[0]
    assert shown.startswith("> one two three one")
    assert shown.endswith("…")
    assert len(shown) < 290
    assert table.assistant.words.endswith(words.strip())


@pytest.mark.parametrize("nothing", ["", "\u200b", "<!-- nothing -->"])
def test_without_an_answer_there_is_no_head_of_it(table, nothing):
    table.assistant.says = nothing
    (answer,) = table.speak()
    assert answer == "The assistant had no answer to this. Please try to put it in other words."


def test_what_is_shown_is_neither_formatted_nor_hides_anything(table):
    table.server.replies = ["a *b* _c_ ~d~ `e`\n\n> f\u202e\x07 [x](y) \ud800"]
    assert table.speak() == ["> a b c d e > f [x](y) ?\n\nIt is near."]


def test_again_asks_the_same_words_and_hears_nothing_twice(table):
    table.speak()
    table.assistant.says = "Over there."
    assert table.say("/again") == ["Over there."]
    assert table.say("/again") == ["Over there."]
    assert table.assistant.words == "[Voice message, 12 s]\nWhere is the library?"
    assert table.server.asked == 1


@pytest.mark.parametrize("yes", ["yes", "Yes!", "  JA ", "sí", "👍🏽", "はい", "/again"])
def test_what_is_in_doubt_is_asked_about_and_a_yes_asks_it(table, yes):
    table.server.replies = [table.server.unsure("Where is the berry?")]
    assert table.speak() == ["Did you say: “Where is the berry?”?"]
    assert table.assistant.asked == []
    assert table.say(yes) == ["It is near."]
    assert table.assistant.words == "[Voice message, 12 s]\nWhere is the berry?"
    assert table.server.asked == 1
    table.say("yes")
    assert table.assistant.words == "yes"


@pytest.mark.parametrize(
    ("no", "answer"),
    [
        *((one, AGAIN) for one in ("no", "Nein.", "👎")),
        ("いいえ", "それでは、もう一度録音するか、文章で送ってください。"),
    ],
)
def test_a_no_asks_for_it_again_and_is_no_question(table, no, answer):
    table.server.replies = [table.server.unsure("Where is the berry?"), "Where is the library?"]
    table.speak()
    assert table.say(no) == [answer]
    assert table.assistant.asked == []
    assert table.speak() == ["> Where is the library?\n\nIt is near."]


@pytest.mark.parametrize("other", ["yesterday", "I said library", "no, the library", "yes and no"])
def test_anything_else_is_a_question_and_the_doubt_is_over(table, other):
    table.server.replies = [table.server.unsure("Where is the berry?")]
    table.speak()
    assert table.say(other) == ["It is near."]
    assert table.assistant.words == other
    table.say("yes")
    assert table.assistant.words == "yes"


def test_a_doubt_can_be_tapped_away(tmp_path):
    with set_up(tmp_path, menus=True) as table:
        table.server.replies = [table.server.unsure("Where is the berry?")]
        table.speak()
        actions = table.gateway.resources()[-1]["menu"]["actions"]
        assert [(one["id"], one["title"]) for one in actions] == [("yes", "Yes"), ("no", "No")]
        assert table.tap("yes") == ["It is near."]
        assert table.assistant.words == "[Voice message, 12 s]\nWhere is the berry?"


def test_what_is_asked_about_it_is_asked_in_the_language_that_was_spoken(tmp_path):
    with set_up(tmp_path, menus=True) as table:
        doubt = table.server.unsure("Wo ist die Beere?") | {"language": "german"}
        table.server.replies = [doubt]
        assert table.speak() == ["Hast du gesagt: „Wo ist die Beere?“?"]
        actions = table.gateway.resources()[-1]["menu"]["actions"]
        assert [(one["id"], one["title"]) for one in actions] == [("yes", "Ja"), ("no", "Nein")]


@pytest.mark.parametrize(
    ("language", "code"), [("english", "en"), ("german", "de"), ("french", "fr")]
)
def test_a_doubt_is_told_from_an_answer_in_each_language(table, language, code):
    table.server.replies = [
        table.server.unsure("Sol 5 “A”?") | {"language": language},
        {"text": "Sol “5”?", "language": language},
    ]
    asked = table.speak()
    assert asked == [QUESTIONS[code].format(words="Sol 5 “A”?")]
    assert heard(asked[0]) == ("Sol 5 “A”?", True)
    assert heard(table.speak()[0].partition("\n")[0]) == ("Sol “5”?", False)


def test_what_goes_wrong_is_told_in_the_language_that_was_spoken(table):
    table.server.replies = [{"text": "Wo ist die Bücherei?", "language": "german"}]
    table.assistant.says = ""
    excuse = "Der Assistent hatte darauf keine Antwort."
    assert table.speak()[0].startswith(excuse)
    assert table.say("/again")[0].startswith(excuse)


def test_who_chose_a_language_is_heard_and_told_in_it(table):
    table.say("/language italiano")
    table.speak()
    assert table.server.languages == ["it"]
    table.server.replies = [500]
    (told,) = table.speak()
    assert told.startswith("In questo momento non posso ascoltare registrazioni. Scrivimelo o")


def test_the_limit_is_told_in_the_language_that_was_chosen(tmp_path):
    with set_up(tmp_path, most_seconds=60) as table:
        table.say("/language 中文")
        assert table.speak(recordings.opus(61)) == ["你的录音太长了：我最多能听 1 分钟。"]


def test_a_recording_waits_for_nothing_that_may_belong_to_it(tmp_path):
    with set_up(tmp_path, bursts=True) as table:
        assert table.speak() == ["> Where is the library?\n\nIt is near."]


def test_where_nothing_is_said_nobody_is_asked(table):
    for reply in (table.server.silence(), "", " \n"):
        table.server.replies = [reply]
        assert table.speak() == [SILENT]
    assert table.assistant.asked == []


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (recordings.opus(302), "audio/ogg"),
        (recordings.opus(310, granule=48_000), "audio/ogg"),
        (recordings.amr(301), "audio/amr"),
        (recordings.mp3(301), "audio/mpeg"),
        (recordings.aac(301), "audio/aac"),
        (recordings.mp4(3000), "audio/mp4"),
        (recordings.webm(1_300_000), "audio/webm"),
        (recordings.wav(301, rate=1_000), "audio/wav"),
    ],
)
def test_what_is_too_long_is_refused_before_anybody_is_paid(table, data, content_type):
    assert table.speak(data, content_type) == [TOO_LONG]
    assert (table.server.asked, table.assistant.asked) == (0, [])


@pytest.mark.parametrize(
    ("most", "sentence"), [(60, "1 minute"), (90, "90 seconds"), (120, "2 minutes")]
)
def test_the_limit_is_named(tmp_path, most, sentence):
    with set_up(tmp_path, most_seconds=most) as table:
        answer = [f"Your recording is too long: I listen to {sentence} at most."]
        assert table.speak(recordings.opus(most + 1)) == answer
        assert table.speak(recordings.opus(most - 1)) != answer


@pytest.mark.parametrize(
    ("data", "content_type", "spoken"),
    [
        (recordings.mp3(3), "audio/mpeg", True),
        (recordings.wav(3), "audio/wav", True),
        (recordings.mp4(3), "audio/mp4", True),
        (recordings.mp4(3, brand=b"M4A "), "application/octet-stream", True),
        (recordings.mp4(3), "video/mp4", False),
        (recordings.webm(9_000), "audio/webm", True),
        (recordings.webm(9_000), "video/webm", False),
    ],
)
def test_a_film_is_no_recording(table, data, content_type, spoken):
    answer = ["> Where is the library?\n\nIt is near."] if spoken else [OTHER]
    assert table.speak(data, content_type) == answer
    assert table.server.asked == spoken


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502])
def test_where_nobody_can_hear_now_it_is_one_sentence(table, status):
    table.server.replies = [status]
    assert table.speak() == [NOT_NOW]
    assert (table.server.asked, table.assistant.asked) == (1, [])


def test_with_words_beside_it_both_are_told_that_a_recording_is_missing(table):
    table.server.replies = [500]
    assert table.speak(text="And this?") == [f"It is near.\n\n_{NOT_NOW}_"]
    missing = "[Recording of type audio/ogg, which could not be heard]"
    assert table.assistant.words == f"And this?\n\n{missing}"


def test_one_recording_of_two_is_enough_to_ask(table):
    table.server.replies = [500, "Two."]
    media = tuple(table.gateway.medium("audio/ogg", NOTE) for _ in range(2))
    answer = table.say(kind=MessageKind.MEDIA, media=media)
    assert answer == [f"> Two.\n\nIt is near.\n\n_{NOT_NOW}_"]


def test_without_a_server_it_is_as_ever(tmp_path):
    with local_gateway(tmp_path) as table:
        media = (table.medium("audio/ogg", NOTE),)
        assert table.say("", kind=MessageKind.MEDIA, media=media) == [UNHEARD]


def test_nothing_said_is_logged(table, caplog):
    with caplog.at_level("DEBUG"):
        table.speak()
        table.server.replies = [500]
        table.speak()
    assert "library" not in " ".join(str(one.__dict__) for one in caplog.records)


def test_many_who_speak_at_once_are_all_answered(table):
    messages = [
        table.gateway.message(
            sender=f"+1555000{number:04}",
            kind=MessageKind.MEDIA,
            media=(table.gateway.medium("audio/ogg", NOTE),),
        )
        for number in range(20)
    ]
    workers = [threading.Thread(target=table.gateway.hand_over, args=(one,)) for one in messages]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert table.server.asked == len(messages)
    assert {len(table.gateway.sent(one.address)) for one in messages} == {1}
