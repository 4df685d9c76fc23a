"""Contact cards of every age as the lines that an assistant reads."""

import base64
import time

import pytest

from lib.media.contact import contacts_text
from lib.media.errors import MediaUnreadableError


def card(*lines, version="3.0"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def text_of(*lines, version="3.0"):
    return contacts_text(card(*lines, version=version).encode())


def test_a_card_as_whatsapp_writes_it():
    assert (
        text_of(
            "N:Example;Ann;;;",
            "FN:Ann Example",
            "ORG:Example Ltd;",
            "item1.TEL;waid=491701234567:+49 170 1234567",
            "item1.X-ABLabel:Mobile",
            "EMAIL;type=INTERNET:ann@example.org",
        )
        == "[Contact: Ann Example, Example Ltd; mobile +49 170 1234567; ann@example.org]"
    )


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["FN:Ann"], "Ann"),
        (["N:Example;Ann;B.;Dr.;MA"], "Dr. Ann B. Example MA"),
        (["FN:", "N:Example;Ann;;;"], "Ann Example"),
        (["ORG:Example Ltd;Sales;North"], "Example Ltd, Sales, North"),
        (["TEL:+1 555 0100"], "without a name; +1 555 0100"),
        ([], "without a name"),
        (["FN:Ann", "TEL;type=CELL;type=VOICE;type=pref:1"], "Ann; mobile 1"),
        (["FN:Ann", 'TEL;TYPE="work,fax":1'], "Ann; work fax 1"),
        (["FN:Ann", "TEL;TYPE=HOME:1", "TEL;TYPE=home:1"], "Ann; home 1"),
        (["FN:Ann", "TEL;VALUE=uri;TYPE=cell:tel:+1-555-0100"], "Ann; mobile +1-555-0100"),
        (["FN:Ann", "EMAIL;TYPE=work:mailto:a@b.c"], "Ann; work a@b.c"),
        (
            ["FN:Ann", "item2.URL:https\\://b.c/d", "item2.X-ABLabel:_$!<HomePage>!$_"],
            "Ann; HomePage https://b.c/d",
        ),
        (
            ["FN:Ann", "ADR;TYPE=HOME:;;Long Street 1;Town;Region;10115;Country"],
            "Ann; home Long Street 1, Town, Region, 10115, Country",
        ),
        (["FN:Ann", "URL:https://example.org/a;b"], "Ann; https://example.org/a;b"),
        (["FN:Ann", "item1.TEL:1", "item1.X-ABLabel:_$!<Work>!$_"], "Ann; work 1"),
        (["FN:Ann", "item1.TEL:1", "item1.X-ABLabel:Summer house"], "Ann; Summer house 1"),
        (
            ["FN:Ann", "TEL;waid=5215512345678:+52 55 1234 5678"],
            "Ann; +52 55 1234 5678 (WhatsApp +5215512345678)",
        ),
        (["FN:Ann", "TEL;waid=491701234567:"], "Ann; +491701234567"),
        (["FN:Ann\\, B\\; C\\\\ D\\nE"], "Ann, B; C\\ D E"),
        (["FN:Ann", "ORG:A\\;B;C\\, D"], "Ann, A;B, C, D"),
        (["fn:Ann", "tel;TYPE=cell:1"], "Ann; mobile 1"),
        (['FN;LANGUAGE="a:b;c":Ann'], "Ann"),
        (["FN:A very lo", " ng name", "\t, folded"], "A very long name, folded"),
        (["FN:Ann", "NOTE:FN:Bob", "TITLE:Director", "X-OTHER;a=b:c"], "Ann"),
        (["FN:Ann", "FN:Other"], "Ann"),
        (["FN:Zoë Grün 🦊 王"], "Zoë Grün 🦊 王"),
        (["FN:a] new line [b"], "a) new line (b"),
        (["FN:a\u202eb\x07c"], "a b c"),
        (["FN:👩\u200d🚀"], "👩\u200d🚀"),
    ],
)
def test_what_a_card_says(lines, text):
    assert text_of(*lines) == f"[Contact: {text}]"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            ["N:Example;Ann", "TEL;CELL;VOICE:1", "TEL;WORK;FAX:2"],
            "Ann Example; mobile 1; work fax 2",
        ),
        (
            ["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB =", "Gr=C3=BCn"],
            "Zoë Grün",
        ),
        (["FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FCn"], "Grün"),
        (["FN;ENCODING=QUOTED-PRINTABLE;CHARSET=GB2312:=CD=F5"], "王"),
        (["FN;ENCODING=QUOTED-PRINTABLE;CHARSET=hex:=41"], "A"),
        (["FN;CHARSET=nonsense:Ann"], "Ann"),
        (["FN:Ann", "AGENT:", "BEGIN:VCARD", "FN:Bob", "END:VCARD"], None),
    ],
)
def test_a_card_of_the_first_version(lines, text):
    said = text_of(*lines, version="2.1")
    assert said == (f"[Contact: {text}]" if text else "[Contact: Ann]\n[Contact: Bob]")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_encoding_and_end_of_line(encoding, end):
    lines = ("FN:Zoë Grün", "TEL:1\xbf")
    data = card(*lines).replace("\r\n", end).encode(encoding)
    assert contacts_text(data) == "[Contact: Zoë Grün; 1¿]"


