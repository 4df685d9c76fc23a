"""The demo assistants over HTTP, in each of the three forms of the assistant API."""

import json
import threading

import pytest
import requests

from simulator.assistants.app import create_app
from simulator.assistants.demo import Demo
from simulator.assistants.faults import AssistantFaults
from simulator.assistants.library import keywords, sections
from simulator.server import serve
from tests.processes import ROOT, wait_for

ROUTES = ["/vac/assistant/{}", "/vac/assistant/{}/sse", "/vac/streaming/{}"]


class Assistants:
    def __init__(self, url, faults):
        self.url, self.faults = url, faults

    def post(self, name, text, route=ROUTES[0], earlier=()):
        history = [
            {"name": speaker, "content": said}
            for one in earlier
            for speaker, said in (("Human", one), ("AI", "..."))
        ]
        body = {"user_input": text, "chat_history": history}
        return requests.post(self.url + route.format(name), json=body, timeout=10)

    def ask(self, name, text, route=ROUTES[0], earlier=()):
        return said(self.post(name, text, route, earlier))


def said(answer):
    kind = answer.headers["Content-Type"]
    if kind.startswith("application/json"):
        return answer.json()["answer"]
    answer.encoding = "utf-8"
    if kind.startswith("text/event-stream"):
        events = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
        return next(e["answer"] for e in map(json.loads, events) if "answer" in e)
    return json.loads(answer.text[answer.text.rindex('{"answer"') :])["answer"]


@pytest.fixture(scope="module")
def assistants():
    faults = AssistantFaults()
    with serve(create_app(Demo(ROOT, seconds=0.2), faults)) as server:
        yield Assistants(server.url, faults)
        faults.clear()


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("default-assistant", "Hello", "not a language model"),
        ("formatting", "list", "`tables`"),
        ("thinker", "Hm?", "no model is behind me"),
        ("writer", "300", "300 characters"),
        ("somebody", "Hm?", "I only repeat"),
    ],
)
def test_each_says_what_it_is_in_every_form(assistants, route, name, text, words):
    assert words in assistants.ask(name, text, route)


@pytest.mark.parametrize(
    "question",
    ["नमस्ते, मुझे एक सवाल पूछना है", "Hei, jeg har et spørsmål til deg", "Ich habe eine Frage an dich"],
)
def test_the_sheet_of_the_gateway_s_sentences_answers_nothing(assistants, question):
    assert "I found nothing" in assistants.ask("default-assistant", question)


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("how do I deploy", "On Google Cloud"),
        ("Which settings are there?", "Settings"),
        ("How does a message travel?", "How a message travels"),
        ("what can people send", "What people can send"),
        ("How are signatures checked?", "signature"),
        ("What happens when Twilio says 429?", ""),
    ],
)
def test_the_guide_finds_the_section_that_tells_it(assistants, question, where):
    answer = assistants.ask("default-assistant", question)
    assert where in answer.splitlines()[0]
    assert "\n\nFrom `" in answer


def test_the_guide_reads_on_when_asked_for_more(assistants):
    first = assistants.ask("default-assistant", "signature")
    second = assistants.ask("default-assistant", "more", earlier=["signature"])
    third = assistants.ask("default-assistant", "more", earlier=["signature", "more"])
    assert len({first, second, third}) == 3


def test_the_guide_says_when_it_found_nothing(assistants):
    assert "I found nothing" in assistants.ask("default-assistant", "xyzzy plugh")


@pytest.mark.parametrize(
    "question",
    [
        "What is the weather in Paris today?",
        "Tell me a joke",
        "who won the world cup in 1998",
        "Can you write a poem about the sea?",
        "How do I cook pasta?",
        "What is the capital of France?",
        "Translate good morning into Japanese",
        "¿Cuánto cuesta un billete de tren?",
        "how tall is the Eiffel tower",
        "Set a timer for five minutes",
        "I love you",
    ],
)
def test_the_guide_says_when_a_question_is_outside_and_offers_what_it_can_answer(
    assistants, question
):
    answer = assistants.ask("default-assistant", question)
    assert answer.startswith("I found nothing about that: it is outside")
    offered = [line[3:-1] for line in answer.splitlines() if line.startswith("- *")]
    assert len(offered) == 3
    for one in offered:
        assert "\n\nFrom `" in assistants.ask("default-assistant", one)


@pytest.mark.parametrize(
    "question",
    [
        "What time is it?",
        "How old are you?",
        "What is 2+2?",
        "Hello, how are you today?",
        "yes",
        "?",
    ],
)
def test_small_talk_is_answered_with_what_the_guide_is(assistants, question):
    answer = assistants.ask("default-assistant", question)
    assert "guide" in answer
    offered = [line[3:-1] for line in answer.splitlines() if line.startswith("- *")]
    for one in offered:
        assert "\n\nFrom `" in assistants.ask("default-assistant", one)


