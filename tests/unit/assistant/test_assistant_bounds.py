"""What a reply may cost: its encoding, its size, its parts, and the longest single step."""

import codecs
import json
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.assistant.completion import read
from lib.assistant.decode import decode
from lib.assistant.documents import parse
from lib.assistant.encodings import text_of
from lib.assistant.exchange import MOST_BYTES, MOST_STREAM_BYTES, Reply
from lib.errors import AssistantError, AssistantOversizeError
from tests.cpu import cpu
from tests.hostile import EVENTS, JSON, PLAIN, REPLIES
from tests.steps import longest_step

pytestmark = pytest.mark.slow


def text(body, content_type=JSON):
    return decode(Reply(200, content_type, body if isinstance(body, bytes) else body.encode()))


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("utf-16", "utf-16"),
        ("UTF-16LE", "utf-16-le"),
        ("utf-16be", "utf-16-be"),
        ("utf-16", "utf-16-be"),
        ("iso-8859-1", "latin-1"),
        ("ISO_8859-1", "latin-1"),
        ("latin1", "latin-1"),
        ("us-ascii", "ascii"),
        ("windows-1252", "cp1252"),
    ],
)
def test_the_encodings_of_real_replies_are_read(charset, encoding):
    said = "Grüße, año" if encoding != "ascii" else "Hello"
    body = said.encode(encoding)
    if charset == "utf-16" and encoding == "utf-16-be":
        body = codecs.BOM_UTF16_BE + body
    assert text(body, f'{PLAIN}; charset="{charset}"') == said


# Every codec that Python 3 has under a name of its own, and some that are no text at all.
ODD = ["punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "rot13", "hex", "zip"]
ODD += ["base64", "bz2", "uu", "quopri", "mbcs", "undefined", "utf-32", "utf-8-sig", "charmap"]
ODD += ["gb18030", "big5", "shift_jis", "euc-kr", "hz", "iso2022_jp", "koi8-r", "cp437", "oem"]


@pytest.mark.parametrize("charset", ODD)
def test_any_other_name_of_an_encoding_means_utf_8(charset):
    assert text("Grüße +AGE- \\x41", f"{PLAIN}; charset={charset}") == "Grüße +AGE- \\x41"


@given(st.binary(max_size=300), st.sampled_from(["", "utf-16", "utf-16be", "cp1252", "latin1"]))
def test_bytes_are_read_in_pieces_as_they_would_be_at_once(body, charset):
    body *= 500
    read = text_of(Reply(200, f"{PLAIN}; charset={charset}", body))
    encoding = {"": "utf-8", "utf-16": "utf-16-le", "utf-16be": "utf-16-be"}.get(charset, charset)
    if charset == "utf-16" and body.startswith(codecs.BOM_UTF16_BE):
        encoding = "utf-16-be"
    assert read == body.decode(encoding, "replace").removeprefix("\ufeff")


def test_a_document_of_more_parts_than_any_reply_has_is_refused_by_name():
    many = "[" + "[]," * 30_000 + "[]]"
    with pytest.raises(AssistantOversizeError, match="parts"):
        text(f'{{"answer": "x", "metadata": {many}}}')
    with pytest.raises(AssistantOversizeError, match="parts"):
        text(f'x {{"answer": "x", "metadata": {many}}}', PLAIN)
    fewer = "[" + "[]," * 15_000 + "[]]"
    assert text(f'{{"answer": "x", "metadata": {fewer}}}') == "x"


def test_a_stream_of_more_events_than_any_answer_has_is_refused_by_name():
    with pytest.raises(AssistantOversizeError, match="events"):
        text("data:1\n\n" * 60_000 + 'data: {"answer": "x"}\n\n', EVENTS)
    pieces = 'data: {"chunk": "ab"}\n\n' * 40_000
    assert text(pieces + 'data: {"answer": "x"}\n\n', EVENTS) == "x"


def test_neither_an_event_nor_the_text_of_all_may_be_larger_than_any_other_reply():
    long = json.dumps({"chunk": "word " * 210_000})
    with pytest.raises(AssistantOversizeError, match="event"):
        text(f'data: {long}\n\ndata: {{"answer": "x"}}\n\n', EVENTS)
    half = json.dumps({"choices": [{"delta": {"content": "word " * 80_000}}]})
    stream = Reply(200, EVENTS, f"data: {half}\n\n".encode() * 3 + b"data: [DONE]\n\n")
    with pytest.raises(AssistantOversizeError, match="answer"):
        read(stream)


WIDE = (MOST_BYTES - 64) // 7
LARGEST = {
    "events": "data:1\n\n" * (MOST_STREAM_BYTES // 8),
    "lines of data": ("data:[\n" * WIDE + "\n") * 7,
    "numbers": ('data:{"a":[' + "0.1," * (MOST_BYTES // 4 - 50) + "0]}\n\n") * 7,
    "carriage returns": "\r" * MOST_STREAM_BYTES,
}


@pytest.mark.parametrize("name", LARGEST)
@pytest.mark.parametrize("reader", [decode, read])
def test_no_stream_of_the_largest_size_takes_long(reader, name):
    stream = Reply(200, EVENTS, LARGEST[name].encode())
    assert len(stream.body) <= MOST_STREAM_BYTES

    def work() -> None:
        with suppress(AssistantError):
            reader(stream)

    assert cpu(work, 1.5) < 1.5


def test_the_answer_is_found_before_many_documents_inside_it_and_behind_talk_of_some():
    inside = json.dumps({"answer": "It is so.", "sources": [{"answer": n} for n in range(90)]})
    assert text(f'Send {{"answer": [1, 2, {{"answer": "x. {inside}', PLAIN) == "It is so."


@pytest.mark.parametrize("name", REPLIES)
def test_no_reply_takes_long_whatever_it_is_made_of(name):
    kind, body = REPLIES[name]
    assert len(body if isinstance(body, bytes) else body.encode()) <= MOST_BYTES

    def read() -> None:
        with suppress(AssistantError):
            text(body, kind)

    assert cpu(read, 1.5) < 1.5


# Fifty thousand events are as many steps, and take a debugger's view of each very long.
@pytest.mark.parametrize("name", [name for name in REPLIES if not name.startswith("events")])
def test_no_single_step_of_a_reply_keeps_other_threads_waiting(name):
    kind, body = REPLIES[name]

    def work():
        with suppress(AssistantError):
            text(body, kind)

    assert longest_step(work, 0.1) < 0.1  # 50 ms, and as much for a slow machine


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=30,
)


@given(VALUES)
@settings(max_examples=100)
def test_every_other_document_is_read_as_it_is(value):
    assert parse(json.dumps(value)) == value


def test_a_document_too_deep_to_read_is_none():
    with pytest.raises(ValueError):
        parse("[" * 20_000 + "]" * 20_000 if sys.getrecursionlimit() < 20_000 else "[")
