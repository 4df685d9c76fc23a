"""What is said of an answer: the words of its text, and nothing that is only to be seen."""

import time

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.reply.spoken import spoken
from lib.reply.work import WorkLimitError

MOST = 1200
CODE, TABLE = "For the code, see the text.", "For the table, see the text."
A_TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"

TABLE_OF_ANSWERS = [
    # what is styled is said as it is
    ("Hello **bold** _italic_ ~~gone~~ `code`.", "Hello bold italic gone code."),
    ("***Both***", "Both."),
    ("snake_case and __init__", "snake case and init."),
    ("2 * 3 = 6", "2 × 3 = 6."),
    ("\\*\\*not bold\\*\\*", "not bold."),
    # headings and items are sentences
    ("# Title\n\nText.", "Title. Text."),
    ("## What next?\n\nGo.", "What next? Go."),
    ("- one\n- two\n  - three", "one. two. three."),
    ("1. First\n2. Second!", "1. First. 2. Second!"),
    ("- [ ] open\n- [x] done", "open. done."),
    ("3. Oktober 2026", "3. Oktober 2026."),
    ("Steps:\n\n- Go", "Steps: Go."),
    # lines
    ("a line that\ngoes on", "a line that goes on."),
    ("Name: Ann\nAge: 5", "Name: Ann, Age: 5."),
    # links
    ("See [the docs](https://u.io/a_b).", "See the docs."),
    ("See https://u.io/a_b_(c).", "See a link."),
    ("See <https://u.io>!", "See a link!"),
    ("[https://u.io](https://u.io) is it", "a link is it."),
    ("Look: [](https://u.io/x)", "Look: a link."),
    ("At www.u.io, or u.io/path?q=1.", "At a link, or a link."),
    ("Write to <ann@u.io>.", "Write to ann@u.io."),
    ("见 https://u.io/c。好的。", "见 a link。好的。"),
    ("The file is ftp://u.io/x", "The file is a link."),
    # scripts without blanks: a sentence may go on behind a URL, and a host may be written in them
    ("https://u.ioです。", "a linkです。"),
    ("見る https://日本語.jp/x?q=1。", "見る a link。"),
    ("www.かな.jp、また www.example.かな/x", "a link、また a link."),
    ("http://www.例子.中国 and www.か", "a link and a link."),
    ("Go http:*//u.io now", "Go a link now."),
    ("Go www,.u.io or www[].u.io", "Go a link or a link."),
    ("![A cat](https://u.io/cat.png) sits", "A cat sits."),
    # code and tables are left to the text
    ("So:\n\n```python\nx = 1\n```\n\nDone.", f"So: {CODE} Done."),
    ("One\n\n```\na\n```\n\n```\nb\n```", f"One. {CODE}"),
    (f"Prices:\n\n{A_TABLE}", f"Prices: {TABLE}"),
    # emoji and signs
    ("Well done 🎉👍🏽!", "Well done!"),
    ("👨‍👩‍👧 family 🇩🇪 1️⃣", "family 1."),
    ("Hot: 20 °C → 30 °C ☀️", "Hot: 20 °C, 30 °C."),
    ("• one ✓", "one."),
    ("می‌خواهم", "می‌خواهم."),
    # quotations, notes, HTML, formulas, footnotes
    ("> Quoted", "Quoted."),
    ("> [!WARNING]\n> Hot!", "Warning, Hot!"),
    ("A<br>b <b>c</b>", "A b c."),
    ("<ul><li>x</li><li>y</li></ul>", "x. y."),
    ("$E = mc^2$", "E = mc²."),
    ("As known[^1] and [2].\n\n[^1]: By Ann.", "As known and. By Ann."),
    ("one\n\n---\n\ntwo", "one. two."),
    # nothing to say
    ("", ""),
    ("https://u.io/only", ""),
    ("```\nonly code\n```", ""),
    (A_TABLE, ""),
    ("😀 👍", ""),
    ("* * *", ""),
    ("![](https://u.io/x.png)", ""),
    # components of web clients
    ("<highlight>Hot</highlight> day", "Hot day."),
]


