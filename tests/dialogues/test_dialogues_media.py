"""What people are told when they send pictures, documents and contact cards, on a whole gateway."""

import io
import zipfile
from contextlib import contextmanager

import pytest
from flask import Flask, jsonify, request
from PIL import Image

from lib.model import Media, MessageKind
from simulator.server import serve
from tests.local_gateway import ANN, local_gateway

CARD = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\n"
    b"TEL;TYPE=CELL:+49 170 1234567\r\nEND:VCARD\r\n"
)


class Assistant:
    """A model behind chat completions, which tells what it was asked, in words and pictures."""

    def __init__(self):
        self.asked = []
        self.sees = True
        self.app = Flask(__name__)
        self.app.post("/v1/chat/completions")(self.complete)

    def complete(self):
        messages = request.get_json()["messages"]
        content = messages[-1]["content"]
        if isinstance(content, list) and not self.sees:
            return jsonify(error={"message": "image_url is not supported by this model"}), 400
        self.asked.append(messages)
        return jsonify(choices=[{"message": {"content": "I see."}, "finish_reason": "stop"}])

    @property
    def words(self):
        """The words of the last question."""
        content = self.asked[-1][-1]["content"]
        return content if isinstance(content, str) else content[0]["text"]

    @property
    def pictures(self):
        """The types of the pictures of the last question."""
        content = self.asked[-1][-1]["content"]
        parts = content[1:] if isinstance(content, list) else []
        return [one["image_url"]["url"].partition(";")[0] for one in parts]


@contextmanager
def set_up(folder, **settings):
    assistant = Assistant()
    with (
        serve(assistant.app) as server,
        local_gateway(
            folder, url=f"{server.url}/v1", backend="openai", model="words", **settings
        ) as table,
    ):
        yield table, assistant


@pytest.fixture
def both(tmp_path):
    with set_up(tmp_path) as ready:
        yield ready


def picture(kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind)
    return file.getvalue()


def word(text):
    file = io.BytesIO()
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", relations)
        archive.writestr("word/document.xml", body)
    return file.getvalue()


def send(table, *media, text="", kind=MessageKind.MEDIA):
    return table.say(text, kind=kind, media=media)


def test_a_picture_is_shown_to_the_assistant(both):
    table, assistant = both
    assert send(table, table.medium("image/png", picture()), text="What is it?") == ["I see."]
    assert assistant.words == "What is it?\n\n[Picture]"
    assert assistant.pictures == ["data:image/jpeg"]


def test_several_pictures_are_one_question(both):
    table, assistant = both
    media = [table.medium("image/png", picture()), table.medium("image/jpeg", picture("JPEG"))]
    assert send(table, *media) == ["I see."]
    assert assistant.words == "[Picture]\n\n[Picture]"
    assert len(assistant.pictures) == 2


def test_a_picture_is_not_shown_again_with_the_next_question(both):
    table, assistant = both
    send(table, table.medium("image/png", picture()), text="What is it?")
    table.say("And what colour has it?")
    assert assistant.pictures == []
    assert [one["content"] for one in assistant.asked[-1]][-3] == "What is it?\n\n[Picture]"


def test_an_assistant_that_cannot_see_is_told_that_there_is_a_picture_and_the_person_too(both):
    table, assistant = both
    assistant.sees = False
    (answer,) = send(table, table.medium("image/png", picture()), text="What is it?")
    assert answer == (
        "I see.\n\n_This assistant cannot see pictures, so it was told only that there are some._"
    )
    assert assistant.pictures == []
    assert assistant.words.startswith("What is it?\n\n[Picture]")
    assert "could not be shown" in assistant.words


def test_the_text_of_a_document_reaches_the_assistant(both):
    table, assistant = both
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    medium = table.medium(kind, word("The meeting is at noon."), "Plan.docx")
    assert send(table, medium, text="When?") == ["I see."]
    assert assistant.words == "When?\n\n[Document “Plan.docx”]\n```\nThe meeting is at noon.\n```"


def test_a_document_cannot_end_the_fence_around_it(both):
    table, assistant = both
    send(table, table.medium("text/plain", b"one\n````\ntwo", "a.txt"), text="Well?")
    assert assistant.words.endswith("\n`````\none\n````\ntwo\n`````")