def test_the_settings_are_those_of_the_readme(assistants):
    answer = assistants.ask("default-assistant", "Which settings are there?")
    assert "From `README.md`" in answer


@pytest.mark.parametrize(
    ("line", "arrived"),
    [
        ("[Attachment: image/jpeg https://api.example/Media/ME1]", "A picture (image/jpeg)"),
        ("[Attachment: audio/ogg https://api.example/Media/ME2]", "A voice note or sound"),
        ("[Attachment: application/pdf https://api.example/Media/ME3]", "A document"),
        ("[Shared contact: text/vcard https://api.example/Media/ME4]", "A contact"),
        ("[Location: Home (52.500000, 13.400000)]", "A place"),
        ("[Picture]", "A picture arrived"),
        ("[Document “x.pdf”, 2 pages]\n````\na ``` b\n````", "A document"),
        ("[Voice message, 4 s]\nBuy milk", "A voice note"),
        ("[Contact: Ann; mobile +49 1]", "A contact"),
    ],
)
def test_the_guide_says_what_arrived_and_what_the_assistant_was_told(assistants, line, arrived):
    answer = assistants.ask("default-assistant", line)
    assert answer.startswith(f"**{arrived}")
    assert line in answer
    assert "From `" not in answer
    captioned = assistants.ask("default-assistant", f"Which settings are there?\n\n{line}")
    assert line in captioned
    assert "From `" in captioned


def test_the_guide_says_when_there_is_nothing_to_search(tmp_path):
    with serve(create_app(Demo(tmp_path))) as server:
        answer = Assistants(server.url, None).ask("default-assistant", "settings")
    assert "are not here" in answer


def test_quotes_and_operators_of_the_search_are_words_like_others(assistants):
    for text in ('"', "settings AND", "NEAR(a b)", "title:x", "*", "'; DROP TABLE"):
        assert assistants.post("default-assistant", text).status_code == 200


def test_a_document_is_cut_at_its_headings_and_not_in_code():
    text = (
        "# A\n\nzero\n\n## B\n\none\n\n```sh\n# no heading\n```\n\n### C\n\ntwo\n\n## D\n\nthree\n"
    )
    found = [(one.title, one.text) for one in sections("a.md", text)]
    assert found == [
        ("A", "zero"),
        ("A > B", "one\n\n```sh\n# no heading\n```"),
        ("A > B > C", "two"),
        ("A > D", "three"),
    ]
    assert keywords("What happens when the Twilio says 429?") == ["twilio", "429"]


@pytest.mark.parametrize("length", [120, 300, 1601, 5000, 20000])
def test_the_writer_writes_as_much_as_asked(assistants, length):
    answer = assistants.ask("writer", f"{length} please")
    assert len(answer) == length
    assert answer.endswith("End.")


def test_formatting_shows_one_case_or_all(assistants):
    assert "|---" in assistants.ask("formatting", "tables")
    everything = assistants.ask("formatting", "go")
    assert all(mark in everything for mark in ("```python", "> ", "- [x]", "2*3*4", "&amp;"))


def test_the_thinker_hides_nothing_from_the_gateway_that_must_hide_it(assistants):
    answer = assistants.ask("thinker", "Hm?", ROUTES[1])
    assert answer.startswith("<thinking>")


@pytest.mark.parametrize(
    ("word", "status", "words"),
    [("failing", 500, "Error"), ("traceback", 200, "QNA_ERROR"), ("html", 200, "<html>")],
)
def test_failing_fails_as_it_is_asked(assistants, word, status, words):
    answer = assistants.post("failing", word)
    assert answer.status_code == status
    assert words in answer.text


def test_failing_fails_each_time_in_another_way(assistants):
    def outcome():
        try:
            answer = assistants.post("failing", "go")
        except requests.RequestException:
            return "cut"
        return answer.status_code, answer.text[:40]

    assert len({outcome() for _ in range(5)}) == 5


def test_a_fault_hits_one_question_and_a_hang_ends_when_it_is_cleared(assistants):
    assistants.faults.arm("error")
    assert assistants.faults.armed("error") == 1
    assert assistants.post("default-assistant", "Hello").status_code == 500
    assert assistants.post("default-assistant", "Hello").status_code == 200

    assistants.faults.arm("hang")
    ended = []
    thread = threading.Thread(
        target=lambda: ended.append(assistants.post("writer", "200").status_code)
    )
    thread.start()
    wait_for(lambda: assistants.faults.armed("hang") == 0)
    assert not ended
    assistants.faults.clear()
    thread.join(30)
    assert ended == [500]