@pytest.mark.parametrize(("markdown", "said"), TABLE_OF_ANSWERS)
def test_what_is_said(markdown, said):
    assert spoken(markdown) == said


WORD = st.text("abcdefgäßéжяשםعرбक字かな", min_size=1, max_size=8)
STYLE = st.sampled_from(
    ["{}", "**{}**", "_{}_", "`{}`", "~~{}~~", "[{}](https://u.io/x_y)", "{} 😀"]
)
WORDS = st.lists(st.tuples(WORD, STYLE), min_size=1, max_size=8)
BLOCK = st.sampled_from(["{}", "# {}", "- {}", "1. {}", "> {}", "> - {}", "<p>{}</p>"])
BLOCKS = st.lists(st.tuples(BLOCK, WORDS), min_size=1, max_size=5)
NOISE = st.sampled_from(
    [" ", "\n", "\n\n", *"*_~`#>|-[]()!.<&:;/\\$^{}=+0", "https://", "www.", "```"]
)
ANYTHING = st.lists(st.one_of(NOISE, WORD, st.sampled_from(["😀", "☀️", "1️⃣", "→", "‍"])), max_size=60)

# What together is a URL, and what is left out between its parts.
PARTS = st.lists(
    st.sampled_from(
        ["http", "://", "www", ".", ",", "a", "é", "か", "ж", "( )", "[]", "[1]", "*", "|", " "]
    ),
    max_size=12,
)

EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\ufe0f\u20e3]")
URL = regex.compile(r"://|\bwww\.\w", regex.IGNORECASE)


@given(BLOCKS)
@settings(max_examples=100)
def test_every_word_is_said_in_order(blocks):
    text = "\n\n".join(
        block.format(" ".join(style.format(word) for word, style in words))
        for block, words in blocks
    )
    expected = [word for _, words in blocks for word, _ in words]
    said = regex.findall(r"[\p{L}\p{M}]+", spoken(text))
    assert said == expected


@given(st.one_of(ANYTHING.map("".join), PARTS.map("".join), st.text(max_size=120)))
@settings(max_examples=300)
def test_nothing_is_said_that_is_only_to_be_seen(markdown):
    said = spoken(markdown)
    assert not set(said) & set("*_~`|\\")
    assert not EMOJI.search(said)
    assert not URL.search(said)
    assert "\n" not in said
    assert said == said.strip()
    assert not regex.search(r"[\p{NChar}\p{Co}\p{Cs}]", said)
    assert said == "" or any(map(str.isalnum, said))


@given(
    st.lists(st.sampled_from(["One. ", "A longer sentence it is! ", "word ", "字", "。", "1. "]))
)
def test_the_beginning_is_said_up_to_the_end_of_a_sentence(parts):
    text = "".join(parts) * 20
    said = spoken(text)
    assert len(said) <= MOST
    if said.endswith(" The rest is in the text."):
        before = said.removesuffix(" The rest is in the text.")
        assert before[-1] in ".!。…"
        assert not before.endswith(" 1.")


def test_a_long_answer_is_cut_behind_a_sentence_and_says_so():
    said = spoken("Ten signs. " * 200)
    assert said.endswith("Ten signs. The rest is in the text.")
    assert MOST - 40 < len(said) <= MOST


def test_a_text_without_sentences_is_cut_behind_a_word():
    said = spoken("word " * 500)
    assert said.endswith("word word… The rest is in the text.")
    assert MOST - 40 < len(said) <= MOST


def test_what_is_nested_too_deeply_is_not_said():
    assert spoken("> " * 100 + "deep") == ""


PIECES = [
    "a",
    "a-",
    "a.b ",
    "-",
    "<",
    "_",
    "*",
    "(",
    "[",
    "#",
    "> ",
    " ",
    "😀 ",
    "://",
    "(a",
    "1 * ",
    "|",
]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_answers_take_little_time(piece):
    before = time.thread_time()
    spoken("x " + piece * (200_000 // len(piece)))
    assert time.thread_time() - before < 1


def test_work_has_a_limit():
    def no_more():
        raise WorkLimitError("enough")

    with pytest.raises(WorkLimitError):
        spoken("one\n\ntwo", no_more)
