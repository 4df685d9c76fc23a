"""Menus through TwilioSender and the stand-in for Twilio, over HTTP."""

import contextlib
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests

from lib.errors import (
    SendConfigurationError,
    SendError,
    SendInDoubtError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    SendUnreachableError,
    StoreError,
)
from lib.model import Menu, MenuKind, Option
from lib.twilio.menu_contents import MenuContents
from lib.twilio.menu_form import form_of
from lib.twilio.sender import TwilioSender
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app

pytestmark = pytest.mark.slow

SID, TOKEN = "AC" + "a" * 32, "token-of-the-account"
NUMBER, PERSON = "+14155238886", "+15551234567"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TEXT = "As text"


def listed(count, body="", lead="Which one?"):
    options = tuple(Option(f"/switch {n}", f"Name {n}", f"About {n}") for n in range(count))
    lines = body or "\n".join([lead, *(f"• Name {n}" for n in range(count))])
    return Menu(MenuKind.LIST, lines, options, "Choose")


def replies(count, body="Is it?"):
    options = tuple(Option(f"/say {n}", f"Say {n}") for n in range(count))
    return Menu(MenuKind.REPLIES, body, options)


class Kept(dict):
    """What remembers contents beyond a process; ``broken`` are its methods that fail."""

    broken = ()

    def find(self, form):
        if "find" in self.broken:
            raise StoreError("find")
        return self.get(form, "")

    def keep(self, form, content):
        if "keep" in self.broken:
            raise StoreError("keep")
        self[form] = content


@pytest.fixture
def account():
    account = Account(SID, TOKEN, frozenset({NUMBER}), api_keys={"SK1": "secret"})
    yield account
    account.close()


@pytest.fixture
def url(account):
    with serve(create_app(account)) as server:
        yield server.url


@pytest.fixture
def kept():
    return Kept()


def contents_of(url, kept, **times):
    return MenuContents(SID, TOKEN, find=kept.find, keep=kept.keep, base_url=url, **times)


def sender_of(url, kept, **times):
    """A sender as a process has one that has just started."""
    contents = contents_of(url, kept, **times)
    return TwilioSender(SID, TOKEN, NUMBER, base_url=url, menu_contents=lambda: contents, timeout=5)


@pytest.fixture
def sender(url, kept):
    return sender_of(url, kept)


def fault(url, **fields):
    answer = requests.post(f"{url}/simulator/faults", json=fields, timeout=5)
    assert answer.status_code == 204, answer.text


def bodies(account):
    return [one.body for one in account.messages.all()]


def menus(account):
    return [bool(one.menu) for one in account.messages.all()]


# --- what is sent ----------------------------------------------------------------------


@pytest.mark.parametrize("count", range(1, 11))
def test_a_list_is_sent_with_all_it_says(sender, account, count):
    sid = sender.send(PERSON, TEXT, listed(count))

    (message,) = account.messages.all()
    assert message.sid == sid
    assert message.body == "\n".join(["Which one?", *(f"• Name {n}" for n in range(count))])
    assert message.menu["type"] == "twilio/list-picker"
    assert message.menu["button"] == "Choose"
    assert message.menu["items"] == [
        {"item": f"Name {n}", "id": f"/switch {n}", "description": f"About {n}"}
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_buttons_are_sent_with_all_they_say(sender, account, count):
    sender.send(PERSON, TEXT, replies(count))

    (message,) = account.messages.all()
    assert message.body == "Is it?"
    assert message.menu["type"] == "twilio/quick-reply"
    assert message.menu["actions"] == [
        {"title": f"Say {n}", "id": f"/say {n}"} for n in range(count)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "One line",
        "Two\nlines",
        "A line\n\nand a paragraph\nof two",
        'It\'s “quoted” {{1}} \\ "x" 😀 {{name}}',
        "*bold* _italic_ ~gone~",
    ],
)
def test_the_words_of_a_body_arrive_as_they_are(sender, account, body):
    sender.send(PERSON, TEXT, replies(2, body))

    assert bodies(account) == [body]


def test_white_space_that_no_variable_may_have_is_narrowed(sender, account):
    sender.send(PERSON, TEXT, replies(2, "  A\tb      c \n \n\n d"))

    assert bodies(account) == ["A b c\n\nd"]


