"""What people send and get besides words, on the staged functions with a bucket that is played."""

import re
from contextlib import ExitStack

import pytest
import requests
from flask import Flask, Response, jsonify, request
from google.cloud import firestore

from simulator.assistants import app as assistants
from simulator.assistants.demo import Demo
from simulator.server import serve
from tests import office, papers, recordings
from tests.bucket import bucket
from tests.cloud import Cloud, stage
from tests.exported import unpacked
from tests.pictures import quarters, saved
from tests.processes import ROOT, wait_for
from tests.sample import sid

OFFICE = "application/vnd.openxmlformats-officedocument"
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nTEL;type=CELL:+49 170 1234567\r\nEND:VCARD\r\n"
)
SPOKEN = recordings.mp3(1, title=b"what was said aloud")
SENT = {
    "photo": ("image", "image/jpeg", saved(quarters(300, 200), "JPEG", quality=95)),
    "paper": ("document", "application/pdf", papers.paper(["The meeting is at noon."], ["Bye."])),
    "scan": ("document", "application/pdf", papers.scan()),
    "sheet": (
        "document",
        f"{OFFICE}.spreadsheetml.sheet",
        office.xlsx({"Stock": '<row r="1"><c r="A1"><v>4711</v></c><c r="B1"><v>12</v></c></row>'}),
    ),
    "deck": (
        "document",
        f"{OFFICE}.presentationml.presentation",
        office.pptx({"slide1.xml": office.drawn("Our plan", "is simple")}),
    ),
    "voice note": ("audio", "audio/ogg", recordings.opus(4)),
    "contact": ("contacts", "text/vcard", CARD.encode()),
}
RIGHT = {
    "photo": ("300 × 200 pixels, wide; JPEG", "red, green, blue, white"),
    "paper": ("2 pages", "The meeting is at noon."),
    "scan": ("The document has pictures of its pages only and no text that I could read.",),
    "sheet": ("Stock", "4711"),
    "deck": ("Our plan is simple",),
    "voice note": ("> Where is the library?", "*A voice note* of 4 s. The gateway heard 4 words"),
    "contact": ("*A contact*", "Ann Example", "+49 170 1234567"),
}


class Audio:
    """A server that hears and speaks; ``asked`` is what it was asked to say."""

    def __init__(self):
        self.asked = []
        self.app = Flask(__name__)
        self.app.post("/v1/audio/transcriptions")(self.transcribe)
        self.app.post("/v1/audio/speech")(self.speak)

    def transcribe(self):
        assert request.files["file"].read() == recordings.opus(4)
        return jsonify(text="Where is the library?", language="english")

    def speak(self):
        self.asked.append(request.get_json()["input"])
        return Response(SPOKEN, content_type="audio/mpeg")


@pytest.fixture(scope="module")
def world(firestore_emulator, pubsub_emulator, tmp_path_factory):
    build = stage(tmp_path_factory.mktemp("staged"))
    with ExitStack() as stack:
        cloud = Cloud(tmp_path_factory.mktemp("cloud"), firestore_emulator, pubsub_emulator, stack)
        demo = stack.enter_context(serve(assistants.create_app(Demo(ROOT)))).url
        cloud.assistants, audio = f"{demo}/v1", Audio()
        url = stack.enter_context(serve(audio.app)).url
        settings = cloud.keeping(stack.enter_context(bucket()))
        settings |= {"ASSISTANT_BACKEND": "openai", "ASSISTANT_MODEL": "observer"}
        settings |= {"TRANSCRIBE_URL": f"{url}/v1", "SPEAK_URL": f"{url}/v1"}
        echo = {"name": "Echo", "enabled": True, "backend": "openai", "model": "echo"}
        firestore.Client(project=cloud.project).document("assistants/echo").set(echo)
        for name in ("webhook", "responder", "status", "media"):
            stack.enter_context(cloud.function(build, name, **settings))
        cloud.subscribe()
        yield cloud, audio


def answered(cloud, label, person, text="", *, count=1, **fields):
    """Send something; return the messages that come, when all of them were carried."""
    before = len(messages(cloud, person))
    assert cloud.post(sid(label), text, person, **fields) == 200

    def carried():
        got = messages(cloud, person)[before:]
        return len(got) >= count and all(one.status == "read" for one in got) and got

    return wait_for(carried, 60)


def messages(cloud, person):
    return [one for one in cloud.account.messages.all() if one.to == f"whatsapp:{person}"]


@pytest.mark.parametrize("what", SENT)
def test_what_is_sent_gets_the_right_answer(world, what):
    cloud, audio = world
    kind, content_type, data = SENT[what]
    number = list(SENT).index(what)
    medium = cloud.medium(content_type, data, kind=kind)
    is_spoken = what == "voice note"
    person, count = f"+155500400{number:02}", 2 if is_spoken else 1
    said, *others = answered(cloud, f"SMm{number}", person, count=count, **medium)
    assert [part for part in RIGHT[what] if part not in said.body] == []
    assert len(others) == is_spoken
    if is_spoken:
        (spoken,) = others
        assert spoken.media_urls[0].startswith(f"{cloud.url('media')}/whatsapp/media/")
        (fetched,) = map(cloud.account.media.get, spoken.media)
        assert (fetched.data, fetched.content_type) == (SPOKEN, "audio/mpeg")
        assert fetched.name == "answer.mp3"
        assert [words.startswith("A voice note of 4 s.") for words in audio.asked] == [True]


def test_a_place_gets_the_right_answer(world):
    place = {"Latitude": "55.6761", "Longitude": "12.5683", "Label": "Town hall"}
    (said,) = answered(world[0], "SMm7", "+15550040007", MessageType="location", **place)
    assert "*A place*: Town hall" in said.body
    assert "55.676100" in said.body


def test_a_contact_in_an_answer_is_a_card_that_twilio_fetches(world):
    cloud, person = world[0], "+15550040008"
    answered(cloud, "SMm8", person, "/switch echo")
    asked = "[Ann Example](tel:+49-170-1234567)"
    said, card = answered(cloud, "SMm9", person, asked, count=2)
    assert "You said:" in said.body
    (fetched,) = map(cloud.account.media.get, card.media)
    assert (fetched.name, fetched.content_type) == ("Ann-Example.vcf", "text/vcard")
    assert b"\r\nTEL;TYPE=CELL:+491701234567\r\n" in fetched.data


def test_an_export_is_fetched_from_the_function_that_serves_media(world):
    cloud, person = world[0], "+15550040009"
    answered(cloud, "SMma", person, "/switch echo")
    answered(cloud, "SMmb", person, "[Ann Example](tel:+49-170-1234567)", count=2)
    (said,) = answered(cloud, "SMmc", person, "/export")
    (url,) = re.findall(r"http\S+/export\.zip", said.body)
    assert url.startswith(f"{cloud.url('media')}/whatsapp/media/")
    answer = requests.get(url, timeout=10)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="export.zip"'
    got = unpacked(answer.content)
    assert "Ann Example" in got.page
    assert got.names == ["media/1-Ann-Example.vcf", "export.json", "index.html"]
    assert [one["id"] for one in got.document["sessions"]] == [person]
    (again,) = answered(cloud, "SMmd", person, "/export")
    assert url in again.body
