"""Emphasis, HTML, formulas, notes and literal marks within each other, as a reader sees them."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.reply.formatting import to_whatsapp
from lib.reply.rendering import render
from tests.growth import growth
from tests.whatsapp_reader import read

NOTE = "\n\n[^1]: Note"


def seen(text):
    return "".join(character for character, _ in read(to_whatsapp(text)))


SEEN = [
    # formulas
    (r"**\(x_1 * y_1\)** and `z`", "x₁ * y₁ and z"),
    ("## $g^*(x)$ **is** it", "$g^*(x)$ is it"),
    ("# **Formula** $a*b*c$ and *x*", "Formula $a*b*c$ and x"),
    ("值为**$x_1$。**然后", "值为x₁。然后"),
    (r"**Satz:**$a_1$ und **B**\(b_2\)", "Satz:a₁ und Bb₂"),
    (r"\(a\) **b** \(c * d * \foo\)", r"a b \(c * d * \foo\)"),
    ("$$x$$ **a:**b $$y$$", "x a:b y"),
    (r"**\boxed{42}**！好", "42！好"),
    ("**Preis: $5 **und $6 *x*", "Preis: $5 und $6 x"),
    (r"\*\alpha\*", "*α*"),
    ("2 * $x$ * 3", "2 * x * 3"),
    # HTML
    ("<p>**a <b>b</b> c**</p>", "a b c"),
    ("<p>**Note:**text <u>**x**</u>y</p>", "Note:text xy"),
    ("**a <b>x** y</b>", "a x y"),
    ("请看<b>第二节。</b>再 **<u>节。</u>**再", "请看第二节。再 节。再"),
    ("<u>**Name: **</u>Ann", "Name: Ann"),
    ("**Wichtig:<br>**bitte", "Wichtig:\nbitte"),
    ("- **<u>A:</u>**b\n- <b>C: </b>d", "- A:b\n- C:d"),
    ("<ul><li>**Name: **Ann</li><li>x/*/y and z/*/w</li></ul>", "- Name: Ann\n- x/*/y and z/*/w"),
    ("<h2>Why __init__ and __new__ differ</h2>", "Why __init__ and __new__ differ"),
    ("<h2>2 * 3 * 4</h2>", "2 * 3 * 4"),
    ("<code>**a**</code> and **<code>x*y*z</code>**", "**a** and x*y*z"),
    ("Price<sup>*</sup> and <sup>*</sup>note", "Price* and *note"),
    ("<q>2*3*4</q> and <q>**said**</q>", "“2*3*4” and “said”"),
    ("<p>&ast;x&ast; and \\*y\\* &amp;amp;</p>", "*x* and *y* &amp;"),
    ("<pre>**a** _b_ *</pre>", "\n**a** _b_ *\n"),
    ("<b>~5 to ~6</b> <s>*args</s> and <s>**kw</s>", "~5 to ~6 *args and **kw"),
    ("<b>a</b>**b**<i>c</i>~~d~~", "abcd"),
    ("a<!-- x -->**b**c", "abc"),
    # tags and brackets that are spoken of
    ("**<b>** and *<i>* are tags", "<b> and <i> are tags"),
    ("**<br>** ends a line", "<br> ends a line"),
    ("**A** <br>*b*<br/>**C:**d", "A \nb\nC:d"),
    ("**<Name>:**x <Code>", "<Name>:x <Code>"),
    ("List<**int**>, **vector<int>**和*<Name>*", "List<int>, vector<int>和<Name>"),
    ("*a<b and c>d*", "a<b and c>d"),
    # footnotes
    (
        f"**word**[^1], **word[^1]** *it[^1]* ([^1]).{NOTE}",
        "word [1], word [1] it [1] ([1]).\n\n[1] Note",
    ),
    (f"看**第二节。[^1]**再{NOTE}", "看第二节。 [1]再\n\n[1] Note"),
    ("# Head[^1] *x*\n\n[^1]: **释。**好 2 * 3", "Head [1] x\n\n[1] 释。好 2 * 3"),
    # URLs
    ("访问**https://example.com**即可", "访问https://example.com即可"),
    ("请**看 https://example.com/a_b。**谢谢", "请看 https://example.com/a_b。谢谢"),
    ("**https://a.io/x:**y and ~~https://b.io/~~z", "https://a.io/x:y and https://b.io/z"),
    ("<p>https://x.io/?a=1&copy=2 **x**</p>", "https://x.io/?a=1&copy=2 x"),
    ('<a href="https://x.io/a_b*c*">**label:**</a>x', "label: (https://x.io/a_b*c*)x"),
    # lists, alerts, headings, tables, a fence around all
    ("24. **Dez: **x\n6. *Jan*", "24. Dez: x\n6. Jan"),
    ("1. 2*3*4\n3. x/*/y and z/*/w", "1. 2*3*4\n3. x/*/y and z/*/w"),
    ("> [!NOTE] **Wichtig: **bitte\n> 2 * 3", "> ℹ️ Note: Wichtig: bitte\n> 2 * 3"),
    ("a\n**b: **c\n---\nd", "a\nb: c\n\n----------\n\nd"),
    (
        "| **a:**b | *.py |\n|---|---|\n| 请**看。**x | <b>y</b> |",
        "\na:b     | *.py\n--------+-----\n请看。x | y\n",
    ),
    ("```md\n请看**第二节。**再\n\n\\(a*b*c\\) <b>x</b>\n```", "请看第二节。再\n\na*b*c x"),
]


@pytest.mark.parametrize(("markdown", "expected"), SEEN)
def test_one_within_another_is_seen_as_what_both_say(markdown, expected):
    assert seen(markdown) == expected


WORD = st.text(alphabet="ABDEFGHKLM", min_size=1, max_size=3).map(lambda word: f"Q{word}Q")
SAID = st.builds(
    "{}{}".format, WORD, st.sampled_from(["", ":", "。", "！", "」", "?", "中", "नोट", " слово"])
)
AROUND = [
    "**{}**",
    "***{}***",
    "~~{}~~",
    "<b>{}</b>",
    "<u>{}</u>",
    "<i>{}</i>",
]
AROUND += [
    "<span class='x'>{}</span>",
    "<q>{}</q>",
    "[{}](https://example.com/a_b)",
    "**<u>{}</u>**",
]
AROUND += ["<strong>{} </strong>", "**<code>{}</code>**", "<font color=red>**{}**</font>"]
BESIDE = [" ", ", ", "。", "中", "（", r"\(x_1\)", "$a^2$", "[^1]", "<br>", "<Name>", " - "]
BESIDE += [
    " List<int> ",
    "<sup>2</sup>",
    "&amp;",
    r" \alpha ",
    " https://example.com/a_b_c ",
    " — ",
]
PLACES = [
    "{}",
    "- {}",
    "24. {}\n6. x",
    "> {}",
    "# {}",
    "> [!NOTE]\n> {}",
    "<p>{}</p>",
    "- x\n\n  {}",
]
PLACES += ["<ul><li>{}</li></ul>", "| {} | Q |\n|---|---|\n| x | y |", "```markdown\n{}\n```"]
PLACES += ["<h2>{}</h2>", "<blockquote>{}</blockquote>", "<div>\n\n{}\n\n</div>"]
PIECES = st.lists(
    st.tuples(st.sampled_from(BESIDE), st.sampled_from(AROUND), SAID), min_size=1, max_size=4
)


def joined(pieces, place):
    line = "".join(beside + around.format(said) for beside, around, said in pieces)
    note = NOTE if "[^1]" in line else ""
    if place.startswith("```"):
        return place.format(f"x {line} x{note}")
    return place.format(f"x {line} x") + note


def words(text):
    return re.findall(r"Q[A-M]*Q", text)


@given(PIECES, st.sampled_from(PLACES))
@example(
    [("<sup>2</sup>", "***{}***", "QAQ слово"), ("<sup>2</sup>", "**{}**", "QAQ")], "<p>{}</p>"
)
@settings(max_examples=300, deadline=None)
def test_no_mark_and_no_tag_is_seen_and_every_word_is(pieces, place):
    text = joined(pieces, place)
    found = seen(text)
    assert words(found) == words(text)
    assert not re.search(r"[*~`\\$]|</|<(?:[biuq]|span|font|strong|code)\b|__|&amp;", found), found
    assert found.count("<Name>") == text.count("<Name>")
    assert found.count("List<int>") == text.count("List<int>")
    assert not render(text).fault


LITERAL = ["2*3*4", "5 * x * 3", "x/*/y to z/*/w", "*.py and *.js", "a ** b ** c", "~5 to ~6"]
LITERAL += ["snake_case", "`__init__`", r"\(a * b * \foo\)", "count(*)", r"\*x\*", "<T *a, T *b>"]


@given(
    st.sampled_from(LITERAL), PIECES, st.sampled_from(PLACES), st.sampled_from(["{} {}", "{1} {0}"])
)
@settings(max_examples=200, deadline=None)
@example("2*3*4", [("", "**{}**", "Q")], "# {}", "{} {}")
def test_a_literal_mark_is_seen_whatever_stands_beside_it(literal, pieces, place, order):
    if "|" in place and "*" in literal and "`" in literal:
        return
    line = "".join(around.format(said) + " " for _, around, said in pieces)
    text = place.format(order.format(f"x {literal} x", line.strip()))
    shown = re.sub(r"\\(?=\*)|`", "", literal)
    assert shown in " ".join(seen(text).split()), seen(text)


UNITS = [
    "**<b>",
    "<b>**x**</b> ",
    r"**\(a*b\)** ",
    "[^1]**。",
    "**https://x.io/**a ",
    "*<i>*",
    "_<",
]
UNITS += [
    "<p>**a: **b</p>\n\n",
    "| **<b>x</b>** | $a*b$ |\n",
    "<li>*a",
    "$*",
    "\\*<",
    "**<br>",
    "~~<u>",
]
UNITS += ["https://x.io/**a**", "<code>*", "\\(*", "# *<b>\n", "<q>*", "1. **a: **\n3. <b>"]


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_the_work_on_mixtures_grows_with_the_text(unit):
    assert growth(to_whatsapp, unit, 3_000) < 10