def test_a_status_callback_goes_with_a_menu_too(url, account, kept):
    contents = contents_of(url, kept)
    callback = "http://127.0.0.1:9/status"
    sender = TwilioSender(
        SID, TOKEN, NUMBER, base_url=url, status_callback=callback, menu_contents=lambda: contents
    )
    sender.send(PERSON, TEXT, replies(2))

    assert account.messages.all()[0].status_callback == callback


def test_nothing_that_was_said_stands_in_a_content(sender, account):
    sender.send(PERSON, TEXT, listed(3, lead="Secret"))

    (content,) = account.contents.all()
    told = json.dumps(content.resource(SID))
    assert "Secret" not in told
    assert "Name" not in told


@pytest.mark.parametrize(
    "menu",
    [
        Menu(MenuKind.LIST, "", (Option("a", "A"),), "Choose"),
        Menu(MenuKind.LIST, "Which?", (), "Choose"),
        Menu(MenuKind.LIST, "Which?", (Option("a", "A"),)),
        Menu(MenuKind.LIST, "Which?", (Option("a", " "),), "Choose"),
        Menu(MenuKind.REPLIES, "Which?", (Option("", "A"),)),
        Menu(MenuKind.REPLIES, "line\n" * 200, (Option("a", "A"),)),
    ],
)
def test_a_menu_that_cannot_be_one_is_sent_as_text(sender, account, menu):
    sender.send(PERSON, TEXT, menu)

    assert bodies(account) == [TEXT]
    assert not account.contents.all()


def test_without_contents_the_text_is_sent(url, account):
    TwilioSender(SID, TOKEN, NUMBER, base_url=url).send(PERSON, TEXT, listed(3))

    assert bodies(account) == [TEXT]


# --- contents --------------------------------------------------------------------------


@pytest.mark.thorough
def test_a_thousand_menus_of_all_sizes_take_thirteen_contents(sender, account):
    every = [*map(listed, range(1, 11)), *map(replies, range(1, 4))]
    for number in range(1000):
        sender.send(PERSON, TEXT, every[number % 13])

    assert len(account.contents.all()) == 13
    assert all(menus(account))


def test_a_new_process_takes_the_contents_that_are_kept(url, account, kept):
    for _ in range(3):
        sender_of(url, kept).send(PERSON, TEXT, listed(3))

    assert len(account.contents.all()) == 1
    assert list(kept.values()) == [account.contents.all()[0].sid]


def test_what_is_not_kept_any_more_is_found_at_twilio(url, account):
    for _ in range(3):
        sender_of(url, Kept()).send(PERSON, TEXT, listed(3))

    assert len(account.contents.all()) == 1


def test_a_content_that_cannot_be_kept_is_used_all_the_same(sender, account, kept):
    kept.broken = ("keep",)
    sender.send(PERSON, TEXT, listed(3))
    sender.send(PERSON, TEXT, listed(3))

    assert menus(account) == [True, True]
    assert len(account.contents.all()) == 1


def test_threads_that_begin_at_once_create_one_content(sender, account):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sender.send(PERSON, TEXT, listed(3)), range(16)))

    assert len(account.contents.all()) == 1
    assert all(menus(account))


def test_a_known_content_is_asked_for_no_more(sender, url, account):
    sender.send(PERSON, TEXT, listed(3))
    fault(url, fault="error", operation="content", code=20500, status=500, times=1)
    sender.send(PERSON, TEXT, listed(3, lead="Another"))

    assert menus(account) == [True, True]


def test_an_api_key_creates_contents(url, account, kept):
    contents = MenuContents("SK1", "secret", find=kept.find, keep=kept.keep, base_url=url)

    assert contents.content_of(form_of(listed(2))).startswith("HX")


def test_a_deleted_content_is_created_anew_and_the_menu_sent(sender, account, kept):
    sender.send(PERSON, TEXT, listed(3))
    (first,) = account.contents.all()
    account.contents.remove(first.sid)
    sender.send(PERSON, TEXT, listed(3))

    (second,) = account.contents.all()
    assert second.sid != first.sid
    assert menus(account) == [True, True]
    assert list(kept.values()) == [second.sid]


def test_threads_that_miss_a_deleted_content_at_once_get_the_same_new_one(sender, account):
    sender.send(PERSON, TEXT, listed(3))
    account.contents.remove(account.contents.all()[0].sid)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sender.send(PERSON, TEXT, listed(3)), range(16)))

    assert len(account.contents.all()) == 1
    assert all(menus(account))


