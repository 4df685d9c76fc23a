"""The demo assistant that sees: what it says is what can be measured, and it says so."""

import base64
import subprocess
import sys

import pytest
import requests

from simulator.assistants.app import create_app
from simulator.assistants.colours import name_of
from simulator.assistants.demo import Demo
from simulator.assistants.observer import answer
from simulator.server import serve
from tests.pictures import png, quarters, saved
from tests.processes import ROOT


def url_of(data, kind="image/jpeg"):
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


PHOTO = url_of(saved(quarters(300, 200), "JPEG", quality=95))


@pytest.fixture(scope="module")
def ask():
    with serve(create_app(Demo(ROOT))) as server:

        def post(content, model="observer"):
            document = {"model": model, "messages": [{"role": "user", "content": content}]}
            reply = requests.post(f"{server.url}/v1/chat/completions", json=document, timeout=10)
            return reply.json()["choices"][0]["message"]["content"]

        yield post


def parts(text, *urls):
    shown = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [{"type": "text", "text": text}, *shown]


def test_a_picture_is_measured(ask):
    said = ask(parts("Nice?\n\n[Picture]", PHOTO))
    assert said.startswith("You wrote 1 word: *Nice?*")
    assert "300 × 200 pixels, wide; JPEG" in said
    assert "blue (25\u00a0%)" in said
    assert "red, green, blue, white" in said
    assert "understand nothing" in said


def test_several_pictures_are_told_apart_and_bounded(ask):
    said = ask(parts("[Picture]\n\n" * 12, *[PHOTO] * 12))
    assert said.count("pixels") == 10
    assert "Picture 10 of 12" in said
    assert "The other 2 I did not look at." in said


@pytest.mark.parametrize(
    ("width", "height", "form"), [(20, 20, "square"), (20, 30, "upright"), (30, 20, "wide")]
)
def test_the_form_is_told(width, height, form):
    shown = url_of(saved(quarters(width, height), "PNG"), "image/png")
    assert f"{width} × {height} pixels, {form}; PNG" in answer("[Picture]", [shown])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://example.com/x.jpg", "elsewhere, and I fetch nothing"),
        ("data:text/plain;base64,AAAA", "elsewhere"),
        ("", "elsewhere"),
        ("data:image/png;base64,%%%", "damaged"),
        (url_of(b"no picture"), "cannot be opened"),
        (url_of(saved(quarters(), "JPEG")[:200]), "cannot be opened"),
        (url_of(png(60_000, 60_000, 1, 0, [bytes(100)]), "image/png"), "cannot be opened"),
        (url_of(png(8_000, 8_000, 1, 0, [bytes(100)]), "image/png"), "too many pixels"),
        (url_of(bytes(9 * 1024 * 1024)), "too large"),
    ],
)
def test_what_cannot_be_measured_is_said_to_be_so(url, words):
    said = answer("[Picture]", [url])
    assert "cannot be measured" in said
    assert words in said


def test_a_picture_that_was_told_of_but_not_shown_is_missed():
    assert "2 pictures that I was not shown" in answer("[Picture]\n\n[Picture]")


DOCUMENT = """[Document “a *b*.pdf”, 3 pages]
````
First words of it.
```
[Picture]
```
````
[… 1,234 more characters were left out]"""


def test_a_document_has_its_name_its_pages_and_its_beginning():
    said = answer(f"Read this\n\n{DOCUMENT}")
    assert said.startswith("You wrote 2 words: *Read this*")
    assert "**A document**: “a *b*.pdf”, 3 pages. It has 7 words, and begins" in said
    assert "> First words of it." in said
    assert "1,234 more characters were left out" in said
    assert "not shown" not in said, "what looks like a picture stands within the document"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("[Contact: Ann, Example; mobile +49 1]", "**A contact**: Ann, Example; mobile +49 1"),
        ("[Location: Home (52.5, 13.4)]", "**A place**: Home (52.5, 13.4)"),
        ("[Document “x.pdf”]", "I was told nothing of what is in it."),
        ("[Attachment of type audio/ogg, which could not be read]", "that was not read**: of type"),
        ("[Recording of type audio/ogg, which could not be heard]", "A recording** of type audio"),
        ("[Recording in which nothing was heard]", "**A recording** in which nothing was heard"),
        ("[Voice message, 4 s]\nBuy milk\nand bread", "of 4 s. The gateway heard 4 words:"),
        ("[Voice message, 4 s]\nBuy milk\n\n[Picture]", "> Buy milk"),
        ("[Voice message]\nBuy [two] milks", "**A voice note**. The gateway heard 3 words:"),
    ],
)
def test_whatever_else_was_told_is_repeated(told, said):
    assert said in answer(told)


def test_words_alone_are_answered_with_what_can_be_sent(ask):
    for words in ("Hello", ""):
        assert "Send me" in ask(words)


def test_what_people_write_formats_nothing():
    assert "*\\*\\*bold\\*\\* \\[x\\]*" in answer("**bold** [x]\n\n[Picture]", [PHOTO])


def test_the_others_see_nothing(ask):
    assert "1 shown to me, who cannot see" in ask(parts("Look", PHOTO), model="nobody")


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("000000", "black"),
        ("ffffff", "white"),
        ("808080", "grey"),
        ("303030", "dark grey"),
        ("d0d0d0", "light grey"),
        ("ff0000", "red"),
        ("8b0000", "dark red"),
        ("ff8000", "orange"),
        ("7a4a20", "brown"),
        ("ffe000", "yellow"),
        ("00b050", "dark green"),
        ("30e060", "green"),
        ("20d0d0", "turquoise"),
        ("2050ff", "blue"),
        ("b0d0ff", "light blue"),
        ("8020e0", "purple"),
        ("ff60c0", "pink"),
        ("fb0020", "red"),
    ],
)
def test_colours_have_the_names_that_people_give_them(colour, name):
    assert name_of(bytes.fromhex(colour)) == name


def test_nothing_that_opens_pictures_is_loaded_before_there_is_one():
    program = "import sys, standalone.demo; print('PIL' in sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert said.strip() == "False"
