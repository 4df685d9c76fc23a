"""Pictures beside a question: shown to those who see, told of to those who do not."""

import base64
import json
import subprocess
import sys

import pytest

from lib.assistant.endpoint import Endpoint
from lib.assistant.openai import OpenAIAssistant
from lib.assistant.vac import VacAssistant
from lib.errors import AssistantDeclinedError, AssistantError, AssistantRefusedError
from lib.model import Assistant, Exchange, Question
from lib.model.reading import Picture
from lib.ports.listener import Silence
from lib.stopping import StoppedError
from tests.heard import Audience
from tests.peer import answer, peer
from tests.processes import ROOT

PICTURES = (Picture("image/jpeg", b"\xff\xd8one"), Picture("image/jpeg", b"\xff\xd8two"))
HISTORY = (Exchange("Before?", "Before."),)
ANSWERED = answer(
    200,
    json.dumps({"choices": [{"message": {"content": "Seen."}, "finish_reason": "stop"}]}).encode(),
    "Content-Type: application/json",
)
OPENAI = "Invalid content type. image_url is only supported by certain models."
BOTH_GONE = "[2 pictures could not be shown to this assistant]"


def refusal(status, message, **error):
    body = message if isinstance(message, bytes) else None
    document = {"error": {"message": message, "type": "invalid_request_error", **error}}
    return answer(status, body or json.dumps(document).encode(), "Content-Type: application/json")


def asking(there, backend="openai", **settings):
    """What asks the peer: one client for all calls, as in a process."""
    kind = {"openai": OpenAIAssistant, "vac": VacAssistant}[backend]
    client = kind(Endpoint(there.url, "none"), timeout=10.0, secret={}.__getitem__)

    def ask(text="What is it?", pictures=PICTURES, model="m", listener=None):
        settings_of = {"model": model, **settings}
        assistant = Assistant("a", "A", backend=backend, settings=settings_of)
        question = Question(text, "a@b", "s", "t", HISTORY, pictures)
        return client.ask(assistant, question, listener or Silence())

    return ask


def asked(there):
    """The documents that the peer was sent."""
    return [json.loads(one.partition(b"\r\n\r\n")[2]) for one in there.requests]


def contents(there):
    return [document["messages"][-1]["content"] for document in asked(there)]


def test_pictures_are_parts_of_the_last_message_only():
    with peer(ANSWERED) as there:
        answered = asking(there)()
    (document,) = asked(there)
    assert document["messages"][:-1] == [
        {"role": "user", "content": "Before?"},
        {"role": "assistant", "content": "Before."},
    ]
    urls = [
        "data:image/jpeg;base64," + base64.b64encode(data).decode()
        for data in (b"\xff\xd8one", b"\xff\xd8two")
    ]
    assert document["messages"][-1] == {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is it?"},
            {"type": "image_url", "image_url": {"url": urls[0], "detail": "auto"}},
            {"type": "image_url", "image_url": {"url": urls[1], "detail": "auto"}},
        ],
    }
    assert (answered.text, answered.unseen) == ("Seen.", 0)


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_picture_without_a_word_has_no_empty_text_beside_it(text):
    with peer(ANSWERED) as there:
        asking(there)(text)
    assert [part["type"] for part in contents(there)[0]] == ["image_url", "image_url"]


def test_a_question_without_pictures_is_a_text():
    with peer(ANSWERED) as there:
        answered = asking(there)(pictures=())
    assert contents(there) == ["What is it?"]
    assert answered.unseen == 0


BLIND = [
    (400, OPENAI),
    (400, "'messages.0' : ... ('messages.0.content' : value must be a string)"),
    (400, "Failed to deserialize the JSON body: unknown variant `image_url`, expected `text`"),
    (400, "/models/some-model is not a multimodal model"),
    (400, "At most 0 image(s) may be provided in one request."),
    (400, b'{"detail": "Only string message content is supported"}'),
    (404, "No endpoints found that support image input"),
    (415, "Unsupported content part"),
    (422, b'{"detail": [{"loc": ["content"], "msg": "Input should be a valid string"}]}'),
    (422, b'{"errors": [{"loc": "messages -> 0 -> content -> list[TextContentPart] -> 0"}]}'),
    (500, "image input is not supported - hint: you may need to provide the mmproj"),
]


@pytest.mark.parametrize(("status", "said"), BLIND)
def test_a_server_that_does_not_see_is_asked_once_more_and_remembered(status, said, caplog):
    with peer(refusal(status, said), ANSWERED) as there:
        ask = asking(there)
        first, second = ask(), ask("And now?", PICTURES[:1])
        assert (first.text, first.unseen, second.unseen) == ("Seen.", 2, 1)
    assert [one.getMessage() for one in caplog.records] == ["assistant takes no pictures"]
    shown, told, later = contents(there)
    assert isinstance(shown, list)
    assert told == f"What is it?\n\n{BOTH_GONE}"
    assert later == "And now?\n\n[1 picture could not be shown to this assistant]"


