"""Conversations in which something can be tapped: through a whole gateway, as a person has them."""

import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from lib.errors import SendInDoubtError
from lib.model import Choice, DeliveryReport, DeliveryState, FailureCause, QueueDelivery
from lib.turn.respond import respond
from tests.local_gateway import ACCOUNT_SID, ANN, TOKEN, local_gateway
from tests.sentences import HELP

LOGIN = (ACCOUNT_SID, TOKEN)

CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  python-expert: {name: Python Expert, description: Knows Python}
  python-teacher: {name: Python Teacher}
"""
MANY = "assistants:\n" + "".join(f"  a{n:02}: {{name: Assistant {n:02}}}\n" for n in range(1, 13))
HUGE = "assistants:\n" + "".join(f"  a{n:03}: {{name: Assistant {n:03}}}\n" for n in range(1, 121))
PART_LOST = (
    "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
)
LIST = """\
📋 Available Assistants:
• Default Assistant (default-assistant)
• Python Expert (python-expert)
• Python Teacher (python-teacher)"""
COMMANDS = (
    *("/switch", "/list", "/help", "/current"),
    *("/new", "/cancel", "/again", "/why", "/rate"),
)
SWITCHED = "✅ Switched to assistant: Python Expert (python-expert)"
ALL = [
    ("/switch default-assistant", "Default Assistant"),
    ("/switch python-expert", "Python Expert"),
    ("/switch python-teacher", "Python Teacher"),
]
WHICH = f"Which one? Send /switch and the id.\n\n{LIST}"
UNKNOWN = f"❌ I don't know an assistant called “cook”.\n\n{LIST}"
DOUBTFUL = """\
❓ More than one assistant fits “python”:

📋 Available Assistants:
• Python Expert (python-expert)
• Python Teacher (python-teacher)"""


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as ready:
        yield ready


def shown(table):
    """What can be tapped below the last message that was sent, as Twilio's stand-in has it."""
    menu = table.resources()[-1]["menu"]
    rows = menu.get("items") or menu.get("actions", [])
    return [(one["id"], one.get("item") or one["title"]) for one in rows]


def tap(table, option):
    """Tap an option, as the webhook reads it: its title is the text of the message."""
    choice_id, title = option
    return table.say(title, choice=Choice(choice_id, title))


@pytest.mark.parametrize(
    ("said", "answer", "options"),
    [
        ("/list", LIST, ALL),
        ("/switch", WHICH, ALL),
        ("/switch cook", UNKNOWN, ALL),
        ("/switch python", DOUBTFUL, ALL[1:]),
        ("/help", HELP, [*((one, one) for one in COMMANDS), ("/help 2", "More")]),
    ],
)
def test_where_something_is_to_be_chosen_it_can_be_tapped(table, said, answer, options):
    """The words stay those of the text, to the letter."""
    assert table.say(said) == [answer]
    assert shown(table) == options


@pytest.mark.parametrize(
    "said", ["/current", "/switch python-expert", "Hello", "/nonsense", "STOP"]
)
def test_where_nothing_is_to_be_chosen_there_is_no_menu(table, said):
    table.say(said)
    assert shown(table) == []


@pytest.mark.parametrize("said", ["/list", "/switch", "/help", "/switch x"])
def test_one_assistant_is_no_choice(tmp_path, said):
    with local_gateway(tmp_path) as table:
        table.say(said)
        assert (shown(table) == []) is (said != "/help")


@pytest.mark.parametrize("said", ["/list", "/switch", "/switch cook", "/switch python", "/help"])
def test_a_tap_and_the_line_typed_are_one_path(table, said):
    table.say(said)
    for option in shown(table):
        tapped = tap(table, option)
        assert table.say(option[0]) == tapped


def test_a_tap_switches(table):
    table.say("/list")
    assert tap(table, ALL[1]) == [SWITCHED]
    assert table.say("/current") == [
        "🤖 Current assistant: Python Expert (python-expert)\nKnows Python"
    ]


def test_a_tap_on_an_assistant_that_is_gone_is_answered_as_if_it_were_typed(table):
    gone = ("/switch poet", "Poet")
    answer = f"❌ I don't know an assistant called “poet”.\n\n{LIST}"
    assert tap(table, gone) == table.say("/switch poet") == [answer]


@pytest.mark.parametrize(
    ("choice", "text", "answer"),
    [
        (Choice("/list", ""), "", LIST),
        (Choice("  /LIST  ", "Whatever"), "Whatever", LIST),
        (Choice("/list 99999999999999999999", "More"), "More", LIST),
        (Choice("/list -1", "More"), "More", LIST),
        (Choice("/list ²", "More"), "More", LIST),
        (Choice("/switch", ""), "/switch python-expert", WHICH),
    ],
)
def test_odd_taps_are_answered(table, choice, text, answer):
    assert table.say(text, choice=choice) == [answer]


