"""The largest turns there can be, measured as Firestore counts them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.model import Chunk, ChunkState, InboundMessage, OutboundKind, OutboundMedia
from lib.queue.envelope import _MOST_DATA_BYTES
from lib.reply.chunks import split
from lib.reply.rendering import MOST_CHUNKS, render
from lib.reply.texts import PART_LOST, SHORTENED
from lib.storage.stores.turn_documents import turn_document
from lib.turn import chunks, forms, moves
from lib.turn.refused import SMALLER_UNITS
from lib.turn.size import MOST_BYTES, enclosable, fitting
from tests.turns import started

pytestmark = pytest.mark.slow

LIMIT = 1_048_576
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MESSAGE = InboundMessage("S" * 256, "+15550001111", NOON)
UNITS = [
    "字",
    "字。",
    "é",
    "x",
    "😀",
    "👨‍👩‍👧‍👦",
    "क्",
    "字 ",
    "*字* ",
    "> 字\n",
    "字\n",
    "字\n\n",
    "! ",
    "**字**字",
]
UNITS += [
    "| 字 | 字 |\n|---|---|\n| 字 | 字 |\n\n",
    "- 字\n",
    "```\n字\n```\n",
    "~~*字 **字** 字*~~ ",
]


def size(value):
    """The bytes of a value (Firestore's documentation, "Storage size calculations")."""
    match value:
        case None | bool():
            return 1
        case str():
            return len(value.encode()) + 1
        case dict():
            return sum(size(name) + size(one) for name, one in value.items())
        case list():
            return sum(map(size, value))
    return 8


def document_size(turn):
    name = size("whatsapp_turns") + size(turn.id) + 16
    return name + size(turn_document(turn)) + 32


def split_again(turn):
    """The turn when each of its chunks was refused as too long, the smaller ones were sent, and
    the last one failed.
    """
    while (chunk := chunks.open_chunk(turn)) is not None:
        smaller = split(chunk.text, SMALLER_UNITS)
        if len(smaller) > 1:
            turn = forms.resplit(turn, smaller, NOON, NOON)
        turn = moves.close(turn, "SM" + "0" * 32, NOON, NOON)
    return moves.apologise(turn, PART_LOST, NOON, NOON)


def answered(chunks, payload):
    fit = fitting(chunks, payload, SHORTENED)
    return moves.answer(started(MESSAGE, payload, NOON, NOON), fit, NOON, NOON)


@pytest.mark.thorough
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("payload_bytes", [2_000, _MOST_DATA_BYTES])
def test_the_largest_turn_fits_into_a_document_also_when_its_chunks_are_split_again(
    unit, payload_bytes
):
    chunks = (*split(unit * (200_000 // len(unit)))[:MOST_CHUNKS], SHORTENED)
    turn = split_again(answered(chunks, "p" * payload_bytes))
    assert document_size(turn) < LIMIT
    assert all(chunk.state is ChunkState.SENT for chunk in turn.chunks[:-1])


@pytest.mark.parametrize("unit", ["字", "x", "😀"])
def test_beside_the_longest_real_message_no_answer_loses_anything(unit):
    chunks = render(unit * 200_000).chunks
    assert fitting(chunks, "p" * 48_000, SHORTENED) == chunks


def test_beside_a_monstrous_message_an_answer_is_shortened_and_says_so():
    chunks = render("字" * 160_000).chunks
    fit = fitting(chunks, "p" * _MOST_DATA_BYTES, SHORTENED)
    assert 30 < len(fit) < len(chunks)
    assert fit == (*chunks[: len(fit) - 1], SHORTENED)


@given(
    st.lists(st.text(max_size=1600), max_size=120),
    st.integers(min_value=0, max_value=MOST_BYTES + 100),
)
@settings(max_examples=50, deadline=None)
def test_what_fits_is_the_beginning_and_all_of_it_wherever_possible(chunks, payload_bytes):
    fit = fitting(chunks, "p" * payload_bytes, SHORTENED)
    if fit != tuple(chunks):
        assert fit[-1] == SHORTENED
        assert fit[:-1] == tuple(chunks[: len(fit) - 1])
        assert payload_bytes + sum(len(c.encode()) + 1024 for c in chunks) > MOST_BYTES


def medium(letter, size):
    shown = OutboundMedia(OutboundKind.PICTURE, "https://example.com", letter * size)
    return Chunk("as text", media=shown)


@pytest.mark.parametrize("unit", ["字", "x"])
@pytest.mark.parametrize("payload_bytes", [2_000, _MOST_DATA_BYTES])
def test_the_largest_media_fit_beside_the_largest_answer(unit, payload_bytes):
    chunks = (*split(unit * 200_000)[:MOST_CHUNKS], SHORTENED)
    enclosed = enclosable([medium(letter, 30_000) for letter in "abcdefghij"])
    fit = fitting(chunks, "p" * payload_bytes, SHORTENED, enclosed)
    beginning = started(MESSAGE, "p" * payload_bytes, NOON, NOON)
    turn = split_again(moves.answer(beginning, fit, NOON, NOON, enclosed=enclosed))
    assert document_size(turn) < LIMIT
    assert [one.media.caption[0] for one in turn.chunks if one.media] == list("abcdef")


def test_a_medium_that_no_turn_should_hold_is_left_out():
    assert enclosable([medium("a", 40_000), medium("b", 10)]) == (medium("b", 10),)
