from datetime import UTC, datetime, timedelta

import pytest

from lib.conversation.commands.command import Command
from lib.conversation.commands.parse import parse_command
from lib.conversation.commands.table import COMMANDS, NAMES, run_command
from lib.conversation.limits import Limits
from lib.conversation.moment import Moment, Tools
from lib.conversation.selection import find_assistants
from lib.model import (
    Assistant,
    Choice,
    Conversation,
    InboundMessage,
    MessageKind,
    Permissions,
    Session,
)
from lib.ports.typing import no_typing
from lib.storage.stores import stores_on

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ANN = "+15550001111"
PYTHON = Assistant("python-expert", "Python Expert")
PYRAMID = Assistant("pyramid-guide", "Guide of the  Pyramids")
LAW = Assistant("9b2e", "Contract Law")
EVERYONE = (LAW, PYRAMID, PYTHON)


def message(text, choice=None):
    return InboundMessage("SM1", ANN, NOW, MessageKind.TEXT, text, choice=choice)


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


def run(name, argument=""):
    """Run a command at a moment at which the contract lawyer answers, without any store."""
    since = NOW - timedelta(days=1)
    session = Session(ANN, ANN, "9b2e", "Ann", since, since)
    person = Conversation(ANN, session, Permissions(), EVERYONE)
    moment = Moment(message(""), person, session, assistants=EVERYONE, assistant=LAW)
    tools = Tools(
        stores=stores_on(None, lambda: NOW),
        clients={},
        default_assistant=LAW,
        typing=no_typing,
        limits=Limits(),
        clock=lambda: NOW,
    )
    outcome = run_command(Command(name, argument), moment, tools)
    return outcome.text, outcome.session == session


def test_a_failed_switch_changes_nothing():
    for wanted in ("", "nobody", "py"):
        text, is_unchanged = run("switch", wanted)
        assert is_unchanged
        assert "(python-expert)" in text


def test_a_long_unknown_command_is_not_echoed_whole():
    text, _ = run("x" * 5000)
    assert len(text) < 200


def test_no_two_commands_have_a_name_in_common():
    names = [name for entry in COMMANDS for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))


def test_every_name_is_written_as_it_is_read():
    for name in NAMES:
        assert parse_command(message(f"/{name}")).name == NAMES[name]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("stop", "STOPALL", "Unsubscribe", "end", "QUIT", "revoke", "optout"), "stop"),
        (("start", "UNSTOP"), "start"),
    ],
)
def test_who_puts_a_slash_before_a_keyword_means_it_too(words, name):
    for word in words:
        assert parse_command(message(word)).name == parse_command(message(f"/{word}")).name == name
