"""Media of an answer: what is taken out of its text, what stays, and what takes their place."""

import random
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.model import Enclosing, OutboundKind
from lib.reply.growing import boundaries
from lib.reply.rendering import render, rest
from tests.best import best
from tests.formatting_document import kinds

ALL = Enclosing(contacts=True)
HERE = Enclosing(loopback=True)
X = "https://example.com/"
SAMPLES = [markdown for kind in kinds() for markdown, _ in kind["samples"]]
WORDS = "These are plain words of no account, which only fill the space there is. " * 5


def enclosed(markdown, enclosing=ALL):
    """The text that stays, and the kinds, captions and names of the media."""
    rendering = render(markdown, enclosing=enclosing)
    assert not rendering.fault
    media = [
        (one.media.kind.value, one.media.caption, one.media.name) for one in rendering.enclosed
    ]
    return "\n".join(rendering.chunks), media


PICTURE = ("picture", "A cat", "a.png")


@pytest.mark.parametrize(
    ("markdown", "left", "media"),
    [
        ("![A cat](https://example.com/a.png)", "", [PICTURE]),
        ("Look:\n\n![A cat](https://example.com/a.png)\n\nNice.", "Look:\n\nNice.", [PICTURE]),
        ("Look:\n![A cat](https://example.com/a.png)\nNice.", "Look:\nNice.", [PICTURE]),
        ("Here is ![A cat](https://example.com/a.png), see?", "Here is A cat, see?", [PICTURE]),
        ("**![A cat](https://example.com/a.png)**", "", [PICTURE]),
        ("# ![A cat](https://example.com/a.png)\n\nIt sits.", "It sits.", [PICTURE]),
        ("> ![A cat](https://example.com/a.png)\n> It sits.", "> It sits.", [PICTURE]),
        ("- ![A cat](https://example.com/a.png)\n- a dog", "- a dog", [PICTURE]),
        ("1. ![A cat](https://example.com/a.png)\n2. a dog", "1. A cat\n2. a dog", [PICTURE]),
        ("[A cat](https://example.com/a.png)", "", [PICTURE]),
        ("See [A cat](https://example.com/a.png).", f"See A cat ({X}a.png).", []),
        ("https://example.com/a.png", "", [("picture", "", "a.png")]),
        ("See https://example.com/a.png", f"See {X}a.png", []),
        ("<img src='https://example.com/a.png' alt='A cat'>", "", [PICTURE]),
        (
            "[![A cat](https://example.com/a.png)](https://example.com)",
            f"A cat ({X[:-1]})",
            [PICTURE],
        ),
        ("![A cat][1]\n\n[1]: https://example.com/a.png", "", [PICTURE]),
        ("`![A cat](https://example.com/a.png)`", "`![A cat](https://example.com/a.png)`", []),
        ("| a |\n|---|\n| ![x](https://example.com/a.png) |", f"- *a:* x ({X}a.png)", []),
        ("[Q3](https://example.com/a.pdf)", "Q3", [("file", "", "a.pdf")]),
        ("- [Q3](https://example.com/a.pdf)\n- two", "- Q3\n- two", [("file", "", "a.pdf")]),
        ("https://example.com/my%20a.docx", "my a.docx", [("file", "", "my a.docx")]),
        ("[A film](https://example.com/a.mp4)", "", [("file", "A film", "a.mp4")]),
        ("[Listen](https://example.com/a.mp3?x=1)", "Listen", [("file", "", "a.mp3")]),
        ("[A](https://example.com/a.XLSX)", "A", [("file", "", "a.XLSX")]),
        ("[A](https://example.com/a.csv)", f"A ({X}a.csv)", []),
        ("![A](https://example.com/a.gif)", f"A ({X}a.gif)", []),
        ("[A](https://example.com/page)", f"A ({X}page)", []),
    ],
)
def test_what_is_taken_and_what_stays(markdown, left, media):
    assert enclosed(markdown) == (left, media)


@pytest.mark.parametrize(
    ("target", "coordinates"),
    [
        ("geo:52.5163,13.3777", (52.5163, 13.3777)),
        ("geo:-90,180", (-90.0, 180.0)),
        ("geo:48.2010,16.3695,183", (48.2010, 16.3695)),
        ("geo:48.198634,16.371648;crs=wgs84;u=40", (48.198634, 16.371648)),
        ("GEO:1,2", (1.0, 2.0)),
    ],
)
def test_a_geo_uri_alone_in_its_line_is_a_place(target, coordinates):
    rendering = render(f"There:\n\n[The *gate*]({target})", enclosing=ALL)
    (chunk,) = rendering.enclosed
    place = chunk.media.location
    assert (place.latitude, place.longitude, place.label) == (*coordinates, "The gate")
    assert chunk.text.startswith("The _gate_ (https://www.google.com/maps/search/?api=1&query=")
    assert rendering.chunks == ("There:",)


