"""The introduction above a person's first answer, on a whole gateway."""

from dataclasses import replace

import pytest

from lib.conversation.introduction import Introduction
from lib.conversation.support import Support
from lib.errors import AssistantError
from lib.model import Answer, QueueDelivery
from lib.queue.envelope import encode
from lib.settings.people import PeopleSettings
from lib.turn.respond import respond
from tests.local_gateway import ANN, local_gateway
from tests.talking import BROKE_OFF, INTERRUPTED, said

CATALOGUE = """
assistants:
  default-assistant: {name: Writer, backend: openai, model: any, early: parts}
"""
HEAD = "👋 I am Writer, an AI assistant: what I say can be wrong. /help shows what I understand."
WITH_HUMAN = (
    "👋 I am Writer, an AI assistant: what I say can be wrong. /help shows what I understand, "
    "/human asks for a human. How your data are treated: https://example.org/privacy"
)


class Writer:
    """Says an answer paragraph by paragraph, or ends as it is told."""

    def __init__(self, *paragraphs):
        self.paragraphs = paragraphs

    def ask(self, assistant, question, listener):
        for count, paragraph in enumerate(self.paragraphs):
            if isinstance(paragraph, BaseException):
                raise paragraph
            listener.hear("\n\n".join(self.paragraphs[: count + 1]))
        return Answer("\n\n".join(self.paragraphs))


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CATALOGUE, people=PeopleSettings(introduction=True)) as running:
        yield running


def ask(table, *paragraphs, message=None, **changes):
    data, _ = encode(message := message or table.message("Tell me"))
    responder = replace(
        table.gateway.responder(), clients={"openai": Writer(*paragraphs)}, **changes
    )
    before = len(table.sent())
    assert respond(QueueDelivery(message, payload=data.decode()), responder)
    return table.sent()[before:]


def session(table):
    return table.gateway.stores().conversations.read(ANN, "").session


def test_it_stands_once_above_the_first_answer_in_the_same_message(table):
    assert not any(HEAD in one for one in table.say("/help"))
    assert ask(table, "Hello.") == [f"{HEAD}\n\nHello."]
    assert ask(table, "Hello.") == ["Hello."]
    (first, _) = session(table).recent
    assert first.answer == "Hello."


def test_it_names_a_human_and_the_page_about_privacy_where_there_are_some(tmp_path):
    privacy = "https://example.org/privacy"
    told = PeopleSettings(introduction=True, privacy_url=privacy, human_contact="Call us.")
    with local_gateway(tmp_path, CATALOGUE, people=told) as table:
        assert ask(table, "Hello.") == [f"{WITH_HUMAN}\n\nHello."]


def test_it_is_told_again_where_it_says_something_else(table):
    ask(table, "Hello.")
    moved = Introduction("https://example.org/privacy")
    changed = {"introduction": moved, "support": Support(contact="Call us.")}
    assert ask(table, "Hello.", **changed) == [f"{WITH_HUMAN}\n\nHello."]
    assert ask(table, "Hello.", **changed) == ["Hello."]


def test_an_answer_that_fails_does_not_count(table):
    (excuse,) = ask(table, AssistantError("no"))
    assert HEAD not in excuse
    assert ask(table, "Hello.") == [f"{HEAD}\n\nHello."]


def test_an_answer_without_a_visible_word_is_none_and_does_not_count(table):
    (excuse,) = ask(table, "\u200b")
    assert HEAD not in excuse
    assert ask(table, "Hello.") == [f"{HEAD}\n\nHello."]


def test_an_answer_that_begins_early_begins_with_it(table):
    answer = said("alpha", "beta", "gamma")
    parts = ask(table, *answer)
    assert parts[0].startswith(f"{HEAD}\n\nalpha")
    assert "\n\n".join(parts) == "\n\n".join((HEAD, *answer))
    assert ask(table, *answer) == answer


def test_an_answer_that_broke_off_has_told_it(table):
    *parts, end = ask(table, *said("alpha", "beta", "gamma"), AssistantError("cut"))
    assert parts[0].startswith(HEAD)
    assert end == BROKE_OFF
    assert ask(table, "Hello.") == ["Hello."]


@pytest.mark.parametrize("other", [("alpha", "beta", "gamma"), ("omega", "other", "third")])
def test_a_worker_that_ends_half_way_leads_to_one_introduction_or_a_beginning_anew(table, other):
    message = table.message("Tell me")
    with pytest.raises(KilledError):
        ask(table, *said("alpha", "beta", "gamma"), KilledError(), message=message)
    begun = table.sent()
    assert begun
    clock, lease = table.gateway.responder().clock, table.gateway.lease()
    parts = ask(table, *said(*other), message=message, clock=lambda: clock() + 2 * lease)
    if other[1] == "beta":
        assert "\n\n".join((*begun, *parts)) == "\n\n".join((HEAD, *said(*other)))
    else:
        assert parts[0].startswith(f"{INTERRUPTED}\n\n{HEAD}\n\nomega")


GERMAN = "Bitte erzähl mir etwas über die Geschichte der Stadt"
VORGESTELLT = (
    "👋 Ich bin Writer, ein KI-Assistent: Was ich sage, kann falsch sein. "
    "/help zeigt, was ich verstehe."
)
UNTERBROCHEN = "_(Ich wurde unterbrochen; hier alles von Anfang an:)_"


def test_it_is_told_in_the_language_of_the_person_whoever_answers_first(table):
    message = table.message(GERMAN)
    with pytest.raises(KilledError):
        ask(table, *said("alpha", "beta", "gamma"), KilledError(), message=message)
    assert table.sent()[0].startswith(f"{VORGESTELLT}\n\nalpha")
    clock, lease = table.gateway.responder().clock, table.gateway.lease()
    later = {"message": message, "clock": lambda: clock() + 2 * lease}
    parts = ask(table, *said("omega", "other", "third"), **later)
    assert parts[0].startswith(f"{UNTERBROCHEN}\n\n{VORGESTELLT}\n\nomega")


def test_without_the_setting_nobody_is_introduced(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as table:
        assert ask(table, "Hello.") == ["Hello."]
        assert session(table).introduced == ""
