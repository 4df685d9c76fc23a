"""What a cut leaves whole: addresses, labels with them, headings with their text, table heads."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.reply.chunks import pieces, split, units
from lib.reply.formatting import to_whatsapp
from lib.reply.layout import CLOSING_UNITS
from tests.growth import growth

ADDRESS = "https://example.com/" + "path/" * 40
LONG = "https://example.com/" + "a" * 1560
ARABIC = "كلمة "


@pytest.mark.parametrize("filler", ["字", "é", "🇩🇪", "x", "한", "a\u0301", "👩‍👩‍👧‍👦"])
@pytest.mark.parametrize("address", [ADDRESS, LONG, "www.example.com/" + "b" * 300])
@pytest.mark.parametrize("end", ["", "。", "，然后继续" * 300, " and more" * 200])
def test_an_address_without_a_blank_before_it_comes_whole(filler, address, end):
    text = filler * (1500 // units(filler)) + "：" + address + end
    chunks = split(text)
    assert sum(address in chunk for chunk in chunks) == 1
    assert "".join("".join(chunks).split()) == "".join(text.split())


@pytest.mark.parametrize("letter", ["字", "한", "ひ", "ไ", "я", "é", "👍"])
@pytest.mark.parametrize("count", [1400, 1500, 1590])
def test_an_address_directly_behind_a_letter_comes_whole(letter, count):
    text = letter * (count // units(letter)) + ADDRESS
    assert split(text)[1] == ADDRESS


@pytest.mark.parametrize("before", range(1200, 1600, 57))
@pytest.mark.parametrize("label", ["the label", "a report of many words", "документ", "图表"])
def test_a_label_and_its_address_come_together(before, label):
    text = to_whatsapp(f"{'word ' * (before // 5)}ends. Read [{label}]({ADDRESS}) now.")
    assert any(f"{label} ({ADDRESS})" in chunk for chunk in split(text))


@pytest.mark.parametrize(
    "form", ["- {}", "> See {}", "1. {}", "**Source:** {}", "*see* {}", "a, {}", "a「b」{}"]
)
@pytest.mark.parametrize("before", [1300, 1420, 1540, 1575])
def test_a_label_comes_with_its_address_wherever_it_stands(form, before):
    line = form.format(f"[two words]({ADDRESS})")
    text = to_whatsapp("w" * 9 + " " + "word " * (before // 5) + f"\n\n{line}\n\nend " * 3)
    assert sum(chunk.count(f"two words ({ADDRESS})") for chunk in split(text)) == 3


def test_an_address_larger_than_a_chunk_is_cut_and_nothing_of_it_is_lost():
    address = "https://example.com/" + "c" * 4000
    chunks = split(f"{'word ' * 100}the label ({address}) end")
    assert address in "".join(chunks)
    assert all(units(chunk) <= 1600 for chunk in chunks)


@pytest.mark.parametrize("before", range(1200, 1600, 41))
@pytest.mark.parametrize("gap", ["\n\n", "\n" * 4, "\n" * 12, " \n" * 10])
@pytest.mark.parametrize(
    "text", ["A text that follows it. " * 20, "- one\n- two\n" * 40, "字" * 900]
)
def test_a_heading_comes_with_its_text(before, gap, text):
    headings = "\n\n# A heading\n\n## Another one\n\n"
    whole = to_whatsapp(f"{'Words. ' * (before // 7)}{headings}{text}")
    chunks = split(re.sub(r"(?<=one\*)\n+|\n+(?=\*A)", gap, whole))
    assert "\n\n".join(chunks).count("*Another one*") == 1
    assert not any(chunk.endswith(("*A heading*", "*Another one*")) for chunk in chunks)


def test_bold_lines_without_end_are_cut_like_any_others():
    chunks = split("*A bold line*\n\n" * 400)
    assert len(chunks) <= 5
    assert all(chunk.startswith("*") and chunk.endswith("*") for chunk in chunks)


HEAD = "\nName | Age\n-----+----\n"


@pytest.mark.parametrize("before", range(0, 1600, 171))
def test_every_part_of_a_table_has_its_head(before):
    rows = "".join(f"| N{number} | {number % 90} |\n" for number in range(400))
    text = f"{'word ' * (before // 5)}\n\n| Name | Age |\n|---|---|\n{rows}\nThe end."
    chunks = split(to_whatsapp(text))
    parts = [part for chunk in chunks for part in chunk.split("```")[1::2]]
    assert len(parts) >= 3
    assert all(part.startswith(HEAD) and part.count("Age") == 1 for part in parts)
    assert all(part.count("\n") > 3 for part in parts)
    numbers = [line.split()[0] for part in parts for line in part.strip().split("\n")[2:]]
    assert numbers == [f"N{number}" for number in range(400)]
    assert all(units(chunk) <= 1600 for chunk in chunks)


def test_a_table_that_is_split_again_has_its_head_in_every_part():
    rows = "".join(f"| N{number} | {number % 90} |\n" for number in range(100))
    chunks = split(to_whatsapp(f"| Name | Age |\n|---|---|\n{rows}"))
    again = [smaller for chunk in chunks for smaller in split(chunk, 300)]
    assert all(smaller.startswith("```\nName | Age\n") for smaller in again)


@pytest.mark.parametrize(
    "first", ["# title", "x = 1\n---", "a\n--\nlonger than that", "a | b\n--+--"]
)
def test_code_that_is_no_table_is_repeated_nowhere(first):
    code = (
        f"```\n{first}\n" + "".join(f"line_{number} = {number}\n" for number in range(300)) + "```"
    )
    lines = [line for chunk in split(code) for line in chunk.split("\n") if line != "```"]
    assert lines == code.split("\n")[1:-1]


WORDS = st.sampled_from(
    ["word", "a longer sentence.", "字字字。", "*bold*", "(aside)", "x:", ARABIC]
)
ADDRESSES = st.integers(min_value=1, max_value=60).map(lambda size: f"https://x.io/{'p' * size}_q")
LINKS = st.builds("{} ({})".format, st.sampled_from(["label", "two words", "字"]), ADDRESSES)
LINES = st.lists(st.one_of(WORDS, LINKS, ADDRESSES), max_size=12).map(" ".join)
GAPS = st.sampled_from(["\n" * 8, " \n" * 3, "  "])
PARAGRAPHS = st.lists(st.one_of(LINES, st.just("*Heading*"), GAPS), max_size=12).map("\n\n".join)


@given(PARAGRAPHS, st.integers(min_value=120, max_value=300))
@example("*Heading*\n\n" * 3 + "word " * 40, 120)
@example("*Heading*\n\n" * 3 + f"word two words (https://x.io/{'p' * 56}_q)", 120)
@example("*Heading*\n\n\n\n" * 3 + f"two words (https://x.io/{'p' * 53}_q)", 120)
@example("*Heading*\n\n" * 3 + f"two words (https://x.io/{'p' * 54}_q) word", 120)
@example("*Heading*" + "\n" * 10 + "*Heading*\n\n" + "word " * 60, 120)
@example(
    "*Heading*\n\n*Heading*" + "\n" * 8 + "*Heading*" + "\n" * 6 + f"字 {'(aside) ' * 20}", 138
)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_around_it_no_address_is_cut_and_no_heading_left_behind(text, limit):
    chunks = split(text, limit)
    addresses = [word.strip("()") for word in text.split() if "https://" in word]
    assert [w.strip("()") for c in chunks for w in c.split() if "https://" in w] == addresses
    assert not any("https://" in c.split()[0] and c.startswith("(") for c in chunks)
    # So many bold lines in a row are no headings, or fill a chunk by themselves.
    bold = "".join("b" if line[0] == line[-1] == "*" else "t" for line in lines(text))
    for piece, following in pairwise(pieces(text, limit)):
        headings = re.search(r"(?:\*Heading\*\s*)+$", text[piece.start : piece.end])
        heads = not re.fullmatch(r"(?:\*Heading\*\s*)+", text[following.start : following.end])
        if headings and heads and "bbbb" not in bold:
            # It was no choice: a link with its label has no room beside all these headings, the
            # blanks between them, and what might close a chunk that ends there.
            link = re.compile(r"[^\n]*?https://\S+").match(text, following.start)
            assert link
            assert link.end() - (piece.start + headings.start()) > limit - CLOSING_UNITS


def lines(text):
    return [line for line in text.split("\n") if line]


PATTERNS = [
    "https://x.io/一",
    "(https://x.io) ",
    "a (https://x.io)",
    "*a*\n\n",
    "*a*\n",
    "www.",
    "http://",
]
PATTERNS += [
    "```\na | b\n--+--\n1 | 2\n```\n",
    "- *H:* v, w (http://x.io)\n",
    "mailto:a",
    ". (http://",
]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_work_grows_with_the_text(pattern):
    assert growth(split, pattern, 25_000) < 10