@pytest.mark.parametrize(
    "target",
    ["geo:91,0", "geo:0,181", "geo:1", "geo:a,b", "geo:1,2;crs=moon", "geo:1e1,2", "geo:0,0?q=x"],
)
def test_what_is_no_place_on_earth_stays_as_it_is(target):
    assert render(f"[Here]({target})", enclosing=ALL) == render(f"[Here]({target})")


def test_a_number_alone_in_its_line_is_a_contact_where_cards_can_be_kept():
    (chunk,) = render("**[Zoë; Roe](tel:+49-(170)-123.4567)**", enclosing=ALL).enclosed
    assert chunk.text == "Zoë; Roe: +491701234567"
    assert chunk.media.name == "Zoë Roe.vcf"
    assert chunk.media.kind is OutboundKind.CONTACT
    assert chunk.media.words == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Zoë\\; Roe;;;;\r\nFN:Zoë\\; Roe\r\n"
        "TEL;TYPE=CELL:+491701234567\r\nEND:VCARD\r\n"
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "Call [Ann](tel:+491701234567) now",
        "[+49 170 1234567](tel:+491701234567)",
        "[Ann](tel:0170-1234567)",
        "[Ann](tel:+491701234567;ext=5)",
        "[Ann](tel:+49170123456789012)",
        "[Ann](tel:+4917)",
    ],
)
def test_what_is_a_number_to_call_stays_one(markdown):
    assert render(markdown, enclosing=ALL) == render(markdown)


def test_nobody_gets_a_card_that_could_not_be_kept():
    assert render("[Ann](tel:+491701234567)", enclosing=Enclosing()).enclosed == ()


NOT_PUBLIC = [
    "http://example.com/a.png",
    "ftp://example.com/a.png",
    "https://user@example.com/a.png",
    "https://user:word@example.com/a.png",
    "https://example.com:8443/a.png",
    "https://localhost/a.png",
    "https://printer/a.png",
    "https://metadata.google.internal/a.png",
    "https://nas.local/a.png",
    "https://router.home.arpa/a.png",
    "https://127.0.0.1/a.png",
    "https://10.0.0.1/a.png",
    "https://169.254.169.254/a.png",
    "https://2130706433/a.png",
    "https://0x7f.1/a.png",
    "https://127.1/a.png",
    "https://[::1]/a.png",
    "https://example.com@127.0.0.1/a.png",
    "https://example.com\\@127.0.0.1/a.png",
    "https://.com/a.png",
    "https:///a.png",
    "https://exa mple.com/a.png",
    "//127.0.0.1/a.png",
    "javascript:a.png",
    "sandbox:/mnt/data/a.png",
    "data:image/png;base64,aaaa.png",
    "/a.png",
]


@pytest.mark.parametrize("url", NOT_PUBLIC)
@pytest.mark.parametrize("form", ["![A cat](<{}>)", "[A cat](<{}>)", "{}"])
def test_what_nobody_outside_should_fetch_is_never_handed_on(url, form):
    markdown = form.format(url)
    assert render(markdown, enclosing=ALL) == render(markdown)


@pytest.mark.parametrize("host", ["127.0.0.1:1956", "localhost:80", "localhost"])
def test_this_machine_is_handed_to_a_stand_in_on_it_alone(host):
    markdown = f"![A cat](http://{host}/a.png)"
    assert enclosed(markdown, HERE) == ("", [PICTURE])
    assert enclosed(markdown, ALL)[1] == []
    assert enclosed(f"![A cat](http://u@{host}/a.png)", HERE)[1] == []


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://bücher.example.com/ä b.png", "https://xn--bcher-kva.example.com/%C3%A4%20b.png"),
        ("https://example.com/a.png?t=%2F&x=ü", "https://example.com/a.png?t=%2F&x=%C3%BC"),
        ("https://example.com:443/a.png", "https://example.com:443/a.png"),
    ],
)
def test_an_address_is_handed_on_as_everybody_understands_it(url, sent):
    (chunk,) = render(f"![A](<{url}>)", enclosing=ALL).enclosed
    assert chunk.media.url == sent


def test_four_media_are_taken_in_their_order_and_no_file_twice():
    names = ["1.png", "2.pdf", "1.png", "3.jpg", "4.mp4", "5.png"]
    rendering = render("\n\n".join(f"![{n}]({X}{n})" for n in names), enclosing=ALL)
    assert [one.media.name for one in rendering.enclosed] == ["1.png", "2.pdf", "3.jpg", "4.mp4"]
    assert rendering.chunks == (f"2.pdf\n\n5.png ({X}5.png)",)


