"""Menus of the gateway's own texts: what they offer, and WhatsApp's limits whatever is in them."""

import random
from functools import partial

import pytest

from lib.model import Assistant, MenuKind, Option
from lib.reply import menus, texts

HELP = """\
🤖 WhatsApp Aitana Commands:
/switch assistant-id - Switch to a different assistant
/list - Show available assistants
/help - Show this help message
/current - Show current assistant info"""


def units(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def some(count):
    return [Assistant(f"id-{n}", f"Name {n}", f"About {n}") for n in range(1, count + 1)]


def test_a_list_of_assistants_says_the_text_and_offers_each_by_its_command():
    menu = menus.of_assistants(texts.available, some(2))
    assert (menu.kind, menu.button) == (MenuKind.LIST, "Choose")
    assert menu.body == "📋 Available Assistants:\n• Name 1 (id-1)\n• Name 2 (id-2)"
    assert menu.options == (
        Option("/switch id-1", "Name 1", "id-1 · About 1"),
        Option("/switch id-2", "Name 2", "id-2 · About 2"),
    )


def test_a_help_text_offers_each_of_its_commands():
    menu = menus.of_commands(HELP)
    assert menu.body == HELP
    assert [(one.id, one.title, one.description) for one in menu.options] == [
        ("/switch", "/switch", "Switch to a different assistant"),
        ("/list", "/list", "Show available assistants"),
        ("/help", "/help", "Show this help message"),
        ("/current", "/current", "Show current assistant info"),
    ]


@pytest.mark.parametrize("count", [2, 3])
def test_few_that_are_meant_are_buttons(count):
    menu = menus.of_several(partial(texts.ambiguous_assistant, "name"), some(count))
    assert menu.kind is MenuKind.REPLIES
    assert menu.body.startswith("❓ More than one assistant fits “name”:\n\n")
    assert [one.title for one in menu.options] == [f"Name {n + 1}" for n in range(count)]


def test_many_that_are_meant_are_a_list():
    assert menus.of_several(texts.available, some(4)).kind is MenuKind.LIST


def test_more_than_ten_that_are_meant_lead_to_the_list_of_all():
    menu = menus.of_several(texts.available, some(30))
    assert [one.id for one in menu.options[-2:]] == ["/switch id-9", "/list"]


@pytest.mark.parametrize("count", [0, 1])
def test_without_a_choice_there_is_no_menu(count):
    assert menus.of_assistants(texts.available, some(count)) is None
    assert menus.of_several(texts.available, some(count)) is None


@pytest.mark.parametrize("text", ["", "Nothing - here", "/help - Help"])
def test_a_help_text_without_a_choice_has_no_menu(text):
    assert menus.of_commands(text) is None


@pytest.mark.parametrize("count", [2, 9, 10, 11, 12, 18, 19, 20, 28, 29, 100])
def test_pages_show_everybody_once_and_never_more_than_ten(count):
    shown, page = [], 1
    while page:
        menu = menus.of_assistants(texts.available, some(count), page)
        assert 2 <= len(menu.options) <= 10
        *rows, last = menu.options
        more = last.id == f"/list {page + 1}"
        assert (last.title == "More") is more
        shown += [one.id for one in (rows if more else menu.options)]
        assert menu.body.count("•") == len(rows) + (not more)
        page = page + 1 if more else 0
    assert shown == [f"/switch id-{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize("page", [0, -1, 3, 999])
def test_a_page_that_is_not_there_is_the_first(page):
    known = some(12)
    first = menus.of_assistants(texts.available, known, 1)
    assert menus.of_assistants(texts.available, known, page) == first


def test_many_commands_are_in_pages_too():
    text = "Commands:\n" + "\n".join(f"/c{n} - Does {n}" for n in range(1, 13))
    first, second = menus.of_commands(text), menus.of_commands(text, 2)
    assert [one.id for one in first.options] == [*(f"/c{n}" for n in range(1, 10)), "/help 2"]
    assert [one.id for one in second.options] == ["/c10", "/c11", "/c12"]
    assert first.body == second.body == text


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("Short", 24, "Short"),
        ("x" * 24, 24, "x" * 24),
        ("x" * 25, 24, "x" * 23 + "…"),
        ("Assistant for everything", 11, "Assistant…"),
        ("😀" * 13, 24, "😀" * 11 + "…"),
        ("a" + "👨‍👩‍👧" * 4, 24, "a" + "👨‍👩‍👧" * 2 + "…"),
        ("e\u0301" * 13, 24, "e\u0301" * 11 + "…"),
        ("🇩🇪" * 7, 24, "🇩🇪" * 5 + "…"),
    ],
)
def test_a_cut_stands_between_what_a_reader_takes_for_characters(text, most, kept):
    assert menus.cut(text, most) == kept


