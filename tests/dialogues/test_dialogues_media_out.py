"""Answers with pictures, files, places and contacts, on a whole gateway over real HTTP."""

from contextlib import contextmanager

import pytest
from flask import Flask, jsonify

from lib.model import TurnState
from simulator.server import serve
from tests.local_gateway import ANN, local_gateway

CAT = "https://example.com/cat.png"
PAPER = "https://example.com/paper.pdf"


class Assistant:
    """Says what it is told to."""

    def __init__(self):
        self.says = ""
        self.app = Flask(__name__)
        self.app.post("/vac/assistant/<name>")(self.answer)

    def answer(self, **_):
        return jsonify(answer=self.says)


class Table:
    """A gateway, and the person in front of it."""

    def __init__(self, local, assistant):
        self.local, self.assistant = local, assistant
        self.message = None

    def ask(self, answer):
        """Ask something that is answered so; return what comes."""
        self.assistant.says = answer
        before = len(self.sent())
        self.message = self.local.message("A question")
        assert self.local.hand_over(self.message)
        return self.sent()[before:]

    def sent(self):
        """What came: words, or where a file is and its caption, or a place."""
        return [_shown(one) for one in self.messages()]

    def messages(self):
        self.local.account.carrier.close()
        return [one for one in self.local.account.messages.all() if one.to == f"whatsapp:{ANN}"]

    @property
    def turn(self):
        return self.local.gateway.stores().turns.find(self.message.id)


def _shown(message):
    if message.place is not None:
        place = message.place
        return f"<{place.latitude},{place.longitude} {place.label}> {message.body}"
    urls = "".join(f"<{url}> " for url in message.media_urls)
    return f"{urls}{message.body}".strip()


@contextmanager
def table_at(folder, **settings):
    assistant = Assistant()
    with serve(assistant.app) as server, local_gateway(folder, url=server.url, **settings) as local:
        yield Table(local, assistant)


@pytest.fixture
def table(tmp_path):
    with table_at(tmp_path) as ready:
        yield ready


def test_a_picture_and_a_file_follow_the_words(table):
    answer = (
        f"Here is the chart:\n\n![Sales of **May**]({CAT})\n\n"
        f"And the paper:\n\n- [The paper]({PAPER})\n\nAsk me more."
    )
    assert table.ask(answer) == [
        "Here is the chart:\n\nAnd the paper:\n\n- The paper\n\nAsk me more.",
        f"<{CAT}> Sales of *May*",
        f"<{PAPER}>",
    ]
    assert table.turn.state is TurnState.DELIVERED


def test_an_answer_may_be_a_picture_and_nothing_else(table):
    assert table.ask(f"![A cat]({CAT})") == [f"<{CAT}> A cat"]


def test_a_place_comes_as_a_pin(table):
    assert table.ask("Meet here:\n\n[Brandenburg Gate](geo:52.5163,13.3777)") == [
        "Meet here:",
        "<52.5163,13.3777 Brandenburg Gate> Brandenburg Gate",
    ]


def test_a_contact_comes_as_a_card_where_cards_can_be_kept(table):
    words = "Ask her:\n\n[Ann Example](tel:+49-170-1234567)"
    assert table.ask(words) == ["Ask her:\n\nAnn Example (tel:+49-170-1234567)"]


def test_a_card_is_kept_for_its_person_alone(tmp_path):
    with table_at(tmp_path, media_url="http://127.0.0.1:9") as table:
        first, card = table.ask("Ask her:\n\n[Ann Example](tel:+49-170-1234567)")
        store = table.local.gateway.media_store()
        *_, token, name = card.strip("<>").split("/")
        medium = store.open(token, name)
        kept = store.delete(ANN)
    assert first == "Ask her:"
    assert card.startswith("<http://127.0.0.1:9/whatsapp/media/")
    assert card.endswith("/Ann-Example.vcf>")
    assert kept == 1
    assert medium.content_type == "text/vcard"
    assert medium.data == (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Ann Example;;;;\r\nFN:Ann Example\r\n"
        b"TEL;TYPE=CELL:+491701234567\r\nEND:VCARD\r\n"
    )


def test_a_preview_of_a_file_is_the_file(table):
    answer = f'See:\n\n<preview uri="{PAPER}" type="application/pdf" name="The paper"/>'
    assert table.ask(answer) == ["See:\n\n- The paper", f"<{PAPER}>"]


def test_of_many_media_four_come_and_the_others_stay_links(table):
    answer = "\n\n".join(f"![Cat {n}](https://example.com/{n}.png)" for n in range(6))
    words, *media = table.ask(answer)
    assert words == ("Cat 4 (https://example.com/4.png)\n\nCat 5 (https://example.com/5.png)")
    assert media == [f"<https://example.com/{n}.png> Cat {n}" for n in range(4)]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/cat.png",
        "https://user:word@example.com/cat.png",
        "https://10.0.0.1/cat.png",
        "https://metadata.google.internal/cat.png",
        "https://example.com:8443/cat.png",
        "https://example.com/cat.webp",
        "https://example.com/cat.svg",
        "https://example.com/cat",
        "https://example.com/.png",
    ],
)
def test_what_twilio_should_not_fetch_or_whatsapp_does_not_take_stays_a_link(table, url):
    assert table.ask(f"![A cat]({url})") == [f"A cat ({url})"]


def test_with_media_out_off_everything_stays_a_link(tmp_path):
    with table_at(tmp_path, media_out=False) as table:
        assert table.ask(f"![A cat]({CAT})\n\n[Gate](geo:52.5,13.4)") == [
            f"A cat ({CAT})\n\nGate (geo:52.5,13.4)"
        ]


def test_what_was_sent_is_told_by_explain_as_parts_of_the_answer(table):
    table.ask(f"Look:\n\n![A cat]({CAT})")
    before = len(table.sent())
    assert table.local.hand_over(table.local.message("/why"))
    assert "2" in "".join(table.sent()[before:])


def test_history_keeps_what_the_assistant_wrote(table):
    written = f"Look:\n\n![A cat]({CAT})"
    table.ask(written)
    session = table.local.gateway.stores().conversations.read(ANN, "").session
    assert session.recent[-1].answer == written
