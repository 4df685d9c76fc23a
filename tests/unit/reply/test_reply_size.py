"""What comes out of formatting is what went in, marks aside, and no longer than a little more."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyromark import Markdown

from lib.reply.formatting import to_whatsapp
from lib.reply.targets import openable
from lib.reply.urls import encoded
from tests.growth import growth
from tests.whatsapp_reader import read

LENGTHS = [300, 420, 2000, 20_000]
MOST, MORE = 1.5, 20
# A mark that is to be seen as it is stands in ticks, and nearly every sign may be one.
MOST_OF_ANY = 3

ORNAMENTS = [
    "__a",
    "~-",
    "-~",
    "~/",
    "~^",
    "~·",
    "__x1",
    "a__b__",
    "__init__/",
    "*_",
    "*_~`",
    "_a a_ ",
    "_a,",
    "*a*b",
    "**a ** ",
    " ** a**",
    "**a **",
    "x/*/",
    "你**。",
    "。**你",
    "(**",
    "*a:*b",
    "`*a`*",
    "a_b*c~",
    "***a",
    "~~a",
    "\\*a",
    "*️⃣",
]

UNITS = st.one_of(
    st.text(
        st.one_of(
            st.sampled_from("*_~"),
            st.sampled_from("ab5.,:;!?()[]/-=^ 你。「」é\u0301न\u093e👍"),
        ),
        min_size=1,
        max_size=8,
    ),
    st.builds(
        "{}[{}]({})".format,
        st.sampled_from(["", "a", "!", " ", "你", "*"]),
        st.sampled_from(["", " ", "5", "*b*", "_", "你。"]),
        st.sampled_from(["", "5", "a_b", "-", "/a", "//", "//a", "//a/*", "a b", "你"]),
    ),
)
# A line that begins and ends like this is a paragraph, whatever is in it.
LINE = "x {} x"


def repeated(unit, length):
    return LINE.format((unit * length)[:length])


def signs(text):
    """What is to be seen of a text, but for marks, ticks and blanks."""
    return re.sub(r"[\s*_~`]", "", text)


def meant(text):
    """What Markdown has to be seen of a line: of a link its words, and where a phone can go.

    A link with neither, and one that is code (``a[5](b)``), are no links: all of it is text.
    """
    source = text.encode()
    parts, begun = [], []
    for event, place in Markdown().events_with_range(text, merge_text=True):
        match event:
            case {"Text": words} | {"Code": words}:
                parts.append(words)
            case {"Start": {"Link": link} | {"Image": link}}:
                begun.append((len(parts), link["dest_url"]))
            case {"End": "Link" | "Image" as kind}:
                index, target = begun.pop()
                words = "".join(parts[index:])
                written = source[place["start"] : place["end"]].decode()
                before = source[: place["start"]].decode()[-1:]
                parts[index:] = [_link(kind, words, target, written, before)]
    return "".join(parts)


def _link(kind, words, target, written, before):
    url = encoded(openable(target))
    if url:
        return f"{words} ({url})" if words.strip() else url
    if kind == "Image":
        return words
    if not words.strip():
        return written
    is_call = re.match(r"[\w)\]]", before, re.ASCII) and re.fullmatch(r"\w*", target, re.ASCII)
    return f"[{words}]({target})" if is_call and written.endswith(f"]({target})") else words


def seen(text):
    return "".join(character for character, _ in read(text))


def check(text, most=MOST):
    formatted = to_whatsapp(text)
    # Links are longer as they are written out.
    assert len(formatted) <= most * max(len(text), len(meant(text))) + MORE
    assert signs(formatted) == signs(meant(text))


@pytest.mark.thorough
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("unit", ORNAMENTS)
def test_an_ornament_comes_out_about_as_long_as_it_is(unit, length):
    check(repeated(unit, length))


@given(UNITS, st.sampled_from([30, *LENGTHS[:3]]))
@settings(max_examples=200, deadline=None)
def test_any_unit_repeated_keeps_its_signs_and_its_length(unit, length):
    check(repeated(unit, length), MOST_OF_ANY)


@given(UNITS)
@settings(max_examples=20, deadline=None)
def test_a_long_text_of_any_unit_keeps_its_signs_and_its_length(unit):
    check(repeated(unit, LENGTHS[-1]), MOST_OF_ANY)


@given(UNITS, st.sampled_from(["- ", "1. ", "> ", "# ", "| a | b |\n|---|---|\n| "]))
@settings(max_examples=100, deadline=None)
def test_a_unit_repeated_keeps_its_signs_wherever_it_stands(unit, place):
    text = repeated(unit.replace("|", ""), 300)
    found = signs(seen(to_whatsapp(f"{place}{text}")))
    assert signs(meant(text)) in re.sub(r"^(-a:|[->]|1\.)", "", found)


@given(UNITS, UNITS)
@example("5", "[]()")
@example("5", "[a](//)")
@example("5", "![ ](//a)")
@settings(max_examples=100, deadline=None)
def test_a_long_word_with_marks_on_both_ends_keeps_its_signs(unit, other):
    check(LINE.format(f"({unit * 60}{other}{unit * 60})"))


@given(st.lists(UNITS, min_size=1, max_size=6).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_no_tick_is_seen_that_was_not_written(text):
    assert "`" not in seen(to_whatsapp(LINE.format(text)))


@given(st.lists(UNITS, min_size=1, max_size=6).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_text_without_marks_stays_as_it_is_however_often_it_is_formatted(text):
    plain = LINE.format(" ".join(re.sub(r"[*_~\[\]]", "", text).split()))
    assert to_whatsapp(plain) == plain


@pytest.mark.parametrize(
    "text",
    [
        "(" + "~-" * 101 + ")",
        "super**b**" * 60 + "ly",
        "Donau**dampf**" * 40,
        "https://u.io/" + "_a_b" * 100,
        f"- {'__a' * 130}",
    ],
    ids=["ornament in brackets", "bold in a word", "long word", "link", "list"],
)
def test_a_long_word_is_not_repeated(text):
    assert len(to_whatsapp(text)) <= MOST * len(text) + MORE


def test_a_long_name_of_a_column_is_written_once():
    name = "n" * 5000
    text = f"| {name} |\n|---|\n| a |\n" + "| b |\n" * 1000
    formatted = to_whatsapp(text)
    assert formatted.startswith(f"*{name}*\n- a\n- b\n- b")
    assert len(formatted) <= MOST * len(text) + MORE


def nested(length):
    half = "*_" * (length // 4)
    return f"{half}x{half[::-1]}"


def test_styles_nested_thousands_deep_are_one_style():
    assert signs(seen(to_whatsapp(nested(20_000)))) == "x"


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "*_",
        "*_~`",
        "__a",
        "~-",
        "a__b__",
        "**a ",
        "a** ",
        " ** a**",
        "**a ** b *c: *d",
        "*a b",
        "x/*/y ",
    ],
)
def test_the_work_on_marks_grows_with_the_text(unit):
    assert growth(to_whatsapp, unit, 5_000) < 10


@pytest.mark.slow
def test_the_work_on_nested_styles_grows_with_the_text():
    assert growth(lambda text: to_whatsapp(nested(len(text))), "x", 5_000) < 10
