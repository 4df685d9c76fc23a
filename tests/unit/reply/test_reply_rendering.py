"""An answer as messages: formatted where that works, else as it was written, and never lost."""

from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.texts import KINDS
from bench.texts import text as long_answer
from lib.reply import plain
from lib.reply.likeness import is_like
from lib.reply.rendering import LONGEST_MARKDOWN, Rendering, render
from lib.reply.units import units
from lib.reply.work import WorkLimitError
from tests.cpu import cpu
from tests.growth import growth
from tests.steps import longest_step

BEGINNING = "_(The answer was longer than fits here; this is its beginning.)_"
MARKDOWN = "# Plan\n\n1. **Do** it\n2. See [there](https://example.com)\n\n" + "Words. " * 400


class Failing:
    """A check that raises an error when it is asked for the nth time."""

    def __init__(self, asked, error):
        self.left, self.error = asked, error

    def __call__(self):
        self.left -= 1
        if self.left < 0:
            raise self.error


def test_an_answer_is_formatted_and_split():
    rendering = render(MARKDOWN)
    assert rendering.chunks[0].startswith(
        "*Plan*\n\n1. *Do* it\n2. See there (https://example.com)"
    )
    assert len(rendering.chunks) == 2
    assert not rendering.fault


@pytest.mark.parametrize(
    "error",
    [WorkLimitError("over"), MemoryError(), RecursionError(), ValueError("a bug"), KeyError()],
)
@pytest.mark.parametrize("asked", [0, 1, 4, 5])
def test_whatever_goes_wrong_the_answer_is_sent_as_it_was_written(error, asked):
    rendering = render(MARKDOWN, Failing(asked, error))
    assert rendering.fault == type(error).__name__
    assert rendering.chunks[0].startswith("# Plan\n\n1. **Do** it\n")
    assert "".join("".join(rendering.chunks).split()) == "".join(MARKDOWN.split())


def test_every_kind_of_answer_asks_again_and_again_whether_there_may_be_more_work():
    for kind in KINDS:
        asked = count()
        render(long_answer(kind, 20_000), lambda asked=asked: next(asked))
        assert next(asked) > 12, kind


def test_an_end_of_the_process_is_no_fault_of_an_answer():
    with pytest.raises(KeyboardInterrupt):
        render(MARKDOWN, Failing(3, KeyboardInterrupt()))


@pytest.mark.parametrize("text", ["", " \n", "<b></b>", "<!-- x -->", "[1]: https://x.io"])
def test_of_what_shows_nothing_there_is_nothing(text):
    assert render(text) == Rendering(())


def test_an_answer_nobody_would_read_to_its_end_says_so():
    for text in ("word " * 100_000, "x" * LONGEST_MARKDOWN * 2):
        rendering = render(text)
        assert len(rendering.chunks) == 101
        assert rendering.chunks[-1] == BEGINNING
        assert render(text, Failing(0, MemoryError())).chunks[-1] == BEGINNING


@pytest.mark.slow
def test_an_answer_of_endless_markup_is_cut_before_it_is_formatted():
    # No limit of CPU here: a busy machine would end the work, and send it as it was written.
    rendering = render("seen" + "<b></b>" * LONGEST_MARKDOWN + "unseen")
    assert not rendering.fault
    first, last = rendering.chunks
    assert first.startswith("seen")
    assert last == BEGINNING


@pytest.mark.parametrize(
    ("markdown", "formatted"),
    [
        ("a " * 200, "a " * 300 + "x" * 2_010),
        ("~-" * 150, "~-" * 15_000),
        ("A sentence. " * 400, "A sentence. " * 150),
        ("A sentence. " * 100, ""),
        ("word", ""),
        ("字" * 1000, "字" * 200),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "x" * 30_000),
        ("<b>" + "word " * 500, "word"),
    ],
)
def test_a_text_that_is_repeated_or_lost_is_unlike(markdown, formatted):
    assert not is_like(markdown, formatted)


HEADS = "| Telephone number | Address of the company |\n|---|---|\n"
ALIKE = [
    *(long_answer(kind, size) for kind in KINDS for size in (300, 3_000, 30_000)),
    HEADS + "| 1 | 2 |\n" * 150,
    HEADS + "| 1 | 2 |\n" * 3_000,
    "".join(f"[词{n}](https://zh.wikipedia.org/wiki/中文维基百科条目{n})\n\n" for n in range(60)),
    "A [word][1] again. " * 100 + "\n\n[1]: https://example.com/" + "path/" * 20,
    "<script>" + "var x = 1; " * 900 + "</script>Done",
    "<!-- " + "a long comment - of many words " * 200 + "-->Done",
    "![chart](data:image/png;base64," + "iVBORw0KGgo" * 4000 + ")",
    "<table>" + "<tr><td style='color: red'>1</td></tr>" * 200 + "</table>",
    '<plot data=\'{"x": [' + "1, " * 3000 + '1]}\' layout=\'{"title": "T"}\' />',
    "".join("  " * depth + f"- item {depth}\n" for depth in range(12)) * 4,
    "> " * 20 + "quoted\n" * 40,
    "---\n\n" * 200,
    "&nbsp;&mdash;&nbsp;" * 200 + "x",
    "$$\\alpha \\rightarrow \\beta \\cdot \\gamma$$ " * 100,
    "- [ ] a\n" * 200,
    "````\n" + "code\n" * 300 + "````",
    "<https://example.com/" + "a" * 300 + "> " * 3,
    "&amp;" * 500,
    "**a** " * 2000,
    "```python\n```\n" * 200 + "x",
]


