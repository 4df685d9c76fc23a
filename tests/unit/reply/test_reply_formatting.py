import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.reply.formatting import to_whatsapp
from lib.reply.tree import PARSER
from tests.growth import growth
from tests.whatsapp_reader import read

TABLE = [
    # bold, italic, both, strike
    ("**b**", "*b*"),
    ("__b__", "*b*"),
    ("*i*", "_i_"),
    ("_i_", "_i_"),
    ("***x***", "*_x_*"),
    ("~~s~~", "~s~"),
    ("**a _b_ c**", "*a _b_ c*"),
    ("super**b**ly", "superbly"),
    ("**two\nlines**", "*two*\n*lines*"),
    ("foo(**bar**), *x*!", "foo(*bar*), _x_!"),
    ("** not bold**", "*not bold*"),
    # headings
    ("# Title", "*Title*"),
    ("## A **bold** *mix* of `x`", "*A bold mix of x*"),
    ("# 2 * 3", "*2 * 3*"),
    ("Title\n=====\ntext", "*Title*\n\ntext"),
    # links and images
    ("[t](https://u.io/a_b_c)", "t (https://u.io/a_b_c)"),
    ("[https://u.io](https://u.io)", "https://u.io"),
    ("<https://u.io/_a_>", "https://u.io/_a_"),
    ("<a@b.io>", "a@b.io"),
    ("![alt](https://u.io/i.png)", "alt (https://u.io/i.png)"),
    ("![](https://u.io/i.png)", "https://u.io/i.png"),
    ("see https://u.io/_a_b_*c* now", "see https://u.io/_a_b_*c* now"),
    ("**https://u.io/a_b**", "*https://u.io/a_b*"),
    ("(https://u.io/_a_)", "(https://u.io/_a_)"),
    # lists
    ("- a\n- b", "- a\n- b"),
    ("* a\n* b", "- a\n- b"),
    ("3. a\n4. b", "3. a\n4. b"),
    ("- a\n  - b\n    - c\n- d", "- a\n  ◦ b\n    ◦ c\n- d"),
    ("1. a\n   - b", "1. a\n  ◦ b"),
    ("- [ ] a\n- [x] b", "- ☐ a\n- ☑ b"),
    ("- **a**: b", "- *a*: b"),
    # tables
    ("| a | b |\n|---|---|\n| 1 | **2** |", "```\na | b\n--+--\n1 | 2\n```"),
    (
        "| Name | What it is used for |\n|---|---|\n| hammer | hitting **nails** |\n| saw | wood |",
        (
            "- *Name:* hammer, *What it is used for:* hitting *nails*\n"
            "- *Name:* saw, *What it is used for:* wood"
        ),
    ),
    # code
    ("```python\nx = **2** # _a_\n```", "```\nx = **2** # _a_\n```"),
    ("~~~\na\n\n\n  b\n~~~", "```\na\n\n\n  b\n```"),
    ("    indented", "```\nindented\n```"),
    ("`a*b*c`", "`a*b*c`"),
    ("`` a`b ``", "```a`b```"),
    # quotes, rules, HTML
    ("> a\n> b", "> a\n> b"),
    ("> a\n>> b", "> a\n> b"),
    ("> - a\n> - b", "> - a\n> - b"),
    ("a\n\n---\n\nb", "a\n\n----------\n\nb"),
    ("a <b>c</b> &amp; &lt;d&gt;<br>e", "a *c* & <d>\ne"),
    ("<div>\n<p>one</p><p>two</p>\n</div>", "one\ntwo"),
    ("<!-- hidden -->shown", "shown"),
    # literal marks
    ("2*3*4 and 2 * 3 * 4", "2*3*4 and 2 * 3 * 4"),
    ("snake_case_name", "snake_case_name"),
    ("call __init__ or `__main__`", "call `__init__` or `__main__`"),
    (r"\*not bold\*", "`*not` `bold*`"),
    (r"\*args and \*\*kwargs", "*args and **kwargs"),
    ("**2\\*3**", "*2*3*"),
    ("~5 to ~6", "~5 to ~6"),
    # lines of which a part is doubtful
    (r"**b** and _i_, \*not bold\*", "*b* and _i_, `*not` `bold*`"),
    ("*i* and **`c`**\u4f60", "_i_ and `c`\u4f60"),
    (r"`a`<wbr>`b` \*c\*", "`ab` `*c*`"),
    (r"`a`<i>`b` \*c\*", "`a`_`b` `*c*`_"),
    # where Markdown's readers differ
    ("[a](javascript:x)", "a"),
    ("[report](file:///srv/x.pdf)", "report"),
    ("<https://u.io/a%20b>", "https://u.io/a%20b"),
    ("![a *b*](u)", "a b"),
    # addresses by themselves, beside words
    ("<https://u.io>です。見<https://u.io>。", "https://u.io です。見https://u.io。"),
    ("[https://u.io](https://u.io)です", "https://u.io です"),
    ("a<https://u.io/(x)>b", "a https://u.io/(x) b"),
    (
        "<https://u.io>**b**, <a@b.io>x, <https://u.io>`c`",
        "https://u.io *b*, a@b.io x, https://u.io `c`",
    ),
    ("![](https://u.io/1)![](https://u.io/2)", "https://u.io/1 https://u.io/2"),
    ("**[](https://u.io)**[](//v.io)x", "*https://u.io* https://v.io x"),
    ("# <https://u.io>b", "*https://u.io b*"),
    ("(<https://u.io>), “<https://u.io>”.", "(https://u.io), “https://u.io”."),
    # brackets that nobody meant as a link
    ("list[]() and `[]()`", "list[]() and `[]()`"),
    ("[](auto x, _y_) [](*x) [ ](y)", "[](auto x, _y_) [](*x) [ ](y)"),
    ("a f[0](x), a[i](j_k), f()[b](), x[1][2](n)", "a f[0](x), a[i](j_k), f()[b](), x[1][2](n)"),
    ("**f[*i*](a_b)**", "*f[_i_](a_b)*"),
    ("said[1](#fn) see[it](a.md) [a](b) 见[报告](链接)", "said1 seeit a 见报告"),
    ("[](https://u.io) ![ ](https://u.io) ![](u)", "https://u.io https://u.io"),
    ("[a](//) [b](https://) [c](tel:) [d](//u.io)", "a b c d (https://u.io)"),
    ("[t](https://müller.de/größe x)", "[t](https://müller.de/größe x)"),
    ("[t](https://müller.de/größe)", "t (https://xn--mller-kva.de/gr%C3%B6%C3%9Fe)"),
    ("[t](<https://u.io/100% a>)", "t (https://u.io/100%25%20a)"),
    ("~a~ and ~~~b~~~", "`~a~` and `~~~b~~~`"),
    ('no~~"where"~~', 'no"where"'),
    (r"\https://u.io/_a_ x", r"\https://u.io/_a_ x"),
    ("see https://u.io/?a=1&copy=2 and \\_", "see https://u.io/?a=1&copy=2 and _"),
    ("half \ud83d of one \ud83d\ude00", "half \ufffd of one 😀"),
    ("# a | b\n|---|---|\n| 1 | 2 |", "*a | b*\n\n|---|---|\n| 1 | 2 |"),
    ("> a | b\n|---|---|\n| 1 | 2 |", "> a | b\n> |---|---|\n> | 1 | 2 |"),
    ("a | b\n---|---\n# 1 | 2", "```\na | b\n--+--\n```\n\n*1 | 2*"),
    ("a \\| b | c\n---|---\n1 | 2", "```\na | b | c\n------+--\n1     | 2\n```"),
    ("a\n\x1c\nb", "a\n\x1c\nb"),
    ("kept \ufdd0https://u.io/a_b", "kept https://u.io/a_b"),
    # lines and paragraphs
    ("a  \n<br>b\u3000", "a\n\nb"),
    ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
    ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
    ("plain text, 1 < 2 & so on", "plain text, 1 < 2 & so on"),
    ("", ""),
]
MARKDOWN = st.lists(
    st.sampled_from(
        [
            "**",
            "*",
            "_",
            "__",
            "~~",
            "`",
            "```\n",
            "> ",
            "- ",
            "1. ",
            "# ",
            "|",
            "\n",
            "\n\n",
            " ",
            "a",
            "bc",
            "[x](",
            ")",
            "![",
            "<b>",
            "&amp;",
            "\\",
            "https://u.io/_a_",
            "|-|-|\n",
            "    ",
            "é",
            "你",
            "👍",
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(("markdown", "expected"), TABLE, ids=[row[0][:30] for row in TABLE])
def test_markdown_becomes_what_whatsapp_knows(markdown, expected):
    assert to_whatsapp(markdown) == expected


def test_a_table_of_more_than_26_columns_becomes_bullets():
    def table(width):
        return f"| a | b |\n|---|---|\n| {'x' * width} | y |"

    assert to_whatsapp(table(22)).startswith("```")
    assert to_whatsapp(table(23)).startswith("- *a:* xx")


def test_code_that_holds_a_fence_is_left_as_it_is():
    code = "a ``` b *c*"
    assert code in to_whatsapp(f"````\n{code}\n````")


@given(st.one_of(st.text(), MARKDOWN))
@settings(max_examples=500, deadline=None)
def test_any_text_is_formatted(markdown):
    assert isinstance(to_whatsapp(markdown), str)


@given(MARKDOWN)
@settings(max_examples=300, deadline=None)
def test_no_word_is_lost_or_repeated(markdown):
    said = "".join(c for c in to_whatsapp(f"{markdown}\n\nqqq") if c == "q")
    assert said == "qqq"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1))
def test_what_stands_in_a_fence_comes_out_unchanged(code):
    line = re.sub("[\u2028\u2029\x85\ufdd0-\ufdef\ufffe\U0001fffe\U0001ffff\U0002fffe]", "", code)
    if "~~~" in line or "```" in line or not line.strip():
        return
    assert f"```\n{line}\n```" == to_whatsapp(f"~~~\n{line}\n~~~")


@pytest.mark.parametrize("also", ["", " https://example.com/a_b"])
def test_what_stands_for_a_mark_in_a_url_is_no_mark_elsewhere(also):
    assert to_whatsapp("a\ufdd0b" + also) == "ab" + also


@given(
    st.lists(
        st.sampled_from(["*a*", "b_c", "_d", "2*3", "x", "*", "y*", "~z~", "_e_f_"]), min_size=1
    )
)
def test_literal_marks_are_never_shown_as_formatting(words):
    escaped = " ".join("".join(f"\\{c}" if c in "*_~" else c for c in word) for word in words)
    shown = read(to_whatsapp(f"x {escaped}"))
    styles = {style for _, kinds in shown for style in kinds}
    assert styles <= {"code"}
    assert "".join(c for c, _ in shown) == f"x {' '.join(words)}"


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "[", "*a ", "![", "> - "])
def test_nesting_deeper_than_anybody_reads_loses_nothing(mark):
    assert "innermost" in to_whatsapp(mark * 2000 + "innermost")