def test_several_cards_are_several_lines():
    data = (card("FN:Ann", "TEL:1") + "\n" + card("FN:Bob", "TEL:2")).encode()
    assert contacts_text(data) == "[Contact: Ann; 1]\n[Contact: Bob; 2]"


def test_a_card_that_is_cut_off_is_what_there_is():
    data = card("FN:Ann", "TEL:1").encode()[:-20]
    assert contacts_text(data).startswith("[Contact: Ann")
    assert contacts_text(data + b"\n" + card("FN:Bob").encode()).endswith("\n[Contact: Bob]")


@pytest.mark.parametrize(
    "data",
    [b"", b"BEGIN:VCALENDAR\nEND:VCALENDAR", b"FN:Ann", b"\0" * 100, b"\xff\xfe\xff", b"BEGIN"],
)
def test_what_is_no_card_is_unreadable(data):
    with pytest.raises(MediaUnreadableError):
        contacts_text(data)


def photo(size):
    body = base64.b64encode(bytes(size)).decode()
    lines = [body[at : at + 74] for at in range(0, len(body), 74)]
    return "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join(lines)


@pytest.mark.parametrize("break_before", ["\r\n ", "\r\n"])
def test_a_photograph_is_skipped(break_before):
    picture = photo(5000).replace("\r\n ", break_before)
    said = text_of("FN:Ann", picture, "TEL:1")
    assert said == "[Contact: Ann; 1]"


def test_a_whole_address_book_is_its_beginning():
    people = [card(f"FN:Person {n}", photo(20_000), f"TEL:{n}") for n in range(500)]
    data = "".join(people).encode()
    assert len(data) > 12 << 20
    started = time.process_time()
    lines = contacts_text(data).split("\n")
    assert time.process_time() - started < 5
    assert lines[0] == "[Contact: Person 0; 0]"
    assert lines[19:] == ["[Contact: Person 19; 19]", "[480 more contacts]"]


def test_long_cards_are_fewer_and_short_of_details():
    links = [f"URL:https://example.org/{n}/{'x' * 300}" for n in range(40)]
    said = contacts_text((card("FN:Ann", *links) * 21).encode()).split("\n")
    assert said[0].startswith("[Contact: Ann; https://example.org/0/xxx")
    assert said[0].endswith("xxx…; and more]")
    assert said[1:] == ["[20 more contacts]"]
    assert len("\n".join(said)) <= 4000


HOSTILE = {
    "ends of lines": lambda: "\n" * 4_000_000,
    "numbers": lambda: "TEL:1\n" * 700_000,
    "one line": lambda: "NOTE:" + "a" * 4_000_000,
    "beginnings": lambda: "BEGIN:VCARD\n" * 300_000,
    "quotes": lambda: ('TEL;"' + ';"' * 2000 + "\n") * 1000,
    "parts": lambda: ("N:" + ";" * 4000 + "\n") * 1000,
    "addresses": lambda: ("BEGIN:VCARD\n" + ("ADR:" + ";" * 4000 + "\n") * 99) * 10,
    "escapes": lambda: ("N:" + "\\" * 4000 + "\n") * 1000,
    "parameters": lambda: ("ADR" + ";a=b" * 1000 + ":\n") * 1000,
    "folds": lambda: "TEL:" + "\n a" * 1_300_000,
    "soft ends": lambda: "FN;QUOTED-PRINTABLE:=\n" + "a=\n" * 1_300_000,
    "labels": lambda: "".join(f"item{n}.X-ABLabel:_$!<{'_$!<' * 900}\n" for n in range(1000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_take_time_takes_little(name):
    hostile = b"BEGIN:VCARD\n" + HOSTILE[name]().encode()
    started = time.process_time()
    said = contacts_text(hostile)
    assert time.process_time() - started < 3
    assert len(said) <= 4000
