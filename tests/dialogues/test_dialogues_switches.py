"""Flags, news and the breaker of optional features, on a whole gateway."""

import json
import logging
from dataclasses import replace

import pytest

from lib.assistant.hearing import Hearing
from lib.assistant.pieces import CompletionPieces
from lib.conversation.speaking import Speech
from lib.model import Answer, Media, MessageKind
from lib.ports.documents import Write
from lib.ports.typing import NoTyping
from lib.settings.people import PeopleSettings
from lib.storage.stores.switches import FLAGS, NEWS
from operations import flags as command
from tests.local_gateway import ANN, local_gateway
from tests.talking import said

BOB = "+15550002222"
CLOSED = """
assistants:
  default-assistant: {name: Writer, hours: "2020 Jan 01 10:00-11:00", timezone: UTC}
"""


TALKING = """
assistants:
  default-assistant: {name: Writer, backend: openai, model: any, early: parts}
"""
EVENTS = "text/event-stream"
PARAGRAPHS = said("alpha", "beta", "gamma")


class Friendly:
    def ask(self, assistant, question, listener):
        return Answer("Hi")


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CLOSED, people=PeopleSettings(introduction=True)) as ready:
        change(ready, clients={"vac": Friendly()})
        yield ready


def change(table, **parts):
    table.gateway.parts["responder"] = replace(table.gateway.responder(), **parts)


def switch(table, flags=None, news=None):
    documents = table.gateway.sqlite().documents
    given = ((FLAGS, flags), (NEWS, news))
    documents.replace([Write(key, one) for key, one in given if one is not None])


def test_a_person_has_the_features_of_their_flags(table):
    switch(table, {"hours": {"contacts": [BOB]}, "introduction": {"contacts": [BOB]}})
    assert table.say("Hello") == ["Hi"]
    assert table.say("Hello", BOB) == ["🌙 Writer is not there at the moment."]


def test_news_are_told_once_as_the_last_words_of_an_answer(table):
    switch(table, {"hours": 0, "introduction": 0}, {"id": "1", "text": "📣 I can hear now."})
    assert "Commands" in table.say("/help")[0]
    assert [table.say("Hello") for _ in range(2)] == [["Hi\n\n📣 I can hear now."], ["Hi"]]
    assert table.say("Hello", BOB) == ["Hi\n\n📣 I can hear now."]


def test_news_are_no_part_of_what_an_assistant_is_told(table):
    switch(table, {"hours": 0, "introduction": 0}, {"id": "1", "text": "News"})
    table.say("Hello")
    recent = table.gateway.stores().conversations.read(ANN, "").session.recent
    assert [one.answer for one in recent] == ["Hi"]


class BrokenSpeech:
    """Fails whenever it is used, as a defect would."""

    robotic = False

    @property
    def characters_per_day(self):
        raise ZeroDivisionError


def test_a_feature_that_breaks_is_left_out_and_switched_off_with_one_alarm(table, caplog):
    switch(table, {"hours": 0, "introduction": 0})
    change(table, speech=Speech())
    table.say("/voice on")
    change(table, speech=BrokenSpeech())
    with caplog.at_level(logging.ERROR):
        assert [table.say("Hello") for _ in range(5)] == [["Hi"]] * 5
    told = [one for one in caplog.records if "optional feature" in one.message]
    assert [one.message for one in told] == ["optional feature failed"] * 3 + [
        "optional feature switched off"
    ]
    assert {one.feature for one in told} == {"voice"}
    assert all(one.reason.startswith("ZeroDivisionError at test") for one in told)


class Streaming:
    """Answers in a stream of OpenAI's, of which each event is heard by itself."""

    def __init__(self):
        self.asked = 0

    def ask(self, assistant, question, listener):
        self.asked += 1
        hearing = Hearing(listener, {EVENTS: CompletionPieces}, thinks_unsaid=False)
        for paragraph in PARAGRAPHS:
            event = {"choices": [{"delta": {"content": f"{paragraph}\n\n"}}]}
            hearing.take(EVENTS, f"data: {json.dumps(event)}\n\n".encode())
        return Answer("\n\n".join(PARAGRAPHS))


class BrokenTyping(NoTyping):
    """Breaks whenever a part has left early, which ends the indicator."""

    def __init__(self):
        self.failures = 0

    def again(self, message_id):
        self.failures += 1
        raise ZeroDivisionError


def test_parts_that_break_on_leaving_early_leave_with_the_others(tmp_path, caplog):
    with local_gateway(tmp_path, TALKING) as table, caplog.at_level(logging.ERROR):
        broken, client = BrokenTyping(), Streaming()
        change(table, typing=broken, clients={"openai": client})
        assert [table.say("Tell me") for _ in range(5)] == [PARAGRAPHS] * 5
    assert broken.failures == 3  # then nothing leaves early any more
    told = [one for one in caplog.records if "optional feature" in one.message]
    assert [one.message for one in told] == ["optional feature failed"] * 3 + [
        "optional feature switched off"
    ]
    assert {one.feature for one in told} == {"early"}
    assert client.asked == 5  # nothing was asked again


def test_media_that_break_the_reader_are_answered_without_it(table):
    switch(table, {"hours": 0, "introduction": 0})

    def read(message, stop, hearing):
        raise RecursionError

    change(table, read=read)
    media = (Media("https://api.twilio.com/x", "image/jpeg"),)
    assert table.say("What is this?", media=media, kind=MessageKind.MEDIA) == ["Hi"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("flags:\n  voice: 150 %\n", 2, "voice: the share is from 0 to 100 percent"),
        ("flags:\n  voice: 5\n  wings: 5\n", 3, "there is no feature 'wings'"),
        ("flags:\n  voice: {contacts: [ann]}\n", 2, "voice: contacts are numbers like +1555"),
        ("news:\n  text: " + "x" * 1001, 1, "news: the text has more than 1000 characters"),
        ("flag:\n  voice: 5\n", 1, "'flag' is not known here"),
    ],
)
def test_a_file_of_flags_that_is_wrong_changes_nothing(
    table, tmp_path, monkeypatch, capsys, text, line, reason
):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    file = tmp_path / "flags.yaml"
    file.write_text(text)
    assert command.main([str(file)]) == 2
    told = capsys.readouterr().err
    assert f"line {line}: {reason}" in told
    assert table.gateway.stores().conversations.read(ANN, "").switches is None


def test_a_file_of_flags_acts_on_a_running_gateway(table, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert table.gateway.stores().turns.find("SM1") is None  # from then on there are data
    file = tmp_path / "flags.yaml"
    file.write_text("flags:\n  hours: false\n  introduction: {share: 0}\nnews: {text: News}\n")
    assert command.main([str(file)]) == 0
    assert table.say("Hello") == ["Hi\n\nNews"]
