"""Asking for a human, and what an assistant says that asks for one, on a whole gateway."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.model import Answer, Media, QueueDelivery
from lib.queue.envelope import encode
from lib.settings.people import PeopleSettings
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway
from tests.peer import answer, peer
from tests.talking import said

CALLED = (
    "🙋 I have asked a human to take over. Until then I am silent, and what you write is passed "
    "on. Send /bot to talk to me again."
)
UNREACHED = (
    "🙋 I could not reach anybody to take over just now. I try it again with your next message; "
    "until then I am silent. Send /bot to talk to me again."
)
HAS_IT = (
    "🙋 A human has been asked to take over, and what you write is passed on. Send /bot to talk to "
    "me again."
)
PASSED_ON = "📨 Passed on. Whatever else you write is passed on, too."
BACK = "🤖 I answer you again. Send /human to ask for a human."
ALREADY = "🤖 It is me who answers you already."
NOBODY = "🙋 There is no human here who could take over."
OVER = "_(For 12 hours nobody wrote, so I answer again. Send /human to ask for a human.)_"
GONE = "_(There is no human any more who could take over, so I answer again.)_"
TAKEN = answer(204, b"")
CATALOGUE = """
assistants:
  default-assistant: {name: Writer, backend: openai, model: any, early: parts}
