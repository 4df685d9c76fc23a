"""Everything that is kept of a person, given to them: the link, and what is behind it."""

import logging
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from lib.conversation.merging import merge
from lib.errors import StoreError
from lib.model import Choice, DeadLetter, MessageKind
from lib.ports.media_store import StoredMedium
from lib.queue.envelope import encode
from tests.exported import BASE, LINK, browser, fetched, link_in
from tests.local_gateway import local_gateway
from tests.sentences import HELP

pytestmark = pytest.mark.slow

ANN, BEN = "+15550001111", "+15550002222"
READY = "📦 This file has everything that I keep of you, to read and for programs:"
UNTIL = "The link works until {} UTC, for everybody who has it: please do not pass it on."
SPOKEN = StoredMedium(b"ID3 spoken", "audio/mpeg", "answer.mp3")
CODE = "K7QF-3M9X"
LINE = "/export - Get everything that is kept of you"


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, media_url=BASE) as table:
        yield table


def everything(table, collection=""):
    with table.gateway.database().reading() as connection:
        found = connection.execute("SELECT collection, id, body FROM documents").fetchall()
    return "\n".join(repr(one) for one in found if collection in {"", one[0]})


def test_a_person_gets_a_link_that_says_how_long_it_works(table):
    before = datetime.now(UTC)
    (said,) = table.say("/export")
    first, link, last = said.split("\n\n")
    assert first == READY
    assert LINK.fullmatch(link)
    hours = [(before + timedelta(hours=1, seconds=n)).strftime("%H:%M") for n in (0, 30)]
    assert last in {UNTIL.format(hour) for hour in hours}


def test_what_is_behind_it_is_what_is_kept_of_them(table):
    table.say("my cat is called Zerberus", profile_name="Ann Smith", user_id="US.ANN1")
    table.say("STOP", profile_name="Ann Smith", user_id="US.ANN1")
    table.say("my dog is called Fenris", BEN, profile_name="Ben Jones")
    (said,) = table.say("/export", profile_name="Ann Smith", user_id="US.ANN1")
    got = fetched(table.gateway, said)
    assert got.names == ["export.json", "index.html"]
    document = got.document
    assert document["version"] == 1
    assert datetime.fromisoformat(document["made_at"]).tzinfo is not None
    assert document["person"]["contact"] == ANN
    assert document["person"]["names"] == [ANN, "US.ANN1"]
    (session,) = document["sessions"]
    assert session["display_name"] == "Ann Smith"
    assert session["recent"][0]["question"] == "my cat is called Zerberus"
    assert [one["id"] for one in document["links"]] == ["US.ANN1"]
    (consent,) = document["consents"]
    assert (consent["state"], consent["wording"]) == ("revoked", "STOP")
    said_by = [(one["role"], one["content"].splitlines()[0]) for one in document["messages"]]
    assert said_by[0] == ("user", "my cat is called Zerberus")
    assert said_by[2] == ("user", "STOP")
    assert len(document["turns"]) == 3
    assert document["turns"][0]["message"]["text"] == "my cat is called Zerberus"
    assert document["deliveries"]
    for word in ("Fenris", "Ben Jones", "15550002222"):
        assert word not in got.page + repr(document)


def test_the_page_is_a_dialogue_to_read(table):
    table.say("my cat is called Zerberus")
    page = fetched(table.gateway, table.say("/export")[0]).page
    assert "<title>Everything that is kept of you</title>" in page
    assert re.search(r"As of \d{4}-\d\d-\d\d \d\d:\d\d UTC", page)
    (theirs,) = re.findall(r'<article class="user">.*?</article>', page, re.DOTALL)
    assert "<bdi>You</bdi>" in theirs
    assert '<p dir="auto">my cat is called Zerberus</p>' in theirs
    assert re.search(r'<time datetime="[^"]+">\d{4}-\d\d-\d\d \d\d:\d\d UTC</time>', theirs)
    assert '<article class="assistant">' in page
    shown = r'<dt>created_at</dt><dd dir="auto">\d{4}-\d\d-\d\d \d\d:\d\d UTC</dd>'
    assert re.search(shown, page)
    assert page.index("Zerberus</p>") < page.index('<article class="assistant">')


def test_it_is_in_the_language_of_the_person(table):
    table.say("/language de")
    (said,) = table.say("/exportieren")
    assert said.startswith("📦 Diese Datei enthält alles, was ich über dich speichere")
    page = fetched(table.gateway, said).page
    assert '<h1 dir="auto">Alles, was über dich gespeichert ist</h1>' in page


def test_in_a_language_from_right_to_left_the_link_stands_by_itself(table):
    table.say("/language ar")
    said = table.say("/export")[0].split("\n")
    assert LINK.fullmatch(said[2])


