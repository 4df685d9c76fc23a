"""Where the beginning of an answer is done: what stands before is the same, whatever follows."""

import random

import pytest

from bench.texts import KINDS
from bench.texts import text as long_answer
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp
from lib.reply.growing import boundaries
from tests.formatting_document import kinds
from tests.growth import growth

SAMPLES = [markdown for kind in kinds() for markdown, _ in kind["samples"]]
PLAIN = "These are plain words of no account, which only fill the space there is. " * 5


def formatted(markdown):
    return to_whatsapp(to_markdown(markdown))


def mixtures():
    """Answers of everything there is a sample of, between paragraphs."""
    chance = random.Random(20260102)  # noqa: S311 - no secret
    for _ in range(150):
        yield "\n\n".join(chance.choice([*SAMPLES, PLAIN]) for _ in range(12))


@pytest.mark.slow
def test_what_is_done_is_formatted_as_it_would_be_alone():
    found = 0
    for markdown in (*mixtures(), *(long_answer(kind, 4_000) for kind in KINDS)):
        whole = formatted(markdown)
        for place in boundaries(markdown):
            found += 1
            assert whole.startswith(formatted(markdown[:place]).rstrip()), markdown[:place]
    assert found > 100


@pytest.mark.parametrize("size", [1, 7, 97])
def test_a_place_that_was_found_is_found_again_when_more_is_there(size):
    for markdown in (*SAMPLES, *list(mixtures())[:10]):
        text, known = f"{PLAIN}\n\n{markdown}\n\nThe end.", []
        for end in range(0, len(text), size):
            places = list(boundaries(text[:end]))
            assert places[: len(known)] == known
            known = places


def test_paragraphs_are_done_when_the_next_one_has_begun():
    assert list(boundaries(PLAIN)) == []
    assert list(boundaries(f"{PLAIN}\n\n")) == []
    assert list(boundaries(f"{PLAIN}\n\nN")) == [len(PLAIN) + 2]


def test_nothing_is_done_among_the_first_300_characters():
    assert list(boundaries("QNA_ERROR: no\n\nIt goes on\n\n" + "x" * 260 + "\n\nand on")) == []


@pytest.mark.parametrize(
    "opened",
    [
        "- one\n\n- two\n\n",
        "1. one\n\n   more of it\n\n2",
        "1. one\n\n23",
        "> said\n\n> and said",
        "```python\nx = 1\n\ny = 2\n\nz",
        "~~~\nx = 1\n\n```\n\nz",
        "````\n```\n\nz",
        "$$\nx\n\ny\n\nz",
        "\\[\nx\n\ny",
        "<details>\n\nIn there\n\nand",
        "<alert type='error'>Oh\n\nno",
        '<plot layout=\'{"title":\n\n"x',
        "<!-- a\n\nb",
        "See [there][1]\n\nand",
        "See [there]\n\nand",
        "See [there\n\nand",
        "See it[^1]\n\nand",
        "- [x] done\n\nand",
        "term\n\n: what it means",
    ],
)
def test_nothing_is_done_that_may_go_on_or_get_another_meaning(opened):
    text = f"{PLAIN}\n\n{opened}"
    assert list(boundaries(text)) in ([], [len(PLAIN) + 2])


@pytest.mark.parametrize(
    "closed",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```python\nx[0] = '<b>'\n\ny = 2\n```",
        "$$\nx\n\ny\n$$",
        "\\[\nx\n\ny\n\\]",
        "See [there](https://example.com/a_b) and `x[0]` and <https://example.com>.",
        "One<br>two",
        "2024 was good",
        "**Step 1:** begin",
        "---",
        "a < b and c > d",
    ],
)
def test_what_is_closed_is_done(closed):
    text = f"{PLAIN}\n\n{closed}\n\nNext"
    assert list(boundaries(text)) == [len(PLAIN) + 2, len(text) - 4]


def test_a_list_is_done_when_something_else_has_begun():
    text = f"{PLAIN}\n\n- one\n\n- two\n\n"
    assert list(boundaries(text)) == []
    assert list(boundaries(f"{text}Next")) == [len(text)]


def test_an_answer_in_a_fence_of_markdown_may_be_all_in_it():
    assert list(boundaries(f"```markdown\n{PLAIN}\n```\n\nNext")) == []
    assert list(boundaries(f"```python\n{PLAIN}\n```\n\nNext"))


@pytest.mark.slow
def test_it_takes_time_in_proportion():
    for sign in ("a\n\n", "`", "[", "<", "$$", "\\[", "- x\n\n", "[a](b)", "``` \n", "`` ` "):
        assert growth(lambda text: list(boundaries(PLAIN + text)), sign, 20_000) < 10, sign