"""


class Writer:
    """Says an answer paragraph by paragraph, and keeps what the person had before each of them."""

    def __init__(self, table, *paragraphs):
        self.table, self.paragraphs, self.seen, self.asked = table, paragraphs, [], []

    def ask(self, assistant, question, listener):
        self.asked.append(question)
        for count in range(len(self.paragraphs)):
            self.seen.append(len(self.table.sent()))
            listener.hear("\n\n".join(self.paragraphs[: count + 1]))
        return Answer("\n\n".join(self.paragraphs))


def hooked(system, **told):
    """The settings of a gateway whose humans work with a system of their own."""
    return PeopleSettings(handover_url=f"{system.url}/hook", handover_key=b"k" * 24, **told)


@contextmanager
def humans(tmp_path, *steps, catalogue="", **told):
    """A gateway whose humans answer with these steps."""
    with peer(*(steps or (TAKEN,))) as system:
        settings = hooked(system, **told)
        with local_gateway(tmp_path, catalogue, people=settings) as table:
            yield table, system


def told(system):
    """What the humans were told: type, id and text."""
    documents = [json.loads(one.partition(b"\r\n\r\n")[2]) for one in system.requests]
    return [(one["type"], one["data"]["message_id"][-1], one["data"]["text"]) for one in documents]


def asked(table, writer, text):
    data, _ = encode(message := table.message(text))
    responder = replace(table.gateway.responder(), clients={"openai": writer})
    before = len(table.sent())
    assert respond(QueueDelivery(message, payload=data.decode()), responder)
    return table.sent()[before:]


def session(table):
    return table.gateway.stores().conversations.read(ANN, "").session


def test_a_human_has_the_person_until_they_go_back(tmp_path):
    with humans(tmp_path) as (table, system):
        assert table.say("Hello") != []
        assert table.say("/human") == [CALLED]
        assert table.say("My order is lost") == [PASSED_ON]
        assert table.say("It was a lamp.") == []
        assert table.say("/again") == [HAS_IT]
        assert table.say("human") == [HAS_IT]
        assert table.say("/bot") == [BACK]
        assert table.say("/bot") == [ALREADY]
        assert "You said:\n\nHello again\n" in table.say("Hello again")[0]
        assert told(system) == [
            ("handover.requested", "2", "/human"),
            ("handover.message", "3", "My order is lost"),
            ("handover.message", "4", "It was a lamp."),
            ("handover.requested", "6", "human"),
            ("handover.ended", "7", "/bot"),
        ]
        first = json.loads(system.requests[0].partition(b"\r\n\r\n")[2])["data"]
        assert [pair["question"] for pair in first["recent"]] == ["Hello"]
        assert (first["contact"], first["by"]) == (ANN, "person")
        history = table.gateway.stores().history.documents_of(ANN)
        kinds = {one.document["content"]: one.document["kind"] for _, one in history}
    assert kinds["It was a lamp."] == "human"


def test_media_are_passed_on_unread_with_their_addresses(tmp_path):
    with humans(tmp_path) as (table, system):
        table.say("/human")
        medium = Media(f"{table.twilio_url}/medium", "image/png")
        assert table.say("Look", media=(medium,)) == [PASSED_ON]
        data = json.loads(system.requests[-1].partition(b"\r\n\r\n")[2])["data"]
    assert data["text"] == "Look"
    assert data["media"] == [{"url": medium.url, "content_type": "image/png"}]


def test_pieces_of_a_question_reach_a_human_as_they_come(tmp_path):
    with peer(TAKEN) as system:
        with local_gateway(tmp_path, people=hooked(system), bursts=True) as table:
            assert table.say("/human") == [CALLED]
            assert table.say("and") == [PASSED_ON]
            assert table.say("then") == []
        assert [text for *_, text in told(system)] == ["/human", "and", "then"]


@pytest.mark.parametrize(
    "word",
    ["human", "Human!", "HUMAN PLEASE", "Talk to a human.", "speak to an agent", "/agent"],
)
def test_words_for_a_human_count_as_a_whole_message(tmp_path, word):
    with humans(tmp_path) as (table, _):
        assert table.say(word) == [CALLED]


@pytest.mark.parametrize("word", ["a human", "agent", "Is a human there?", "person"])
def test_what_merely_has_such_a_word_is_a_question(tmp_path, word):
    with humans(tmp_path) as (table, system):
        assert f"You said:\n\n{word}\n" in table.say(word)[0]
        assert system.requests == []


@pytest.mark.parametrize(
    ("contact", "words"),
    [("", NOBODY), ("Write to help@example.com.", f"{NOBODY}\nWrite to help@example.com.")],
)
def test_where_nobody_takes_over_that_is_said_and_the_assistant_goes_on(tmp_path, contact, words):
    with local_gateway(tmp_path, people=PeopleSettings(human_contact=contact)) as table:
        assert table.say("/human") == [words]
        assert "You said:\n\nHello\n" in table.say("Hello")[0]
        assert session(table).human is None


def test_the_hours_of_the_humans_are_told(tmp_path):
    with humans(tmp_path, human_hours="24/7", human_timezone="Europe/Berlin") as (table, _):
        assert table.say("/human") == [f"{CALLED} Somebody is there now."]
    (tmp_path / "away").mkdir()
    with humans(tmp_path / "away", human_hours="off", human_timezone="Europe/Berlin") as (table, _):
        assert table.say("/human") == [CALLED]


def test_after_twelve_hours_without_a_word_the_assistant_answers_and_says_so(tmp_path):
    with humans(tmp_path) as (table, system):
        begun = datetime.now(UTC) - timedelta(hours=25)
        for hours, text, words in [
            (0, "/human", [CALLED]),
            (11, "Hello", [PASSED_ON]),
            (22, "Hello?", []),
        ]:
            message = replace(table.message(text), received_at=begun + timedelta(hours=hours))
            before = len(table.sent())
            assert table.hand_over(message)
            assert table.sent()[before:] == words
        late = replace(table.message("Bye"), received_at=begun + timedelta(hours=34))
        assert table.hand_over(late)
        assert table.sent()[-1].startswith(f"{OVER}\n\n")
        assert "You said:\n\nBye\n" in table.sent()[-1]
        assert OVER not in table.say("Hello")[0]
        assert len(system.requests) == 3


def test_where_nobody_takes_over_any_more_the_assistant_answers_and_says_so(tmp_path):
    with humans(tmp_path) as (table, _):
        table.say("/human")
        without = replace(table.gateway.responder(), support=None)
        data, _ = encode(message := table.message("Hello"))
        assert respond(QueueDelivery(message, payload=data.decode()), without)
        assert table.sent()[-1].startswith(f"{GONE}\n\n")


MARKED = ["[[human]]", "[[human]]\n\n", "  [[ Human ]] ", "\n[[HUMAN]]\n"]


@pytest.mark.parametrize("mark", MARKED)
def test_an_assistant_asks_for_a_human_with_a_mark_that_nobody_sees(tmp_path, mark):
    with humans(tmp_path, catalogue=CATALOGUE) as (table, system):
        writer = Writer(table, f"{mark}I get somebody.")
        assert asked(table, writer, "Save me") == [f"I get somebody.\n\n{CALLED}"]
        assert asked(table, writer, "Hello?") == [PASSED_ON]
        assert len(writer.asked) == 1
        assert told(system) == [
            ("handover.requested", "1", "Save me"),
            ("handover.message", "2", "Hello?"),
        ]
        (pair,) = session(table).recent
        assert "[[" not in pair.answer


@pytest.mark.parametrize("mark", MARKED)
def test_nothing_of_the_mark_leaves_early_and_what_follows_is_said_once(tmp_path, mark):
    with humans(tmp_path, catalogue=CATALOGUE) as (table, _):
        first, *others = said("alpha", "beta", "gamma")
        writer = Writer(table, f"{mark}{first}", *others)
        answers = asked(table, writer, "Save me")
    assert writer.seen == [0, 0, 0]
    assert "\n\n".join(answers) == "\n\n".join((first, *others, CALLED))


def test_a_mark_that_is_not_at_the_beginning_is_what_somebody_says(tmp_path):
    with humans(tmp_path, catalogue=CATALOGUE) as (table, system):
        assert asked(table, Writer(table, "I may say [[human]]."), "Hm") == ["I may say [[human]]."]
        assert asked(table, Writer(table, "[[humans]] are"), "Hm") == ["[[humans]] are"]
        assert system.requests == []


def test_an_answer_that_is_the_mark_alone_says_what_becomes_of_it(tmp_path):
    with humans(tmp_path, catalogue=CATALOGUE) as (table, _):
        assert asked(table, Writer(table, "[[human]]"), "Save me") == [CALLED]
    (tmp_path / "alone").mkdir()
    with local_gateway(tmp_path / "alone", CATALOGUE) as table:
        assert asked(table, Writer(table, "[[human]]"), "Save me") == [NOBODY]
        assert session(table).human is None


def test_an_answer_is_not_paid_twice_because_the_humans_cannot_be_told(tmp_path):
    with humans(tmp_path, answer(500), TAKEN, catalogue=CATALOGUE) as (table, system):
        writer = Writer(table, "[[human]] I get somebody.")
        assert asked(table, writer, "Save me") == [f"I get somebody.\n\n{UNREACHED}"]
        assert asked(table, writer, "Hello?") == [PASSED_ON]
        assert len(writer.asked) == 1
        assert told(system)[1:] == [
            ("handover.requested", "1", ""),
            ("handover.message", "2", "Hello?"),
        ]
