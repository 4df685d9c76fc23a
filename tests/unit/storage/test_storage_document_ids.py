"""Ids as Firestore takes them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.storage.document_ids import DocumentIdError, from_document_id, to_document_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@given(TEXT)
@example(".")
@example("..")
@example("__")
@example("___")
@example("____")
@example("__x\n__")
@example("%2F")
@example("a/b")
def test_every_text_becomes_an_id_that_is_allowed_and_turns_back(raw):
    escaped = to_document_id(raw)
    assert from_document_id(escaped) == raw
    assert "/" not in escaped
    assert escaped not in {".", ".."}
    # Both ends are there only in four signs and more.
    assert not (escaped[:2] == "__" == escaped[2:][-2:])


@pytest.mark.parametrize(
    "plain",
    ["+15550001111", "US.ENT.1A2B", "SM0_-", "+1555@whatsapp.user", "__x", "__", "___", "...", "é"],
)
def test_an_id_without_anything_special_stays_as_it_is(plain):
    assert to_document_id(plain) == plain


@pytest.mark.parametrize("impossible", ["", "é" * 751, "/" * 501, "\ud83d"])
def test_an_id_that_cannot_be_one_is_refused(impossible):
    with pytest.raises(DocumentIdError):
        to_document_id(impossible)


def test_the_longest_id_is_taken():
    assert to_document_id("é" * 750) == "é" * 750