@pytest.mark.parametrize("code", [21654, 21655])
def test_a_content_that_is_refused_again_and_again_is_not_created_again_and_again(
    sender, url, account, code
):
    fault(url, fault="error", operation="create", code=code, status=400, times=2)
    for _ in range(5):
        sender.send(PERSON, TEXT, listed(3))

    assert bodies(account) == [TEXT] * 5
    assert len(account.contents.all()) <= 2


# --- the plain text --------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        {"fault": "error", "code": 20001, "status": 400},
        {"fault": "error", "code": 20003, "status": 401},
        {"fault": "error", "code": 20404, "status": 404},
        {"fault": "error", "code": 20404, "status": 404, "body": "html"},
        {"fault": "error", "code": 20429, "status": 429},
        {"fault": "error", "code": 20500, "status": 500},
        {"fault": "error", "code": 20001, "status": 400, "body": "problem"},
        {"fault": "cut_before"},
        {"fault": "cut_after"},
    ],
)
@pytest.mark.parametrize("after", [0, 1])
def test_without_a_content_the_text_is_sent_at_once(sender, url, account, caplog, trouble, after):
    """Whether the list of contents fails or the creation, and however it does."""
    if after:
        fault(url, fault="delay", operation="content", seconds=0.0, times=1)
    fault(url, operation="content", times=1, **trouble)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            sender.send(PERSON, TEXT, listed(3))

    assert bodies(account) == [TEXT] * 3
    warnings = [one for one in caplog.records if "menus are sent as text" in one.message]
    assert len(warnings) == 1
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("code", [20001, 21617, 21654, 21655, 21656, 21658, 92007, 63013])
def test_a_menu_that_is_refused_is_sent_as_text_at_once(sender, url, account, code):
    fault(url, fault="error", operation="create", code=code, status=400, times=1)
    if code in {21654, 21655}:  # one more content is tried
        fault(url, fault="error", operation="create", code=code, status=400, times=1)
    sender.send(PERSON, TEXT, listed(3))

    assert bodies(account) == [TEXT]


def test_after_a_pause_menus_are_tried_again(url, account, kept):
    fault(url, fault="error", operation="create", code=21656, status=400, times=1)
    sender = sender_of(url, kept, pause=0.0)
    sender.send(PERSON, TEXT, listed(3))
    sender.send(PERSON, TEXT, listed(3))

    assert menus(account) == [False, True]


def test_other_menus_are_sent_while_one_form_does_not_work(sender, url, account):
    fault(url, fault="error", operation="create", code=21656, status=400, times=1)
    sender.send(PERSON, TEXT, listed(3))
    sender.send(PERSON, TEXT, listed(4))

    assert menus(account) == [False, True]


def test_a_menu_with_a_text_that_is_too_long_says_so_where_the_text_is_needed(sender, url, account):
    sender.send(PERSON, "x" * 1601, listed(3))
    fault(url, fault="error", operation="create", code=21656, status=400, times=1)
    with pytest.raises(SendTooLongError):
        sender.send(PERSON, "x" * 1601, listed(3))

    assert menus(account) == [True]


@pytest.mark.parametrize(
    ("trouble", "kind", "taken"),
    [
        ({"fault": "error", "code": 20500, "status": 500}, SendInDoubtError, 0),
        ({"fault": "cut_after"}, SendInDoubtError, 1),
        ({"fault": "cut_before"}, SendInDoubtError, 0),
        ({"fault": "error", "code": 20429, "status": 429}, SendRetryableError, 0),
        ({"fault": "error", "code": 63018, "status": 429}, SendRetryableError, 0),
        ({"fault": "error", "code": 21610, "status": 400}, SendUnreachableError, 0),
    ],
)
def test_what_a_text_would_not_change_is_an_error_as_with_any_chunk(
    sender, url, account, trouble, kind, taken
):
    fault(url, operation="create", times=1, **trouble)
    with pytest.raises(kind):
        sender.send(PERSON, TEXT, listed(3))

    assert len(account.messages.all()) == taken


def test_where_every_send_is_refused_the_text_says_so(sender, url):
    fault(url, fault="error", operation="create", code=20003, status=401, times=2)
    with pytest.raises(SendConfigurationError):
        sender.send(PERSON, TEXT, listed(3))


