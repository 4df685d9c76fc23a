from datetime import UTC, datetime

import pytest

from lib.conversation.commands import Command, find_assistants, parse_command, run_command
from lib.model import Assistant, Choice, InboundMessage, MessageKind, Session

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PYTHON = Assistant("python-expert", "Python Expert")
PYRAMID = Assistant("pyramid-guide", "Guide of the  Pyramids")
LAW = Assistant("9b2e", "Contract Law")
EVERYONE = (LAW, PYRAMID, PYTHON)


def message(text, choice=None):
    return InboundMessage("SM1", "+15550001111", NOW, MessageKind.TEXT, text, choice=choice)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/help", Command("help")),
        ("  /HELP ", Command("help")),
        ("/ help", Command("help")),
        ("/switch   Python   Expert", Command("switch", "Python Expert")),
        ("/switch\npython-expert", Command("switch", "python-expert")),
        ("/", None),
        ("hello /help", None),
        ("", None),
    ],
)
def test_a_slash_at_the_start_makes_a_command(text, command):
    assert parse_command(message(text)) == command


def test_a_tapped_choice_can_be_a_command():
    tapped = message("Python Expert", Choice("/switch python-expert", "Python Expert"))
    assert parse_command(tapped) == Command("switch", "python-expert")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("python-expert", [PYTHON]),
        ("PYTHON-EXPERT", [PYTHON]),
        ("python expert", [PYTHON]),
        ("guide of the pyramids", [PYRAMID]),
        ("pyt", [PYTHON]),
        ("contract", [LAW]),
        ("9b", [LAW]),
        ("py", [PYRAMID, PYTHON]),
        ("nobody", []),
    ],
)
def test_a_unique_beginning_of_an_id_or_a_name_is_enough(wanted, found):
    assert find_assistants(wanted, EVERYONE) == found


def test_an_exact_id_wins_over_longer_ones():
    short, long = Assistant("py", "One"), Assistant("python", "Two")
    assert find_assistants("py", (short, long)) == [short]


def session():
    return Session("+15550001111", "+15550001111", "9b2e", "Ann", NOW, NOW)


def test_a_failed_switch_changes_nothing():
    for wanted in ("", "nobody", "py"):
        text, after = run_command(Command("switch", wanted), session(), EVERYONE, LAW)
        assert after == session()
        assert "(python-expert)" in text


def test_a_long_unknown_command_is_not_echoed_whole():
    text, _ = run_command(Command("x" * 5000), session(), EVERYONE, LAW)
    assert len(text) < 200