@pytest.mark.parametrize("markdown", ALIKE, ids=range(len(ALIKE)))
def test_what_is_formatted_today_is_no_fault(markdown):
    assert not render(markdown).fault


def test_a_long_table_names_its_columns_once():
    (first, *_) = render(HEADS + "| 1 | 2 |\n" * 3_000).chunks
    assert first.startswith("*Telephone number, Address of the company*\n- 1, 2\n- 1, 2")


def test_a_table_whose_head_would_be_repeated_without_end_takes_no_memory():
    rendering = render(f"| {'a' * 90_000} | b |\n|---|---|\n" + "|1|2|\n" * 16_000)
    assert sum(map(len, rendering.chunks)) < 200_000
    assert "".join(rendering.chunks).count("a") >= 90_000


TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(["word ", "\n", "字", "🇩🇪", "👩‍👩‍👧", "a\u0301", "🏽", "`", "*", " " * 9])
    ).map("".join),
)


@given(TEXTS, st.integers(min_value=4, max_value=90))
@example("a" + "\u0301" * 300, 20)
@settings(max_examples=300, deadline=None)
def test_a_text_cut_as_it_is_loses_nothing_and_fits(text, limit):
    parts = plain.cut(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() and units(part) <= limit for part in parts)


def test_a_text_is_cut_as_it_is_at_lines_then_words_then_characters():
    assert plain.cut("one line\nanother line", 14) == ("one line", "another line")
    assert plain.cut("some words here", 12) == ("some words", "here")
    assert plain.cut("👩🏽" * 8, 20) == ("👩🏽" * 5, "👩🏽" * 3)


UNITS = [
    "🇩🇪",
    "🇩",
    "👩‍👩‍👧‍👦",
    "a\u0301",
    "\u0301",
    "!",
    "。",
    "x",
    "字",
    "```\n",
    "``` ",
    "` ",
    "> ",
    "_",
    "\n ",
]
UNITS += [
    "*a* ",
    "**a**\n\n",
    "क्",
    "\u200d",
    ".\u00a0",
    "\t",
    "https://x.io/",
    "[a](",
    "[",
    "- ",
    "1. ",
]
UNITS += [
    "a (https://x.io)",
    "|",
    "|a",
    "a|b\n-|-\n",
    "<a ",
    "<",
    "<!--",
    "<![CDATA[",
    "&amp;",
    "\\",
    "<plot a=[",
]
UNITS += [
    "[x]: y\n",
    "[a][b]",
    "](",
    "<alert>",
    "# ",
    "a\n---\n",
    "> - ",
    "<div>\n",
    "<script>",
]
UNITS += [
    "<plot a='",
    '<plot a={"b":',
    "<highlight>",
    "\x1c",
    "x" * 50 + "\u0301",
    "$$",
    "](<",
    "www.",
    "é",
]


@pytest.mark.thorough
@pytest.mark.parametrize("unit", UNITS)
def test_no_answer_takes_long_whatever_it_is_made_of(unit):
    text = unit * (LONGEST_MARKDOWN // 2 // len(unit))
    rendered = []
    # Half of the longest in less than half of its limit.
    assert cpu(lambda: rendered.append(render(text)), 1) < 1
    assert all(units(chunk) <= 1600 for chunk in rendered[-1].chunks)


@pytest.mark.thorough
@given(st.text(st.sampled_from("🇩🇪👩\u200d\u0301!。字x \n`>|-[](<&"), min_size=1, max_size=6))
@settings(max_examples=5, deadline=None)
def test_no_step_of_any_answer_keeps_other_threads_waiting(unit):
    text = unit * (LONGEST_MARKDOWN // 10 // len(unit))
    assert longest_step(lambda: render(text), 0.01) < 0.01  # 50 ms for ten times as much, and more


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["word ", "x", "字", "\n", "\u0301", "👩\u200d", "🏽"])
def test_cutting_a_text_as_it_is_takes_linear_time(unit):
    assert growth(plain.cut, unit, 50_000) < 10


@pytest.mark.slow
@given(st.text(st.sampled_from("<!->script[]():&;|\n `ab字"), max_size=8))
@settings(max_examples=10, deadline=None)
def test_comparing_takes_linear_time(unit):
    unit = unit or "x"
    assert cpu(lambda: is_like(unit * (400_000 // len(unit)), "x"), 1) < 1