# The name and the kind of a Rust panic in Python.
class PanicException(BaseException):
    pass


class Breaking:
    """Parses the beginning of a text, and then raises what it was given."""

    def __init__(self, error):
        self.error = error

    def events_with_range(self, markdown, *, merge_text):
        yield from islice(PARSER.events_with_range(markdown, merge_text=merge_text), 4)
        raise self.error


@pytest.mark.parametrize("error", [PanicException("index out of bounds"), ValueError("odd")])
def test_a_text_at_which_the_parser_breaks_is_sent_as_it_is_written(error):
    assert to_whatsapp("**a**\n\n# b", Breaking(error)) == "**a**\n\n# b"
    assert to_whatsapp("**a**\n\n# b") == "*a*\n\n*b*"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit()])
def test_who_ends_the_process_is_not_held_up_by_the_parser(error):
    with pytest.raises(type(error)):
        to_whatsapp("**a**\n\n# b", Breaking(error))


SLOW_ONCE = [
    "some **bold** and *it* `code` [l](https://x.io)\n",
    "**a* ",
    "*a*b",
    "- x\n",
    "| a | b |\n",
    "\\*a\\* ",
    "> q\n",
    "[",
    "![",
    "[a](",
    "`",
    "` ",
    "<",
    "<!--",
    "<div ",
    "</div ",
    "<![",
    "_a",
    "> a\nb\n",
    "[a]: b\n",
]


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", SLOW_ONCE)
def test_the_work_grows_with_the_text(pattern):
    assert growth(to_whatsapp, pattern, 20_000) < 10