@pytest.mark.parametrize("broken", ["find", "keep"])
def test_a_store_that_is_away_costs_no_message(sender, account, kept, broken):
    kept.broken = (broken,)
    sender.send(PERSON, TEXT, listed(3))

    assert len(account.messages.all()) == 1


class Slow(Kept):
    """A memory that takes its time, at first."""

    def find(self, form):
        if not self.broken:
            time.sleep(0.3)
            self.broken = ("nothing",)
        return super().find(form)


def test_a_content_that_comes_too_late_is_sent_by_the_next_try(url, account):
    """A worker's lease has room for one send, not for long preparations before it."""
    sender = sender_of(url, Slow(), patience=0.2)
    with pytest.raises(SendRetryableError):
        sender.send(PERSON, TEXT, listed(3))
    sender.send(PERSON, TEXT, listed(3))

    assert menus(account) == [True]


def test_a_content_api_that_is_silent_holds_nobody_up_for_long(url, account, kept):
    fault(url, fault="time_out", operation="content", seconds=60.0, times=1)
    sender = sender_of(url, kept, patience=0.2)
    with pytest.raises(SendRetryableError):
        sender.send(PERSON, TEXT, listed(3))
    sender.send(PERSON, TEXT, listed(3))

    assert bodies(account) == [TEXT]


# --- looking one up --------------------------------------------------------------------


@pytest.mark.parametrize("menu", [listed(3), replies(2), listed(2, "A\n\nb\nc")])
def test_a_menu_in_doubt_is_found_by_its_words(sender, url, account, menu):
    fault(url, fault="cut_after", operation="create", times=1)
    with pytest.raises(SendInDoubtError):
        sender.send(PERSON, TEXT, menu)

    (message,) = account.messages.all()
    assert sender.find(PERSON, TEXT, LONG_AGO, menu) == [message.sid]
    assert sender.find(PERSON, TEXT, LONG_AGO) == []


def test_the_text_of_a_menu_in_doubt_is_found_too(sender, url, account):
    fault(url, fault="error", operation="create", code=21656, status=400, times=1)
    fault(url, fault="cut_after", operation="create", times=1)
    with pytest.raises(SendInDoubtError):
        sender.send(PERSON, TEXT, listed(3))

    (message,) = account.messages.all()
    assert message.body == TEXT
    assert sender.find(PERSON, TEXT, LONG_AGO, listed(3)) == [message.sid]


def test_what_was_not_taken_is_not_found(sender, url):
    fault(url, fault="cut_before", operation="create", times=1)
    with contextlib.suppress(SendError):
        sender.send(PERSON, TEXT, listed(3))

    assert sender.find(PERSON, TEXT, LONG_AGO, listed(3)) == []


# --- the stand-in plays it as WhatsApp does ---------------------------------------------


@pytest.mark.parametrize(
    "menu",
    [
        listed(2, "x" * 1025),
        Menu(MenuKind.LIST, "Which?", (Option("a", "x" * 25),), "Choose"),
        Menu(MenuKind.LIST, "Which?", (Option("a" * 201, "A"),), "Choose"),
        Menu(MenuKind.LIST, "Which?", (Option("a", "A", "x" * 73),), "Choose"),
        Menu(MenuKind.LIST, "Which?", (Option("a", "A"), Option("a", "B")), "Choose"),
        Menu(MenuKind.LIST, "Which?", (Option("a", "A"),), "x" * 21),
        Menu(MenuKind.REPLIES, "Which?", (Option("a", "x" * 21),)),
        Menu(MenuKind.REPLIES, "Which?", (Option("a", "A"), Option("b", "A"))),
        replies(4),
        listed(11),
    ],
)
def test_a_menu_beyond_whatsapp_s_limits_is_not_taken(sender, account, menu):
    sender.send(PERSON, TEXT, menu)

    assert bodies(account) == [TEXT]


@pytest.mark.parametrize("error", [SendPermanentError, SendTooLongError])
def test_a_refusal_takes_the_content_out_of_use_for_a_while(url, kept, error):
    contents = contents_of(url, kept)
    form = form_of(listed(3))
    content = contents.content_of(form)
    assert contents.refused(form, content, error("refused", "21656")) is False
    assert contents.content_of(form) == ""