def test_help_names_it_where_it_can_be_given(table, tmp_path):
    forget = "/forget - Delete everything that is kept of you"
    assert table.say("/help") == [HELP.replace(forget, f"{LINE}\n{forget}")]


def test_where_nobody_could_fetch_it_a_sentence_says_whom_to_ask(tmp_path):
    with local_gateway(tmp_path) as table:
        (said,) = table.say("/export")
        assert said == (
            "📦 There is no place here from which you could get a file. Ask whoever runs this "
            "number for what is kept of you."
        )
        assert table.say("/help") == [HELP]
        assert not (tmp_path / "exports").exists()


def test_within_the_hour_it_is_the_same_link(table):
    (first,) = table.say("/export")
    table.say("my cat is called Zerberus")
    (second,) = table.say("/export")
    assert second == first
    assert "Zerberus" not in fetched(table.gateway, second).page


def test_the_link_stands_in_no_history_and_is_told_to_no_assistant(table, caplog):
    caplog.set_level(logging.DEBUG, "lib")
    (said,) = table.say("/export")
    token = link_in(said).split("/")[3]
    kept = everything(table, "messages")
    assert "A link to everything that I keep of you." in kept
    assert token not in kept + everything(table, "whatsapp_sessions")
    sid = table.resources()[-1]["sid"]
    (answer,) = table.say("what is this?", reply_to=sid)
    assert "/whatsapp/media/…/export.zip" in answer
    assert token not in answer
    assert token not in caplog.text
    again = fetched(table.gateway, said)
    assert token not in again.page + repr(again.document)


def test_an_export_holds_no_link_to_an_earlier_one(table):
    (said,) = table.say("/export")
    token = link_in(said).split("/")[3]
    table.gateway.kept_media().exports.delete(ANN)
    got = fetched(table.gateway, table.say("/export")[0])
    assert token not in repr(got.document) + got.page
    assert "/whatsapp/media/…/export.zip" in repr(got.document["turns"])


def test_a_code_stands_in_no_export(table):
    for number, text in enumerate([f"/login {CODE}", CODE.lower(), f"/einloggen {CODE}"]):
        payload = encode(table.message(text))[0].decode()
        letter = DeadLetter(f"SM{number}", "gone", payload, datetime.now(UTC), "", contact=ANN)
        table.gateway.stores().dead_letters.keep(letter)
    got = fetched(table.gateway, table.say("/export")[0])
    assert {one["message"]["text"] for one in got.document["dead_letters"]} == {"/login …"}
    assert "k7qf" not in (repr(got.document) + got.page).lower()


def test_whoever_opens_it_twice_gets_it_twice_and_saves_it(table):
    path = link_in(table.say("/export")[0])
    with browser(table.gateway) as client:
        assert client.head(path).status_code == 200
        first, second = client.get(path), client.get(path)
    assert first.data == second.data
    assert first.headers["Content-Disposition"] == 'attachment; filename="export.zip"'
    assert first.headers["Content-Type"] == "application/zip"
    assert first.headers["Cache-Control"] == "private, no-store"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert first.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_that_is_none_says_what_to_send(table):
    path = link_in(table.say("/export")[0])
    token = path.split("/")[3]
    table.gateway.media_store().put(ANN, "x", SPOKEN)
    wrong = [path.replace(token, token[::-1]), path.replace(token, "x"), f"{path}x"]
    with browser(table.gateway) as client:
        told = [client.get(one) for one in wrong]
    assert [one.status_code for one in told] == [404, 404, 404]
    assert "Send <b>/export</b>" in told[0].text
    assert told[0].data == told[1].data
    assert told[0].headers["Content-Type"] == "text/html; charset=utf-8"
    assert told[2].text == "Not here.\n"


def test_media_that_still_lie_here_are_in_it(table):
    table.say("hello")
    table.gateway.media_store().put(ANN, "x", SPOKEN)
    table.gateway.media_store().put(BEN, "x", SPOKEN)
    got = fetched(table.gateway, table.say("/export")[0])
    assert got.names == ["media/1-answer.mp3", "export.json", "index.html"]
    (told,) = got.document["media"]
    assert (told["file"], told["content_type"]) == ("media/1-answer.mp3", "audio/mpeg")
    assert '<a href="media/1-answer.mp3">' in got.page


def test_who_is_forgotten_has_no_export_any_more(table):
    path = link_in(table.say("/export")[0])
    table.say("/forget yes")
    with browser(table.gateway) as client:
        assert client.get(path).status_code == 404


