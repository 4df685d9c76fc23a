"""Kinds of structure beyond the samples: lists' numbers, angle brackets, HTML, formulas, fences."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.reply.elements import ROLES
from lib.reply.formatting import to_whatsapp
from tests.cpu import cpu
from tests.growth import growth
from tests.whatsapp_reader import read


def shown(markdown):
    return "".join(c for c, _ in read(to_whatsapp(markdown)))


def squeezed(text):
    return " ".join(text.split())


WORD = st.text(alphabet="ABDEFGHKLM", min_size=1, max_size=4).map(lambda word: f"Q{word}Q")
NUMBERS = st.lists(st.integers(0, 99_999_999), min_size=1, max_size=6)
CONTEXTS = {
    "plain": ("", "", "\n"),
    "indented": ("  ", "  ", "\n"),
    "after text": ("text\n\n", "", "\n"),
    "loose": ("", "", "\n\n"),
    "quoted": ("> ", "> ", "\n"),
    "nested": ("- outer\n\n  ", "  ", "\n"),
    "under a heading": ("# Head\n", "", "\n"),
}


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("sign", [".", ")"])
@given(numbers=NUMBERS)
@settings(max_examples=8, deadline=None)
@example(numbers=[24, 31, 6])
@example(numbers=[3, 2, 1])
@example(numbers=[1, 2, 4])
@example(numbers=[2, 2, 3])
@example(numbers=[7, 7])
def test_the_numbers_of_a_list_are_those_of_its_source(context, sign, numbers):
    begin, margin, gap = CONTEXTS[context]
    if gap == "\n\n" and len(numbers) == 1:
        return
    items = [f"{number}{sign} QX" for number in numbers]
    expected = [str(number) for number in numbers]
    if len(numbers) > 1 and len(set(numbers)) == 1:
        expected = [str(numbers[0] + index) for index in range(len(numbers))]
    said = shown(begin + f"{gap}{margin}".join(items))
    assert re.findall(rf"(\d+){re.escape(sign)} QX", said) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1. 5. 2024 Start\n15. 5. 2024 End",
        "01. first\n02. second",
        "007. Bond",
        "5. § 5\n7. § 7",
        "10. ten\n9. nine\n8. eight",
        "1. one\n3. three\n4. four",
        "12. – 14. Juni",
        "- 24. Dezember\n- 6. Januar",
        "1. a\n2. b\n\n5. c",
        "3. - 5. Mai",
        "1234567890. too long for a list",
        "-1. minus\n1.5 decimal\n1.2.3. clause",
    ],
)
def test_numbers_that_name_are_as_written(text):
    assert to_whatsapp(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. a\n\n```\nx\n```\n\n2. b\n\n```\ny\n```\n\n3. c", ["1.", "2.", "3."]),
        ("1. a\n\n   more\n\n1. b\n\n1. c", ["1.", "2.", "3."]),
        ("5. a\n6. b\n\ntext\n\n9. c", ["5.", "6.", "9."]),
        ("1. a\n   1. b\n   1. c\n1. d", ["1.", "1.", "2.", "2."]),
        ("8. a\n   3. b\n   2. c\n4. d", ["8.", "3.", "2.", "4."]),
        ("1. a\n2) b", ["1.", "2)"]),
    ],
)
def test_each_list_counts_for_itself(text, expected):
    assert re.findall(r"^\s*(\d+[.)])", to_whatsapp(text), re.MULTILINE) == expected


UNKNOWN = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True).filter(
    lambda name: name.lower() not in ROLES and not re.search(r"_$|__", name)
)
PLACES = [
    "<{}>",
    "</{}>",
    "List<{}>",
    "Map<{}, {}>",
    "<{}.{}>",
    "<ns:{}>",
    "<{} of {}>",
    "a<{} and c>d",
    "<{}/>",
    '<{} id="1">',
]
ODD = [
    "<",
    ">",
    "<-",
    "->",
    "<=",
    "=>",
    "<3",
    "<>",
    "a<b",
    "c>d",
    "x < y",
    "1<2>1",
    "<<EOF",
    "</",
    "<!",
    "<?php",
]
ODD += [
    "<CODE>",
    "<title>",
    "<source>",
    "List<a>",
    "vector<b>",
    "<data> and <time>",
    "<p>,",
    "a<b and c>d",
]
BRACKETS = st.one_of(
    st.sampled_from(ODD),
    WORD,
    st.builds(lambda form, name: form.replace("{}", name), st.sampled_from(PLACES), UNKNOWN),
)


@given(st.lists(BRACKETS, min_size=1, max_size=8), st.sampled_from([" ", "\n", "\n\n"]))
@settings(max_examples=100, deadline=None)
@example(["<Name>", "<CODE>."], " ")
@example(["QA", "> QB"], " ")
def test_what_stands_in_angle_brackets_and_is_no_html_stays(parts, gap):
    text = gap.join(part if not part.startswith((">", "=")) else f"Q{part}" for part in parts)
    said = to_whatsapp(text)
    assert squeezed("".join(c for c, _ in read(said))) == squeezed(text)


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ("# {}", "{}"),
        ("- {}", "- {}"),
        ("1. {}", "1. {}"),
        ("> {}", "> {}"),
        ("**{}**", "{}"),
        ("[{}](https://example.com)", "{} (https://example.com)"),
        ("| {} |\n|---|\n| x |", "{}"),
        ("<b>{}</b>", "{}"),
        ("`{}`", "{}"),
        ("<div>{}</div>", "{}"),
        ("text\n{}\ntext", "text\n{}\ntext"),
    ],
)
@pytest.mark.parametrize("text", ["<Name>", "List<int>", "<branch-name>", "<T extends U>", "<a:b>"])
def test_they_stay_wherever_they_stand(around, expected, text):
    assert expected.replace("{}", text) in shown(around.replace("{}", text))


# HTML that is whole: a tree of elements around words.
INLINE = [
    "b",
    "strong",
    "i",
    "em",
    "s",
    "del",
    "u",
    "span",
    "code",
    "small",
    "font",
    "q",
    "a",
    "kbd",
]
BLOCK = ["p", "div", "section", "h1", "h4", "blockquote", "center", "details", "pre"]


def element(name, inside, quote):
    attributes = {
        "a": f"href={quote}https://example.com/x?a=1&amp;b=2{quote}",
        "font": f"color={quote}red{quote}",
    }
    return (
        f"<{name} {attributes[name]}>{inside}</{name}>"
        if name in attributes
        else f"<{name}>{inside}</{name}>"
    )


def inline(words):
    return st.recursive(
        words,
        lambda inner: st.one_of(
            st.builds(element, st.sampled_from(INLINE), inner, st.sampled_from("\"'")),
            st.lists(inner, min_size=1, max_size=3).map(" ".join),
            st.lists(inner, min_size=2, max_size=2).map("<br>".join),
        ),
        max_leaves=5,
    )


def table(rows):
    return (
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
        + "</table>"
    )


def html(words):
    line = inline(words)
    return st.recursive(
        line,
        lambda inner: st.one_of(
            st.builds(element, st.sampled_from(BLOCK), inner, st.just('"')),
            st.lists(inner, min_size=1, max_size=3).map(
                lambda parts: "<ul><li>" + "</li><li>".join(parts) + "</li></ul>"
            ),
            st.lists(inner, min_size=1, max_size=3).map(
                lambda parts: "<ol>\n<li>" + "\n<li>".join(parts) + "\n</ol>"
            ),
            st.lists(inner, min_size=2, max_size=3).map("\n\n".join),
        ),
        max_leaves=8,
    )


def words(text):
    return re.findall(r"Q[A-M]*Q", text)


@given(html(WORD))
@settings(max_examples=50, deadline=None)
def test_html_says_its_words_in_order_and_shows_no_tag(text):
    said = shown(text)
    assert words(said) == words(text)
    assert said.count("https://example.com/x?a=1&b=2") == text.count("href=")
    assert not re.search(r"[<]|&amp;", said)


@given(st.lists(st.lists(inline(WORD), min_size=1, max_size=3), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_a_table_of_html_says_its_cells_apart(rows):
    said = shown(table(rows))
    for row in rows:
        for cell in row:
            assert squeezed(shown(cell)).rstrip() in squeezed(said)
    assert set(words(said)) == set(words(table(rows)))


@given(
    st.one_of(html(WORD), st.lists(st.lists(WORD, min_size=1), min_size=1).map(table)), st.data()
)
@settings(max_examples=50, deadline=None)
def test_broken_html_still_says_its_words(text, data):
    tokens = re.findall(r"<[^<>]*>|[^<>]+", text)
    kept = [t for t in tokens if not t.startswith("<") or data.draw(st.booleans())]
    broken = "".join(kept)
    assert set(words(shown(broken))) == set(words(broken))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>never closed", "never closed"),
        ("text</b> more</p>", "text more"),
        ("<b><i>x</b></i> y", "x y"),
        ("<a href='https://example.com'>unclosed", "unclosed (https://example.com)"),
        ("<li>a<li>b", "- a\n- b"),
        ("<ul>\n<li>one\n\n**two**\n\n</ul>\n\nafter", "- one\n  two\n\nafter"),
        ("<td>a</td><td>b</td>", "\na | b\n--+--\n"),
        ('<a href="#x">part</a> <a>none</a> <a name="n"></a>.', "part none ."),
        ('<img alt="a > b" src="https://example.com/i.png"/>', "a > b (https://example.com/i.png)"),
        ("<IMG SRC=https://example.com/i.png>", "https://example.com/i.png"),
        (
            "<img\n  src='https://example.com/i.png'\n  alt='two\nlines'>",
            "two lines (https://example.com/i.png)",
        ),
        ('<img src="data:image/png;base64,AAAA" alt="Chart">', "Chart"),
        ("x<br>y<br/>z<hr>w", "x\ny\nz\n----------\nw"),
        ("<script>if (a<b) {}</script>shown<style>p {}</style>", "shown"),
        ("<p>&lt;b&gt; &amp;amp; &copy; &#8364;</p>", "<b> &amp; © €"),
        ("<video src='https://example.com/v.mp4'></video>", "https://example.com/v.mp4"),
        ("<sup>1</sup>/<sub>2</sub>, x<sup>n+1</sup>, e<sup>x</sup>", "¹/₂, xⁿ⁺¹, e^x"),
        ("5<sup>th</sup> Brand<sup>TM</sup> n<sup>o</sup>", "5th BrandTM no"),
        ("- <b>bold</b> item\n- <i>x</i>", "- bold item\n- x"),
        ("# <b>Head</b> <i>x</i>", "Head x"),
        ("> <ul><li>a</li></ul>", "> - a"),
        ("| <b>a</b> |\n|---|\n| <ul><li>x</li><li>y</li></ul> |", "\na\n----\nx, y\n"),
        ("<ul><li><ul><li>deep</li></ul></li></ul>", "-\n  ◦ deep"),
        ("<input type='checkbox' checked> done", "☑ done"),
        (
            "<!DOCTYPE html><html><head><title>T</title></head><body><h1>H</h1>x</body></html>",
            "T\nH\nx",
        ),
        ("<div>\n**bold** and _it_\n</div>", "bold and it"),
        ("<code>a_b*c* **d** [x](y)</code>", "a_b*c* **d** [x](y)"),
        ("between <div> and </div>", "between <div> and </div>"),
        ("<pre><b>x</b>  *y*</pre>", "\nx  *y*\n"),
        ("`<b>` and ``<i>x</i>``", "<b> and <i>x</i>"),
        ("```html\n<b>x</b>\n```", "\n<b>x</b>\n"),
        ("<b>" * 3000 + "x", "x"),
        ("<ul><li>" * 500 + "x", None),
    ],
)
def test_html_of_all_kinds(text, expected):
    assert shown(text) == expected if expected is not None else "x" in shown(text)


PARTS = [r"\alpha", r"\frac{1}{2}", "x", "y_1", "z^2", r"\{", r"\}", r"\,", r"\\", r"\%", "_", "*"]
PARTS += [
    "^",
    "+",
    "=",
    " ",
    r"\foo",
    r"\text{if }",
    "{",
    "}",
    "&",
    r"\sqrt{2}",
    "|",
    "<",
    ">",
    "[",
]
PARTS += [r"\begin{pmatrix}", r"\end{pmatrix}", "]", "(", ")", "#", "-", "1.", r"\left(", "'", "~"]
PARTS += [r"\right)", "!", r"\sum_{i=1}^n", "é", "你"]
FORMULA = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map(" ".join)
DELIMITED = {r"\(": r"\)", r"\[": r"\]", "$$": "$$"}


@pytest.mark.parametrize("begin", DELIMITED)
@given(inside=FORMULA, before=st.sampled_from(["", "text ", "- ", "> ", "1. ", "**a** "]))
@settings(max_examples=50, deadline=None)
@example(inside=r"\{1, 2\}", before="")
@example(inside=r"x_1 * y_2 * \foo", before="")
def test_a_formula_is_plain_or_as_written_and_never_half(begin, inside, before):
    formula = squeezed(f"{begin} {inside} = \\pi {DELIMITED[begin]}")
    said = squeezed(shown(f"{before}{formula} end"))
    lead = squeezed(shown(f"{before}Q end")).removesuffix("Q end")
    middle = said.removeprefix(lead.strip()).removesuffix("end").strip()
    assert middle == formula or not re.search(r"\\|\$\$", middle), said
    assert "π" in middle or middle == formula


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\[" + "\n" + r"\int_0^1 e^{-x}\,dx" + "\n" + r"\]", "∫₀¹ e^(-x) dx"),
        ("> \\[\n> a = b\n> \\]", "> a = b"),
        ("- so:\n  $$\n  a = b\n  $$\n- c", "- so:\n  a = b\n- c"),
        (r"| \(a|b\) |" + "\n|---|\n" + r"| \(\alpha\) |", "\na|b\n---\nα\n"),
        (r"**\(x\)** and _\(y\)_ and # \(z\)", "x and y and # z"),
        (r"$e^{i\pi} = -1$, \(v_{max}^{ab}\)", "e^(iπ) = -1, v_max^(ab)"),
        (r"\(\underbrace{a}_n\) \(\ce{H2O}\)", r"\(\underbrace{a}_n\) \(\ce{H2O}\)"),
        (r"[\(x^2\)](https://example.com)", "x² (https://example.com)"),
        (r"`\(x\)` $`x`$", r"\(x\) $x$"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", "a = b\nc = d"),
        (r"$\frac{a}{b}$, $\sqrt[3]{x+1}$, $\hat{x}$, $\mathbb{R}^n$", "a/b, ∛(x+1), x̂, ℝⁿ"),
        (r"$\lim_{x \to 0} \frac{\sin x}{x} = 1$", "lim_(x → 0) (sin x)/x = 1"),
        (r"90^\circ and \(90^\circ\)", "90° and 90°"),
        (r"\boxed{\frac{1}{2}}, \boxed{\text{yes}}, \boxed{\foo{x}}", r"1/2, yes, \boxed{\foo{x}}"),
        (r"$5, $6 and $7; US$8-$9; 5$ or 6$; $FOO/$BAR; $my_a and $my_b", None),
        (r"$$ cheap, $$$ dear", None),
        (r"C:\alpha\beta, /usr\to, \server\pi, \d+\S", None),
        (r"\(see below\) \[1\] \[text\](x) arr\[i\]", "(see below) [1] [text](x) arr[i]"),
        (r"50\% \$5 \& \# \_x", "50% $5 & # _x"),
        (r"\( open, \[ open, $$ open_1", "( open, [ open, $$ open_1"),
        ("$$\na_1\n\nb_1\n$$", "$$\na_1\n\nb_1\n$$"),
    ],
)
def test_formulas_of_all_kinds(text, expected):
    assert shown(text) == (text if expected is None else expected)


CLOSED = [
    "sandbox",
    "attachment",
    "data",
    "file",
    "javascript",
    "blob",
    "about",
    "cid",
    "ftp",
    "x-y",
]


@given(st.sampled_from(CLOSED), st.text(alphabet="abc/.,-_%:", max_size=20), WORD)
@settings(max_examples=100, deadline=None)
def test_a_target_that_no_phone_can_open_is_never_shown(scheme, rest, word):
    for target in (
        f"{scheme}:Z{rest}",
        f"{scheme.upper()}:Z{rest}",
        f"#Z{rest}",
        f"/Z{rest}",
        f"./Z{rest}",
    ):
        assert shown(f"a [{word}]({target}) b") == f"a {word} b"
        assert shown(f"a ![{word}]({target}) b") == f"a {word} b"
        assert shown(f"a [{word}][r] b\n\n[r]: {target}") == f"a {word} b"
        assert shown(f'a <a href="{target}">{word}</a> b') == f"a {word} b"


INNER = [
    "# Plan",
    "text **b**",
    "",
    "- item",
    "1. x",
    "```bash\nls\n```",
    "~~~\ncode\n~~~",
    "| a |\n|---|\n| 1 |",
    "> q",
]


@given(
    st.lists(st.sampled_from(INNER), min_size=1, max_size=6),
    st.sampled_from(["```", "````", "~~~~~"]),
    st.sampled_from(["markdown", "md", "Markdown", " md "]),
    st.sampled_from(["", "\n", "\n\n  "]),
)
@settings(max_examples=100, deadline=None)
def test_an_answer_in_one_fence_of_markdown_is_read_without_it(lines, fence, info, end):
    inside = "\n\n".join(["Begin.", *lines])
    assert to_whatsapp(f"{fence}{info}\n{inside}\n{fence}{end}") == to_whatsapp(inside)


@pytest.mark.parametrize(
    "text",
    [
        "Look:\n```markdown\n# a\n```",
        "```markdown\n# a\n```\nThat is it.",
        "```markdown\n# a\n```\n\nand\n\n```markdown\n# b\n```",
        "```python\n# a\n```",
        "```\n# a\n```",
        "> ```md\n> # a\n> ```",
    ],
)
def test_any_other_fence_stays_code(text):
    assert "# a" in shown(text)


@given(
    st.lists(WORD, min_size=2, max_size=4),
    st.sampled_from(["---", "--", "-----", "===", "======"]),
    WORD,
)
@settings(max_examples=60, deadline=None)
def test_several_lines_above_dashes_are_no_heading(lines, dashes, after):
    text = "\n".join(lines)
    assert to_whatsapp(f"{text}\n{dashes}\n{after}") == f"{text}\n\n----------\n\n{after}"
    assert to_whatsapp(f"> {text.replace(chr(10), chr(10) + '> ')}\n> {dashes}").count("*") == 0


TOKENS = [
    "<b>",
    "</b>",
    "<ul>",
    "<li>",
    "</ul>",
    "<td>",
    "<table>",
    "</table>",
    "<p>",
    "<br>",
    "<sup>",
    "</sup>",
    "<x>",
    "<",
]
TOKENS += [
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "$$",
    "$",
    "\\frac{ABC}{DEF}",  # without braces it takes a single letter out of a word
    "{",
    "}",
    "\\alpha ",
    "[^1]",
    "\n\n[^1]: ",
    "\n> [!NOTE]\n> ",
]
TOKENS += [
    "\n1. ",
    "\n3. ",
    "\n- ",
    "\n---\n",
    "\n==\n",
    "\n```md\n",
    "\n```\n",
    "\n| ",
    " | ",
    "\n|---|---|\n",
    "\n",
    "\n\n",
    "**",
    "`",
    "> ",
]


@given(
    st.lists(
        st.one_of(st.sampled_from(TOKENS), WORD.map(lambda word: f" {word} ")), max_size=25
    ).map("".join)
)
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_or_invented(text):
    assert set(words(shown(text))) == set(words(text))


UNITS = ["<", "<!--", "<div ", "<b>x</b>", "<ul><li>", "<td>", '<a href="', "<x></x>", "<p>x\n\n"]
UNITS += [
    "\\(",
    "\\(x\\)",
    "$x ",
    "\\alpha ",
    "\\begin{a}",
    "\\frac{",
    "[^1]: x\n\n",
    "> [!NOTE]\n\n",
]
UNITS += ["1. 1. 1. x\n", "a\n---\n", "```md\n", "`<", '<a x="<b y=\'" z=\'" ']


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_the_work_on_structure_grows_with_the_text(unit):
    assert growth(to_whatsapp, unit, 3_000) < 10


@pytest.mark.slow
@given(st.lists(st.sampled_from([*TOKENS, "a", " "]), min_size=1, max_size=5).map("".join))
@settings(max_examples=10, deadline=None)
def test_no_unit_makes_it_slow(unit):
    text = unit * (20_000 // len(unit))
    assert cpu(lambda: to_whatsapp(text), 3) < 3
    # A rule is three signs in Markdown and ten on a phone; nothing else grows more.
    assert len(to_whatsapp(text)) < 3 * len(text) + 100
