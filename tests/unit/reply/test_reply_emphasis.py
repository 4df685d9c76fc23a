"""Emphasis as models write it, and marks that are none: what a reader sees of it on a phone."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.reply.formatting import to_whatsapp
from tests.whatsapp_reader import read

# A sign on the inner side of a mark and a letter on the outer one.
BESIDE_PUNCTUATION = [
    ("请看**第二节。**再继续", "请看第二节。再继续"),
    ("これは**「注意」**です", "これは「注意」です"),
    ("**Age:**42", "Age:42"),
    ("यह **नोट:**पढ़ें", "यह नोट:पढ़ें"),
    ("Das ist **wichtig!**sagte er", "Das ist wichtig!sagte er"),
    ("请看**第二节。**再继续**更多**", "请看第二节。再继续更多"),
    ("**甲。**乙**丙。**丁**戊**", "甲。乙丙。丁戊"),
    ("**甲。****乙。**丙", "甲。乙。丙"),
    ("**「A」**と**「B」**です", "「A」と「B」です"),
    ("他说：**“好的。”**然后", "他说：“好的。”然后"),
    ("**「好」**，他说", "*「好」*，他说"),
    ("使用**C++**编写", "使用C++编写"),
    ("增长**20%**以上", "增长20%以上"),
    ("用**.NET**框架", "用.NET框架"),
    ("重要**！**", "重要！"),
    ("서울은**'수도'**입니다", "서울은'수도'입니다"),
    ("ไทย**“สำคัญ”**มาก", "ไทย“สำคัญ”มาก"),
    ("मैं**“नोट”**पढ़ता", "मैं“नोट”पढ़ता"),
    ("हिन्दी**नोट**पढ़ें", "हिन्दीनोटपढ़ें"),
    ("**ملاحظة:**اقرأ", "ملاحظة:اقرأ"),
    ("**Q:**What? **A:**That.", "Q:What? A:That."),
    ("- **Name:**Ann, **Age:**42", "- Name:Ann, Age:42"),
    ("> **Name:**Ann", "> Name:Ann"),
    ("# **Name:**Ann", "*Name:Ann*"),
    ('"**Yes!**"he said', '"*Yes!*"he said'),
    ("是**[站](https://u.io/a_b)**吧", "是站 (https://u.io/a_b)吧"),
    ("**`x`**是, **`y`:**z", "`x`是, `y`:z"),
    ("*Age:*42 and _Age:_42", "Age:42 and Age:42"),
    ("__Age:__42, ~~old:~~new, ***Age:***42", "Age:42, old:new, Age:42"),
    ("看*「注意」*吧，看_「注意」_吧", "看「注意」吧，看「注意」吧"),
    ("这是*非常*重要的", "这是非常重要的"),
    ("*(so)*then and *100%*sure", "(so)then and 100%sure"),
    ("**bold***italic*", "bolditalic"),
    ("**A**/**B**, *A*/*B*", "*A*/*B*, _A_/_B_"),
    ("**2**10 = 1024**", "*`2**10` = 1024*"),
    ("Vitamin**B**12", "VitaminB12"),
]

# A blank on the inner side of one of two marks.
BESIDE_BLANKS = [
    ("**Wichtig: **bitte", "*Wichtig:* bitte"),
    ("- **Name: **Ann", "- *Name:* Ann"),
    ("**Fett ** Text", "*Fett*  Text"),
    ("** Fett** Text", "*Fett* Text"),
    ("Das ist ** fett**.", "Das ist  *fett*."),
    ("Text** Fett**, mehr", "Text *Fett*, mehr"),
    ("**Name: **Ann, **Age: **42", "*Name:* Ann, *Age:* 42"),
    ("**注意： **请看", "*注意：* 请看"),
    ("*Note: *read, _Note: _read", "_Note:_ read, _Note:_ read"),
    ("***Note: ***read, ~~old ~~new", "*_Note:_* read, ~old~ new"),
    ("a **good** day and **Name: **Ann", "a *good* day and *Name:* Ann"),
    ("_**Name: **Ann_", "_*Name:* Ann_"),
]

# Marks of paths, globs, formulas, code and names: a reader sees what was written.
LITERAL = r"""
Copy x/*/y to z/*/w.
$g^*(x) = h^*(x)$
a ** b ** c
5 * x * 3
2*3*4, 5*3*2 and 2 * 3 * 4
x**2 + y**2 = z**2
E = m*c**2 and F = m*a
(a+b)**2 and (c+d)**2
x**(n+1) and y**(n+1)
2**-1 and 2**-2
f(x)*g(x)*h(x)
a*(b+c)*d
长*宽*高 or λ*μ*ν
src/*.py and tests/*.py
src/**/*.ts and lib/**/*.js
**/*.py and **/*.js
{**/*.js,**/*.ts}
*.py, *.txt and test_*.py
src/*, lib/* and src/** or lib/**
*/a and */b
/* one */ and /* two */
count(*) and sum(*)
"*" and "*", [*] and [*]
"s3:*" and "ec2:*"
^a.*b.*$ and .* or .*
f(*args, **kwargs) and {**a, **b}
*args and *rest
**kwargs and **more
int *a, *b;
f**k and s**t
Price* and more*
(*_*) and ^_^ or -_-
x_i, A_{ij} and B_{ij}
f(x)_i + f(y)_i and x^* + y^*
snake_case, __init__ and __new__
_private and obj._b, self._a._b
/_next/static/_foo/bar
x/_/y to z/_/w
~/a and ~/b, ~10 minutes~
报告_最终_v2.pdf
Name: ____ Age: ____
pass: **** and ****
""".strip().splitlines()

HEADINGS = [
    ("## Why `__init__` and `__new__` differ", "Why __init__ and __new__ differ"),
    ("### ~10 minutes~ a day", "~10 minutes~ a day"),
    ("## 2 * 3 * 4", "2 * 3 * 4"),
    ("# 2*3*4", "2*3*4"),
    ("# Copy x/*/y to z/*/w", "Copy x/*/y to z/*/w"),
    (r"# \*not bold\*", "*not bold*"),
    ("# *", "*"),
    ("# a `*` b", "a * b"),
    ("# **Wichtig: **bitte", "Wichtig: bitte"),
    ("**bold** title\n===", "bold title"),
]

SCRIPTS = ["wichtig", "第二节", "नोट", "ملاحظة", "Важно", "สำคัญ", "단어", "ひらがな", "דבר"]
ENDS = [":", "!", "?", "。", "：", "！", "」", "»", "”", "…", '"', "』", "】"]
STARTS = ["「", "“", "«", '"', "„", "¿", "【", "『"]
MARKS = ["*", "**", "***", "_", "__", "~~"]


def seen(text):
    return "".join(character for character, _ in read(text))


def styles(text):
    return {style for _, shown_in in read(text) for style in shown_in}


@pytest.mark.parametrize(("markdown", "expected"), BESIDE_PUNCTUATION + BESIDE_BLANKS)
def test_marks_of_emphasis_are_never_seen(markdown, expected):
    assert to_whatsapp(markdown) == expected


@pytest.mark.parametrize("text", LITERAL)
@pytest.mark.parametrize("prefix", ["x ", "- ", "> ", "1. "])
def test_marks_that_are_no_emphasis_are_seen_as_written(text, prefix):
    assert seen(to_whatsapp(f"{prefix}{text} y")) == f"{prefix}{text} y"


@pytest.mark.parametrize(("markdown", "expected"), HEADINGS)
def test_a_heading_shows_its_literal_marks(markdown, expected):
    assert seen(to_whatsapp(markdown)) == expected


def test_a_table_too_wide_for_a_screen_shows_the_literal_marks_of_its_head():
    table = "| `__init__` and `__new__` of it | ~10~ or 2 * 3 |\n|---|---|\n| *a* _b | c_ **d** |"
    assert seen(to_whatsapp(table)) == ("- __init__ and __new__ of it: a _b, ~10~ or 2 * 3: c_ d")


def test_a_mark_in_one_cell_is_no_partner_of_one_in_the_next():
    table = f"| {'h' * 30} | i |\n|---|---|\n| _a | b_ |"
    assert seen(to_whatsapp(table)) == f"- {'h' * 30}: _a, i: b_"


@pytest.mark.parametrize("mark", MARKS)
def test_no_sign_and_no_script_makes_a_mark_be_seen(mark):
    for word, after, end in product(SCRIPTS, SCRIPTS, ENDS):
        written = f"{word} {mark}{word}{end}{mark}{after}"
        formatted = to_whatsapp(written)
        assert seen(formatted) == f"{word} {word}{end}{after}", written
        assert "code" not in styles(formatted)


@pytest.mark.parametrize("mark", MARKS)
def test_a_style_may_begin_with_a_sign_after_a_letter(mark):
    for word, start in product(SCRIPTS, STARTS):
        formatted = to_whatsapp(f"{word}{mark}{start}{word}{mark} {word}")
        assert seen(formatted) == f"{word}{start}{word} {word}"


PIECE = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", " ", "（", " ("]),
    st.sampled_from([word for word in SCRIPTS if word != "wichtig"]),
    st.sampled_from(["**", "~~"]),
    st.sampled_from([f"{word}{end}" for word in SCRIPTS for end in ENDS]),
    st.sampled_from(["", " "]),
)
PLACES = ["", "- ", "> ", "# ", "1. ", "> - ", "| a |\n|---|\n| "]


@given(st.lists(PIECE, min_size=1, max_size=5), st.sampled_from(PLACES))
@settings(max_examples=150, deadline=None)
def test_several_styles_in_a_line_are_read_one_after_the_other(pieces, place):
    marked = "".join(re.sub(r"(\*\*|~~)(\S+)", r"\1\2\1", piece) for piece in pieces) + "末"
    formatted = seen(to_whatsapp(f"{place}{marked}"))
    expected = seen(to_whatsapp(f"{place}{marked.replace('**', '').replace('~~', '')}"))
    assert formatted.split() == expected.split()


@given(
    st.lists(
        st.tuples(st.sampled_from(SCRIPTS), st.sampled_from(["**", "***", "~~"]), st.booleans()),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=100, deadline=None)
def test_a_blank_beside_one_of_two_marks_shows_neither(parts):
    marked = ", ".join(
        f"x {mark} {word}{mark}" if early else f"x {mark}{word} {mark} y"
        for word, mark, early in parts
    )
    formatted = seen(to_whatsapp(marked))
    assert formatted.split() == re.sub(r"[*~]", "", marked).split()