def test_later_questions_know_the_beginning_of_a_document_only(both):
    table, assistant = both
    send(table, table.medium("text/plain", b"word " * 4000, "long.txt"), text="Well?")
    assert len(assistant.words) > 19_000
    table.say("And now?")
    before = assistant.asked[-1][-3]["content"]
    assert before.startswith("Well?\n\n[Document “long.txt”]\n```\nword word")
    assert 1_900 < len(before) < 2_200


def test_a_contact_card_is_read(both):
    table, assistant = both
    medium = table.medium("text/vcard", CARD)
    assert send(table, medium, kind=MessageKind.SHARED_CONTACT) == ["I see."]
    assert "Ann Example" in assistant.words
    assert "+49 170 1234567" in assistant.words


PROTECTED = "The document is protected by a password, so I cannot read it."
DAMAGED = "I could not read what you attached. Is the file damaged?"
UNHEARD = "I cannot listen to recordings yet. Please write it to me."
OTHER = "I cannot read this kind of file. I read pictures, PDF, Word, PowerPoint, Excel and text."


@pytest.mark.parametrize(
    ("content_type", "data", "answer"),
    [
        ("image/png", picture()[:40], DAMAGED),
        ("image/png", b"", DAMAGED),
        ("application/pdf", b"%PDF-1.7 nothing more", DAMAGED),
        ("image/jpeg", b"<!DOCTYPE html><title>Error</title>", DAMAGED),
        ("audio/ogg", b"OggS" + bytes(100), UNHEARD),
        ("video/mp4", b"\0\0\0\x18ftypmp42" + bytes(100), OTHER),
        ("application/zip", b"PK\x03\x04" + bytes(100), OTHER),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_nobody_is_asked(both, content_type, data, answer):
    table, assistant = both
    assert send(table, table.medium(content_type, data)) == [answer]
    assert assistant.asked == []


def test_what_lies_where_nobody_looks_is_not_fetched(both):
    table, assistant = both
    foreign = Media("http://169.254.169.254/latest/meta-data", "image/png")
    answer = "I could not get what you attached. Please try again later, or write it to me."
    assert send(table, foreign) == [answer]
    assert assistant.asked == []


def test_with_words_beside_it_the_assistant_is_asked_and_told_what_is_missing(both):
    table, assistant = both
    (answer,) = send(table, table.medium("audio/ogg", b"OggS" + bytes(9)), text="And this?")
    assert assistant.words == (
        "And this?\n\n[Recording of type audio/ogg, which could not be heard]"
    )
    assert answer == f"I see.\n\n_{UNHEARD}_"


def test_one_fault_keeps_nothing_else_from_being_read(both):
    table, assistant = both
    media = [table.medium("image/png", b"\x89PNG\r\n\x1a\n"), table.medium("image/png", picture())]
    (answer,) = send(table, *media)
    assert len(assistant.pictures) == 1
    assert answer == f"I see.\n\n_{DAMAGED}_"


def test_what_is_gone_at_twilio_is_asked_for_again(both, monkeypatch):
    table, assistant = both
    monkeypatch.setattr(table.gateway.media_reader().fetcher, "_pauses", (0.01, 0.01))
    medium = table.medium("image/png", picture())
    table.account.media.remove(medium.url.rpartition("/")[2])
    answer = ["What you attached is no longer there. Please send it again."]
    assert send(table, medium) == answer
    assert assistant.asked == []


def test_history_keeps_what_was_understood_and_no_address_of_a_medium(both):
    table, _ = both
    send(table, table.medium("text/plain", b"Good day.", "day.txt"), text="Well?")
    entries = [one.document for _, one in table.gateway.stores().history.documents_of(ANN)]
    texts = [one["content"] for one in entries]
    assert "Well?\n\n[Document “day.txt”]\n```\nGood day.\n```" in texts
    assert not [one for one in texts if "http" in one]


def test_with_media_off_an_assistant_is_told_type_and_address(tmp_path):
    with set_up(tmp_path, media=0) as (table, assistant):
        medium = table.medium("image/png", picture())
        assert send(table, medium, text="What is it?") == ["I see."]
        assert assistant.words == f"What is it?\n\n[Attachment: image/png {medium.url}]"