def test_a_picture_alone_that_cannot_be_shown_is_told_of():
    with peer(refusal(400, OPENAI), ANSWERED) as there:
        asking(there)("")
    assert contents(there)[1] == BOTH_GONE


def test_another_model_of_the_same_server_may_see():
    with peer(refusal(400, OPENAI), ANSWERED) as there:
        ask = asking(there)
        assert [ask().unseen, ask(model="other").unseen, ask().unseen] == [2, 0, 2]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "You uploaded an unsupported image. Please make sure your image is valid."),
        (400, "At most 1 image(s) may be provided in one request."),
        (400, "Invalid image data"),
        (413, b"<html><h1>413 Request Entity Too Large</h1></html>"),
        (400, "image exceeds 5 MB maximum"),
    ],
)
def test_a_fault_of_these_pictures_is_not_held_against_the_server(status, said):
    with peer(refusal(status, said), ANSWERED) as there:
        ask = asking(there)
        assert [ask().unseen, ask().unseen] == [2, 0]
    assert [isinstance(one, list) for one in contents(there)] == [True, False, True]


def test_a_server_that_has_seen_once_is_not_thought_blind():
    with peer(ANSWERED, refusal(400, OPENAI), ANSWERED) as there:
        ask = asking(there)
        assert [ask().unseen, ask().unseen, ask().unseen] == [0, 2, 0]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(400, "No such model"), AssistantError),
        (refusal(401, "image_url"), AssistantRefusedError),
        (refusal(429, "too many images"), AssistantError),
        (refusal(500, "image"), AssistantError),
        (refusal(503, "vision model is starting"), AssistantError),
        (refusal(400, "image", code="content_policy_violation"), AssistantDeclinedError),
    ],
)
def test_any_other_refusal_is_a_failure_and_asked_once(reply, error):
    with peer(reply, ANSWERED) as there, pytest.raises(AssistantError) as raised:
        asking(there)()
    assert type(raised.value) is error
    assert len(there.requests) == 1


def test_who_refuses_the_words_too_is_not_thought_blind():
    with peer(refusal(400, OPENAI), refusal(400, "No such model"), ANSWERED) as there:
        ask = asking(there)
        with pytest.raises(AssistantError):
            ask()
        assert ask().unseen == 0


def test_a_server_may_refuse_how_it_is_to_answer_and_what_it_is_shown():
    streamed = refusal(400, "Unrecognized request argument: stream_options")
    with peer(streamed, refusal(400, OPENAI), streamed, ANSWERED) as there:
        ask = asking(there)
        assert [ask().unseen, ask().unseen] == [2, 2]
    assert [isinstance(one, list) for one in contents(there)] == [True, True, False, False, False]
    assert ["stream_options" in one for one in asked(there)] == [True, False, True, False, False]


@pytest.mark.parametrize("said", ["true", "True", "yes", "on"])
def test_who_is_said_to_see_is_always_shown(said):
    with peer(refusal(400, OPENAI), ANSWERED) as there:
        ask = asking(there, pictures=said)
        assert [ask().unseen, ask().unseen] == [2, 0]


@pytest.mark.parametrize("said", ["false", "False", "no", "off"])
def test_who_is_said_not_to_see_is_never_shown(said):
    with peer(ANSWERED) as there:
        assert asking(there, pictures=said)().unseen == 2
    assert contents(there) == [f"What is it?\n\n{BOTH_GONE}"]


def test_nobody_is_asked_once_more_for_who_has_cancelled():
    audience = Audience()

    def refuse(connection):
        audience.stop.give()
        connection.sendall(refusal(400, OPENAI))

    with peer(refuse, ANSWERED) as there, pytest.raises(StoppedError):
        asking(there)(listener=audience)
    assert len(there.requests) == 1


def test_the_other_api_is_told_of_pictures():
    told = answer(200, json.dumps({"answer": "Hm."}).encode(), "Content-Type: application/json")
    with peer(told) as there:
        ask = asking(there, "vac")
        assert [ask().unseen, ask(pictures=()).unseen] == [2, 0]
    said = [document["user_input"] for document in asked(there)]
    assert said == [f"What is it?\n\n{BOTH_GONE}", "What is it?"]


def test_who_is_sent_no_pictures_loads_nothing_for_them():
    program = (
        "import sys, lib.assistant.openai, lib.assistant.vac\n"
        "print([name for name in sys.modules if name.startswith('lib.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "lib.assistant.openai" in done.stdout
    assert "lib.assistant.sight" not in done.stdout
    assert "lib.model.reading" not in done.stdout
