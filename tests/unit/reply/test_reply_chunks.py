import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.reply.chunks import pieces, split, units
from tests.growth import growth
from tests.whatsapp_reader import read, words

WORDS = ["one", "two three", "*bold text*", "_it al ic_", "~gone now~", "`code x`", "a*b", "2 * 3"]
WORDS += [
    "```\nfirst line\nsecond\n```",
    "```mono```",
    "> quoted words here",
    "- item",
    "\n",
    "\n\n",
]
WORDS += [
    "👨‍👩‍👧‍👦",
    "🇩🇰🇸🇪",
    "é" * 3,
    "नमस्ते",
    "مرحبا بالعالم",
    "你好。",
    "https://x.io/a_b_c*d",
    "***",
    "``",
    "_",
]
MARKUP = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
ANY_TEXT = st.one_of(st.text(), MARKUP, st.text(alphabet="*_~`\n> ab", max_size=200))
LIMITS = st.integers(min_value=20, max_value=120)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t "])
def test_a_blank_text_gives_no_chunk(text):
    assert split(text) == ()


def test_a_short_text_is_one_chunk_as_it_is():
    assert split("Hello *you*\n\n```\n  code\n```") == ("Hello *you*\n\n```\n  code\n```",)


def test_exactly_the_limit_is_one_chunk():
    assert split("👋" * 800) == ("👋" * 800,)
    assert len(split("👋" * 801)) == 2


@pytest.mark.parametrize(
    ("text", "limit", "chunks"),
    [
        ("first words here\n\nsecond one", 20, ("first words here", "second one")),
        ("first words\nsecond words", 20, ("first words", "second words")),
        ("It is so. And then it went", 24, ("It is so.", "And then it went")),
        ("Ask e.g. the doctor now please", 24, ("Ask e.g. the doctor", "now please")),
        ("aaaa bbbb cccc dddd eeee", 20, ("aaaa bbbb cccc", "dddd eeee")),
        ("*bold words go on and on*", 20, ("*bold words go*", "*on and on*")),
        ("> quoted words that go on", 20, ("> quoted words", "> that go on")),
        (
            "```\nline one\n  line two\nline 3\n```",
            24,
            ("```\nline one\n```", "```\n  line two\n```", "```\nline 3\n```"),
        ),
        ("before it\n```\ncode that fits\n```", 30, ("before it", "```\ncode that fits\n```")),
    ],
)
def test_it_is_cut_at_the_best_place(text, limit, chunks):
    assert split(text, limit) == chunks


@pytest.mark.parametrize("cluster", ["👨‍👩‍👧‍👦", "🇩🇰", "e\u0301\u0323", "नि", "각", "👍🏽"])
def test_a_word_of_graphemes_is_cut_between_them(cluster):
    chunks = split(cluster * 60, 50)
    assert "".join(chunks) == cluster * 60
    assert all(len(chunk) % len(cluster) == 0 for chunk in chunks)


def test_only_a_grapheme_larger_than_a_chunk_is_cut_apart():
    monster = "a" + "\u0301" * 500
    chunks = split(monster, 100)
    assert "".join(chunks) == monster


def test_a_limit_that_marks_alone_would_fill_is_refused():
    with pytest.raises(ValueError, match="20"):
        split("x", 19)


@given(ANY_TEXT, LIMITS)
@example("\x1c", 20)
@example("*" * 100, 20)
@example("```\n" + "\n" * 50 + "x\n```", 20)
@settings(max_examples=400, deadline=None)
def test_the_law_of_cutting_holds(text, limit):
    found = pieces(text, limit)
    chunks = split(text, limit)
    assert chunks == tuple(p.opening + text[p.start : p.end] + p.closing for p in found)
    end = 0
    for piece in found:
        assert not text[end : piece.start].strip()
        assert text[piece.start : piece.end].strip()
        end = piece.end
    assert not text[end:].strip()
    assert all(0 < units(chunk) <= limit for chunk in chunks)


@given(st.text(), LIMITS)
@settings(max_examples=300, deadline=None)
def test_no_grapheme_is_cut(text, limit):
    starts = {match.start() for match in regex.finditer(r"\X", text)} | {len(text)}
    clusters = regex.findall(r"\X", text)
    if any(units(cluster) > 10 for cluster in clusters):
        return
    for piece in pieces(text, limit):
        assert piece.start in starts
        assert piece.end in starts


@given(MARKUP, st.integers(min_value=60, max_value=200))
@settings(max_examples=400, deadline=None)
def test_every_character_is_shown_as_it_would_be_uncut(text, limit):
    whole = words(read(text))
    cut = [styled for chunk in split(text, limit) for styled in words(read(chunk))]
    assert _unmarked(cut) == _unmarked(whole)


def _unmarked(shown):
    # A quote's sign is repeated where its line is cut.
    return [one for one in shown if one[0] != ">"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "pattern",
    [
        "Lorem ipsum. ",
        "*a _b ~c~ d_ e* ",
        "x",
        "```\nline\n",
        "> q w ",
        "*",
        "é",
        "*a ```\n```",
        "\n",
    ],
)
def test_the_work_grows_with_the_text(pattern):
    assert growth(split, pattern, 100_000) < 10
