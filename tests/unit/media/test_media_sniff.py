"""Files are told apart by their bytes, whatever they are called."""

import os
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lib.media.sniff import Kind, kind_of
from tests import office, papers


def _picture(kind):
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


KINDS = [
    ("a PDF", papers.paper(["Hello"]), "pdf"),
    ("a PDF after what a mail program wrote", b"X-Note: 1\r\n\r\n" + papers.scan(), "pdf"),
    ("a Word document", office.docx(office.paragraph("Hello")), "docx"),
    ("a presentation", office.pptx({"slide1.xml": office.drawn("Hello")}), "pptx"),
    ("a workbook", office.xlsx({"One": ""}), "xlsx"),
    ("an OpenDocument text", office.odt("<text:p>Hello</text:p>"), "odt"),
    (
        "an OpenDocument drawing",
        office.zipped({"mimetype": "application/vnd.oasis.opendocument.graphics"}),
        "zip",
    ),
    (
        "an OpenDocument template of web pages",
        office.zipped({"mimetype": "application/vnd.oasis.opendocument.text-web"}),
        "zip",
    ),
    ("a zip", office.zipped({"word/notes.txt": "x", "a.txt": "y"}), "zip"),
    ("an empty zip", office.zipped({}), "zip"),
    ("Office before 2007", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ole"),
    ("rich text", rb"{\rtf1\ansi Hello}", "rtf"),
    ("text", "Grüße, 你好".encode(), "text"),
    ("text of Windows", "Größe und Gewicht".encode("cp1252"), "text"),
    ("text in UTF-16", "Hello".encode("utf-16"), "text"),
    ("text cut within a character", ("é" * 3000).encode()[:4097], "text"),
    ("a table", b"name;size\nA;1\n", "text"),
    ("Markdown", b"[Title](http://x) and\n# more", "text"),
    ("an object", b' {"a": 1}', "json"),
    ("a list", b"\xef\xbb\xbf[\n 1, 2]", "json"),
    ("a page", b"\n<!DOCTYPE html>\n<title>x</title>", "html"),
    ("a page without a type", b"<HTML lang=en>", "html"),
    ("a contact", b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "vcard"),
    ("a JPEG", _picture("jpeg"), "jpeg"),
    ("a PNG", _picture("png"), "png"),
    ("a GIF", _picture("gif"), "gif"),
    ("a WebP", _picture("webp"), "webp"),
    ("a HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
    ("an AVIF", b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", "unknown"),
    ("a video", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "mp4"),
    ("a voice note", b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead", "ogg"),
    ("music", b"ID3\x04\x00" + bytes(20), "mp3"),
    ("music without a title", b"\xff\xfb\x90\x64" + bytes(20), "mp3"),
    ("AAC", b"\xff\xf1\x50\x80" + bytes(20), "aac"),
    ("AMR", b"#!AMR\n<" + bytes(20), "amr"),
    ("a sound", b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
    ("a recording of a browser", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01" + bytes(20), "webm"),
    ("a program", b"\x7fELF\x02\x01\x01" + bytes(9), "unknown"),
    ("nothing", b"", "unknown"),
    ("zeros", bytes(5000), "unknown"),
    ("text with a zero", b"Hello\x00world", "unknown"),
    ("a picture with a PDF behind it", _picture("jpeg") + papers.scan(), "jpeg"),
    ("a PDF with a zip behind it", papers.scan() + office.zipped({"a": "b"}), "pdf"),
    ("a page that speaks of PDF", b"%PDF-1.7 is how a PDF begins <html>", "pdf"),
]


@pytest.mark.parametrize(("data", "kind"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])
def test_a_file_is_told_by_its_bytes(data, kind):
    assert kind_of(data) == kind


def test_every_kind_has_an_example():
    assert {kind for _, _, kind in KINDS} == {kind.value for kind in Kind}


@given(st.binary(max_size=300), st.sampled_from([k[1] for k in KINDS]))
def test_any_bytes_have_some_kind(noise, start):
    assert kind_of(noise) in Kind
    assert kind_of(start[:40] + noise) in Kind


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"%PDF-", b"{", b"<", b"PK\x03\x04PK\x01\x02"])
def test_large_files_are_told_apart_as_fast_as_they_are_read(start):
    """What is told of a zip is looked for in all of it: that must not be quadratic."""
    for pattern in (b"PK\x01\x02", b" ", b"[Content_Types].xml", os.urandom(1000)):
        kind_of((start + pattern * (16_000_000 // len(pattern)))[:16_000_000])
