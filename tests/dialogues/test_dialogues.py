"""Conversations: what a person says, and what is answered."""

import pytest

from lib.model import Media, MessageKind
from tests.local_gateway import ANN, local_gateway
from tests.sentences import HELP

CATALOGUE = """
assistants:
  default-assistant:
    name: Default Assistant
  python-expert:
    name: Python Expert
    description: Knows Python.
  python-tutor:
    name: Tutor of Python
  retired:
    name: Retired
    enabled: false
user_permissions:
  "+15550002222@whatsapp.user":
    assistants: [python-expert]
  "+15550003333@whatsapp.user":
    blocked: true
  "+15550005555@whatsapp.user":
    assistants: [retired]
"""
LIST = (
    "📋 Available Assistants:\n"
    "• Default Assistant (default-assistant)\n"
    "• Python Expert (python-expert)\n"
    "• Tutor of Python (python-tutor)"
)
SWITCHED = "✅ Switched to assistant: Python Expert (python-expert)"

DIALOGUES = {
    "help in any case": [("/HELP", HELP), ("  /help  ", HELP)],
    "list": [("/list", LIST)],
    "switch by id": [
        ("/current", "🤖 Current assistant: Default Assistant (default-assistant)"),
        ("/switch python-expert", SWITCHED),
        ("/current", "🤖 Current assistant: Python Expert (python-expert)\nKnows Python."),
    ],
    "switch by the beginning of a name": [("/switch   PYTHON e", SWITCHED)],
    "switch to several": [
        (
            "/switch python",
            (
                "❓ More than one assistant fits “python”:\n\n📋 Available Assistants:\n"
                "• Python Expert (python-expert)\n• Tutor of Python (python-tutor)"
            ),
        )
    ],
    "switch to nobody": [
        ("/switch nobody", f"❌ I don't know an assistant called “nobody”.\n\n{LIST}"),
        ("/switch retired", f"❌ I don't know an assistant called “retired”.\n\n{LIST}"),
        ("/current", "🤖 Current assistant: Default Assistant (default-assistant)"),
    ],
    "unknown command": [
        ("/dance", "❓ I don't know the command /dance. Send /help to see what I understand.")
    ],
}


@pytest.mark.parametrize("lines", DIALOGUES.values(), ids=DIALOGUES)
def test_a_dialogue_goes_as_written(tmp_path, lines):
    with local_gateway(tmp_path, CATALOGUE) as table:
        for said, answered in lines:
            assert table.say(said) == [answered]


def test_a_person_sees_only_what_they_may_use(tmp_path):
    only = "📋 Available Assistants:\n• Python Expert (python-expert)"
    with local_gateway(tmp_path, CATALOGUE) as table:
        assert table.say("/list", "+15550002222") == [only]
        assert table.say("/switch python-tutor", "+15550002222")[0].endswith(only)
        assert "`python-expert`" in table.say("Hello", "+15550002222")[0]
        assert table.say("/current", "+15550002222")[0].startswith("🤖 Current assistant: Python")


def test_somebody_who_may_use_nobody_is_told(tmp_path):
    nobody = "No assistant is available to you right now. Please try again later."
    with local_gateway(tmp_path, CATALOGUE) as table:
        assert table.say("Hello", "+15550005555") == [nobody]
        assert table.say("/list", "+15550005555") == [nobody]


def test_the_default_assistant_answers_even_if_only_others_are_described(tmp_path):
    with local_gateway(tmp_path, "assistants: {one: {}, two: {}}") as table:
        assert "`default-assistant`" in table.say("Hello")[0]
        assert table.say("/list") == ["📋 Available Assistants:\n• One (one)\n• Two (two)"]
        assert table.say("/current") == [
            "🤖 Current assistant: Default Assistant (default-assistant)"
        ]


def test_somebody_blocked_gets_one_plain_sentence(tmp_path):
    blocked = "You can't use this service. Please ask the people who run it."
    with local_gateway(tmp_path, CATALOGUE) as table:
        assert table.say("Hello", "+15550003333") == [blocked]
        assert table.say("/list", "+15550003333") == [blocked]


def test_what_cannot_be_read_is_answered(tmp_path):
    unreadable = (
        "I cannot read this yet. I understand text, pictures, documents, "
        "locations and shared contacts."
    )
    with local_gateway(tmp_path) as table:
        assert table.say("", kind=MessageKind.UNSUPPORTED) == [unreadable]


def test_without_a_catalogue_the_default_assistant_answers(tmp_path):
    with local_gateway(tmp_path) as table:
        assert "Hello there" in "".join(table.say("Hello there"))
        assert table.say("/list") == [
            "📋 Available Assistants:\n• Default Assistant (default-assistant)"
        ]


def test_an_attachment_that_is_not_read_reaches_the_assistant_as_type_and_url(tmp_path):
    picture = Media("https://api.twilio.com/media/ME1", "image/jpeg")
    with local_gateway(tmp_path, media=0) as table:
        answer = "".join(table.say("What is it?", kind=MessageKind.MEDIA, media=(picture,)))
    assert "image/jpeg" in answer
    assert picture.url in answer


def test_people_do_not_share_a_session(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as table:
        table.say("/switch python-expert", ANN)
        other = table.say("/current", "+15550004444")
    assert other == ["🤖 Current assistant: Default Assistant (default-assistant)"]


def test_one_person_keeps_one_session_with_and_without_a_visible_number(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as table:
        table.say("/switch python-expert", ANN, user_id="US.1A2B3C")
        hidden = table.say("/current", "US.1A2B3C", user_id="US.1A2B3C")
    assert hidden[0].startswith("🤖 Current assistant: Python Expert")