def test_a_numbers_new_owner_gets_nothing_of_the_former_one(table):
    table.say("my cat is called Zerberus", profile_name="Ann Smith", user_id="US.ANN1")
    table.gateway.media_store().put(ANN, "x", SPOKEN)
    old = link_in(table.say("/export", user_id="US.ANN1")[0])
    for _ in range(2):
        (said,) = table.say("/export", profile_name="Joe Doe", user_id="US.JOE1")
        assert link_in(said) != old
        got = fetched(table.gateway, said)
        for word in ("Zerberus", "Ann Smith", "US.ANN1", "answer.mp3"):
            assert word not in got.page + repr(got.document)
        assert "Joe Doe" in table.gateway.stores().sessions.newest(1)[0].display_name
        table.say("my dog is called Fenris", profile_name="Joe Doe", user_id="US.JOE1")
        table.gateway.kept_media().exports.delete("US.JOE1")
    assert "Fenris" in got.page
    assert got.document["sessions"][0]["display_name"] == "Joe Doe"
    assert len(got.document["turns"]) >= 2
    # Who had the number, under their new one.
    later = table.say("/export", "+15550003333", user_id="US.ANN1")
    theirs = fetched(table.gateway, later[0])
    assert "Zerberus" in theirs.page
    assert "Zerberus" in repr(theirs.document["turns"])
    for word in ("Fenris", "Joe Doe", "US.JOE1"):
        assert word not in theirs.page + repr(theirs.document)


def test_each_of_three_owners_of_a_number_gets_their_own(table):
    words = {"US.ONE1": "Zerberus", "US.TWO2": "Fenris", "US.THREE3": "Argos"}
    for user_id, word in words.items():
        table.say(f"my dog is called {word}", user_id=user_id)
    for user_id, word in words.items():
        number = "+15550001111" if user_id == "US.THREE3" else user_id
        got = fetched(table.gateway, table.say("/export", number, user_id=user_id)[0])
        told = got.page + repr(got.document)
        assert [one for one in words.values() if one in told] == [word]
        assert [one for one in words if one in told] == [user_id]
        assert word in repr(got.document["turns"])
        assert got.document["deliveries"]


def test_names_that_were_merged_are_one_persons(table):
    table.say("my cat is called Zerberus")
    table.say("my dog is called Fenris", BEN)
    merge(ANN, BEN, table.gateway.stores())
    (said,) = table.say("/export", BEN)
    got = fetched(table.gateway, said)
    assert "Zerberus" in got.page
    assert "Fenris" in got.page
    assert {one["id"] for one in got.document["sessions"]} == {ANN, BEN}


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eevil\u202c \u2066x",
    "a\x00b\x1b[31mc",
    "\ud83d half",
    "../../etc/passwd",
    "]]></p></article>",
]


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page):
        super().__init__()
        self.seen = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.update({tag, *(f"{tag} {name}" for name, _ in attrs)})


HARMLESS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "p dir", "dl", "dt"}
HARMLESS |= {"dd", "dd dir", "article", "article class", "strong", "bdi", "time", "time datetime"}
HARMLESS |= {"meta charset", "meta http-equiv", "meta content", "meta name", "h1 dir", "h2 dir"}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_does_nothing_to_the_page(table, text):
    table.say(f"hello {text}", profile_name=f"Ann {text}")
    got = fetched(table.gateway, table.say("/export")[0])
    assert Tags(got.page).seen <= HARMLESS
    assert not {"\x00", "\x1b"} & set(got.page)
    assert got.page.count("<article") == got.page.count("</article>")
    assert "default-src 'none'" in got.page


def test_a_message_that_comes_twice_gets_one_link(table):
    message = table.message("/export")
    assert table.hand_over(message)
    assert table.hand_over(message)
    assert len(table.sent()) == 1


def test_an_export_that_cannot_be_put_anywhere_now_is_made_later(table):
    folder = table.gateway.config.data_dir / "exports"
    folder.write_text("no folder")
    message = table.message("/export")
    with pytest.raises(StoreError):
        table.hand_over(message)
    assert table.sent() == []
    folder.unlink()
    assert table.hand_over(message)
    assert len(table.sent()) == 1


def test_where_there_is_no_room_a_sentence_says_when_there_may_be(table, monkeypatch, caplog):
    monkeypatch.setattr("tempfile.tempdir", str(table.gateway.config.data_dir / "nowhere"))
    assert table.say("/export") == [
        "📦 There is no room for your file right now. Please try again in an hour."
    ]
    (told,) = [one for one in caplog.records if one.message == "export not given"]
    assert told.levelname == "ERROR"
    assert told.code == "export_no_room"


def test_whoever_taps_gets_it_too(table):
    tapped = {"kind": MessageKind.CHOICE, "choice": Choice("/export", "/export")}
    assert READY in table.say("", **tapped)[0]