@pytest.mark.parametrize("size", [1, 300, 1024, 1025, 5000])
def test_captions_and_texts_have_their_limits(size):
    (chunk,) = render(f"![{'字' * size}]({X}a.png)", enclosing=ALL).enclosed
    assert len(chunk.media.caption) == min(size, 1024)
    assert len(chunk.text) <= 1600
    assert chunk.text.endswith(f"({X}a.png)")


def test_words_that_are_too_long_for_a_caption_are_said_in_full():
    label = "字" * 1100
    assert enclosed(f"![{label}]({X}a.png)")[0] == label


def test_an_address_that_leaves_no_room_for_words_stays_a_link():
    assert enclosed(f"![A]({X}{'a' * 1300}.png)")[1] == []


def test_nobody_sees_what_cannot_be_seen_in_a_caption():
    (chunk,) = render(f"![A &#8238;cat\u200b]({X}a.png)", enclosing=ALL).enclosed
    assert chunk.media.caption == "A cat"
    assert chunk.text == f"A cat ({X}a.png)"


@pytest.mark.parametrize("fault", [MemoryError, RecursionError, ValueError])
def test_an_answer_that_cannot_be_formatted_has_its_links_and_nothing_twice(fault):
    def fail():
        raise fault

    rendering = render(f"Look\n\n![A]({X}a.png)", fail, enclosing=ALL)
    assert rendering.fault
    assert rendering.enclosed == ()
    assert X in rendering.chunks[0]


def test_what_is_nested_too_deep_is_not_taken_either():
    rendering = render("> " * 70 + f"![A]({X}a.png)\n\n![A]({X}b.png)", enclosing=ALL)
    assert rendering.enclosed == ()
    assert "a.png" in "".join(rendering.chunks)


MEDIA = [
    f"![A cat]({X}a.png)",
    f"Look: ![A cat]({X}b.jpg)!",
    f"- [Paper]({X}c.pdf)\n- ![Cat]({X}d.png)\n- more",
    f"1. ![Cat]({X}e.png)\n2. [x]({X}page)",
    f"{X}f.docx",
    "[Gate](geo:52.5,13.4)",
    "[Ann](tel:+491701234567)",
    f"[x]({X}y.zip)",
]


def mixtures(count):
    chance = random.Random(20261128)  # noqa: S311 - no secret
    for _ in range(count):
        pieces = chance.choices([*MEDIA, chance.choice(SAMPLES), WORDS], k=10)
        yield "\n\n".join([WORDS, *pieces])


@pytest.mark.parametrize("enclosing", [ALL, HERE], ids=["all", "here"])
def test_the_beginning_of_an_answer_is_decided_upon_as_it_would_be_alone(enclosing):
    found = 0
    for markdown in mixtures(60):
        whole = render(markdown, enclosing=enclosing)
        for place in list(boundaries(markdown))[:6]:
            part = render(markdown[:place], enclosing=enclosing)
            count = len(part.enclosed)
            found += count
            assert whole.enclosed[:count] == part.enclosed
            left = rest(markdown, part.chunks[:1], enclosing=enclosing)
            assert left is not None or part.chunks[:1] != whole.chunks[:1]
            assert whole.chunks[0].startswith(part.chunks[0][:200])
    assert found > 50


def test_all_words_and_all_links_are_said_or_sent():
    for markdown in mixtures(60):
        plain, taken = render(markdown), render(markdown, enclosing=ALL)
        said = "\n".join((*taken.chunks, *(one.text for one in taken.enclosed)))
        for part in plain.chunks:
            for word in filter(str.isalpha, part.split()):
                assert word in said
        assert len(taken.enclosed) <= 4


@given(st.text(alphabet="!*_[]()<>-#1. \nab:/", max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_around_a_picture_nothing_breaks(text):
    # Behind these, all may be the target of a definition or link, which nobody sees.
    assume("]:" not in text and "](" not in text)
    markdown = f"{text}![A]({X}a.png){text[::-1]}"
    rendering = render(markdown, enclosing=ALL)
    assert not rendering.fault
    said = "\n".join((*rendering.chunks, *(one.text for one in rendering.enclosed)))
    assert "example.com" in said


def test_a_place_repeated_for_ever_is_sent_once():
    rendering = render("[Here](geo:1,2)\n\n" * 500, enclosing=ALL)
    assert len(rendering.enclosed) == 1
    assert "\n".join(rendering.chunks).count("Here") >= 400


@pytest.mark.thorough
@pytest.mark.parametrize(
    "unit", [f"![A]({X}a.png) ", f"- [b]({X}c)\n", f"{X}page\n\n", "[a](geo:1,2) "]
)
def test_many_links_cost_no_more_than_without(unit):
    markdown = unit * (200_000 // len(unit))

    def seconds(enclosing):
        def work():
            began = time.thread_time()
            render(markdown, enclosing=enclosing)
            return time.thread_time() - began

        return best(work, 0.3)

    assert seconds(ALL) < 2 * seconds(None) + 0.3