def test_more_than_ten_come_in_pages(tmp_path):
    with local_gateway(tmp_path, MANY) as table:
        (first,) = table.say("/list")
        *rows, more = shown(table)
        assert [one for one, _ in rows] == [f"/switch a{n:02}" for n in range(1, 10)]
        assert first.count("•") == 9
        assert more == ("/list 2", "More")
        (second,) = tap(table, more)
        assert shown(table) == [(f"/switch a{n}", f"Assistant {n}") for n in (10, 11, 12)]
        assert second == (
            "📋 Available Assistants:\n• Assistant 10 (a10)\n• Assistant 11 (a11)\n"
            "• Assistant 12 (a12)"
        )


def test_without_the_content_api_a_long_list_is_the_whole_text(tmp_path):
    with local_gateway(tmp_path, HUGE) as table:
        table.fault(fault="error", operation="content", code=20001, status=400, times=1)
        parts = table.say("/list")
        assert re.findall(r"\((a\d+)\)", "\n".join(parts)) == [f"a{n:03}" for n in range(1, 121)]
        assert all(len(part) <= 1600 for part in parts)


@pytest.mark.parametrize(
    "trouble",
    [
        {"operation": "content", "code": 20001, "status": 400},
        {"operation": "content", "code": 20003, "status": 401},
        {"operation": "content", "code": 20500, "status": 500},
        {"operation": "create", "code": 21656, "status": 400},
        {"operation": "create", "code": 20001, "status": 400},
    ],
)
def test_the_plain_text_comes_where_anything_refuses(table, trouble):
    table.fault(fault="error", times=1, **trouble)
    for said, answer in [("/list", LIST), ("/switch", WHICH), ("/help", HELP)]:
        assert table.say(said) == [answer]


def test_the_plain_text_comes_where_menus_are_switched_off(tmp_path):
    with local_gateway(tmp_path, CATALOGUE, menus=False) as table:
        for said, answer in [("/list", LIST), ("/switch python", DOUBTFUL), ("/help", HELP)]:
            assert table.say(said) == [answer]
            assert shown(table) == []
        contents = requests.get(f"{table.twilio_url}/v1/Content", auth=LOGIN, timeout=5).json()
        assert contents["contents"] == []


# --- once, whatever happens -------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
def test_a_menu_in_doubt_is_sent_once(tmp_path, kind):
    """Whether it was taken or not; its words are not those of the text."""
    with local_gateway(tmp_path, MANY) as table:
        table.fault(fault=kind, operation="create", times=1)
        message = table.message("/list")
        with pytest.raises(SendInDoubtError):
            table.hand_over(message)
        time.sleep(0.01)  # for which a chunk in doubt is left alone here
        assert table.hand_over(message)
        assert table.hand_over(message)
        (only,) = table.resources()
        assert len(only["menu"]["items"]) == 10


def failed(table, code, cause):
    """The report that the last message failed, as the queue hands it over."""
    sid = table.resources()[-1]["sid"]
    return QueueDelivery(DeliveryReport(sid, DeliveryState.FAILED, code, address=ANN, cause=cause))


def hand_over(table, report):
    """Hand a report over now, and again when a pause is over."""
    parts = table.gateway.responder()
    later = replace(parts, clock=lambda: parts.clock() + timedelta(minutes=1))
    return respond(report, parts) or respond(report, later)


@pytest.mark.parametrize("code", ["63005", "63013", "63021", "63030", "99999"])
def test_a_menu_that_whatsapp_refuses_is_followed_by_its_text_once(table, code):
    table.say("/list")
    report = failed(table, code, FailureCause.CONTENT)
    assert hand_over(table, report)
    assert hand_over(table, report)
    assert table.sent() == [LIST, LIST]
    assert shown(table) == []
    assert hand_over(table, failed(table, code, FailureCause.CONTENT))
    assert table.sent()[2:] == [PART_LOST]


def test_a_menu_that_failed_for_a_while_comes_as_text(table):
    table.say("/list")
    assert hand_over(table, failed(table, "63010", FailureCause.TEMPORARY))
    assert table.sent() == [LIST, LIST]
    assert shown(table) == []


def test_a_parked_menu_comes_as_text_when_the_person_writes(table):
    table.say("/list")
    assert hand_over(table, failed(table, "63016", FailureCause.WINDOW))
    assert table.say("/list") == [LIST, LIST]
    assert [bool(one["menu"]) for one in table.resources()] == [True, False, True]


def test_as_many_contents_as_forms_of_menus_are_made_for_ever(table):
    for _ in range(3):
        for said in ("/list", "/switch", "/switch cook", "/switch poet", "/switch python", "/help"):
            table.say(said)
    answer = requests.get(f"{table.twilio_url}/v1/Content", auth=LOGIN, timeout=5)
    assert [one["friendly_name"] for one in answer.json()["contents"]] == [
        "gateway_menu_v1_list_3_4",
        "gateway_menu_v1_list_3_1_4",
        "gateway_menu_v1_replies_2_1_3",
        f"gateway_menu_v1_list_10_{len(HELP.splitlines())}",
    ]