def test_titles_that_are_the_same_once_cut_can_be_told_apart():
    names = [f"Assistant for research in {land}" for land in ("France", "Spain", "Italy")]
    known = [Assistant(f"id-{n}", name) for n, name in enumerate([*names, "Same", "Same"])]
    menu = menus.of_assistants(texts.available, known)
    assert [one.title for one in menu.options] == [
        "Assistant for research…",
        "Assistant for researc… 2",
        "Assistant for researc… 3",
        "Same",
        "Same 2",
    ]
    assert [one.description for one in menu.options] == [f"id-{n}" for n in range(5)]


@pytest.mark.parametrize("assistant_id", ["x" * 200, "two  blanks", "line\nbreak", "tab\there"])
def test_an_id_that_would_not_come_back_as_it_is_makes_no_menu(assistant_id):
    known = [Assistant("a", "A"), Assistant(assistant_id, "B")]
    assert menus.of_assistants(texts.available, known) is None


def test_a_nameless_assistant_is_shown_by_its_id():
    known = [Assistant("a", ""), Assistant("b", "\u200b")]
    titles = [one.title for one in menus.of_assistants(texts.available, known).options]
    assert titles == ["a", "b"]


def test_of_a_text_that_is_too_long_the_first_line_is_left():
    known = [Assistant(f"{n}{'x' * 100}", "N") for n in range(10)]
    menu = menus.of_assistants(texts.available, known)
    assert menu.body == "📋 Available Assistants:"
    assert len(menu.options) == 10


SCRAPS = [
    "a",
    "B ",
    "é",
    "e\u0301",
    "😀",
    "👨‍👩‍👧",
    "🇩🇪",
    "漢",
    "\u200b",
    "\n",
    "\t",
    "     ",
    "{{1}}",
    "'",
    "\u202e",
]
SCRAPS += ["*", "_", "ش", "क्षि", "\x00"]


@pytest.mark.parametrize("seed", range(300))
def test_whatever_assistants_are_called_whatsapp_s_limits_hold(seed):
    draw = random.Random(seed)  # noqa: S311 - no secret: the seed names the case

    def words(most):
        return "".join(draw.choices(SCRAPS, k=draw.randrange(most)))

    known = [
        Assistant(f"{n}-{'i' * draw.randrange(30)}", words(60), words(90))
        for n in range(draw.randrange(2, 25))
    ]
    says = partial(texts.unknown_assistant, words(30))
    menu = menus.of_assistants(says, known, draw.randrange(4))
    replies = menus.of_several(says, known[:3])
    assert 2 <= len(menu.options) <= 10
    assert 1 <= units(menu.body) <= 1024
    for one, most in [*((x, 24) for x in menu.options), *((x, 20) for x in replies.options)]:
        assert 1 <= units(one.title) <= most
        assert 1 <= units(one.description) <= 72
        assert 1 <= units(one.id) <= 200
        assert one.title.isprintable() or "\u200d" in one.title
    for made in (menu, replies):
        assert len({one.title for one in made.options}) == len(made.options)
        assert len({one.id for one in made.options}) == len(made.options)
