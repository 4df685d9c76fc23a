"""Media in the documents of turns, as this version and the one before it read them."""

import pytest

from lib.errors import NewerDocumentError
from lib.model import Chunk, ChunkKind, ChunkState, OutboundKind, OutboundMedia
from lib.storage.stores.chunk_documents import chunk_document, read_chunk

CAT = OutboundMedia(OutboundKind.PICTURE, "https://example.com/cat.png", "A cat", "cat.png")


def test_who_knows_nothing_of_media_sends_the_text():
    document = chunk_document(Chunk("A cat (link)", ChunkState.SENDING, media=CAT))
    known = {"text", "state", "sid", "opened_at", "failures", "copies"}
    assert {name for name in document if name not in known} == {"media"}
    assert (document["text"], document["state"]) == ("A cat (link)", "sending")


def test_a_voice_is_named_so_that_nobody_takes_it_for_a_text():
    voice = Chunk("", kind=ChunkKind.VOICE, media=CAT)
    assert chunk_document(voice)["kind"] == "voice"
    assert read_chunk(chunk_document(voice)) == voice


def test_a_medium_of_a_newer_version_is_left_to_that():
    document = chunk_document(Chunk("text", media=CAT))
    document["media"] = {**document["media"], "kind": "hologram"}
    with pytest.raises(NewerDocumentError):
        read_chunk(document)


@pytest.mark.parametrize("media", [None, 7, "x", [1]])
def test_what_is_no_medium_is_none(media):
    assert read_chunk({"text": "a", "media": media}).media is None
