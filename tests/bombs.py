"""Small files that unpack, unfold or multiply to what no machine has; and files that are wrong.

They are written without being held in memory unpacked: what repeats is packed once, and its packed
form repeated. Checksums that stand behind more than is ever read are not right.
"""

import os
import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image

from tests import office, papers

_MB = 1 << 20
_GB = 1 << 30


@cache
def _repeated(piece: bytes, times: int, head: bytes = b"", tail: bytes = b"") -> bytes:
    """Raw deflate of a piece, repeated, between a head and a tail."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + packed * times + packer.compress(tail) + packer.flush()


def _zlib(piece: bytes, times: int) -> bytes:
    return b"\x78\xda" + _repeated(piece, times) + bytes(4)


def _with(parts: dict[str, str | bytes], name: str, packed: bytes, size: int) -> bytes:
    """A zip of these parts, and one that is packed already."""
    whole = office.zipped(parts)
    # The end of the central directory, of 22 bytes, tells its entries, its size and its place.
    count, length, place = struct.unpack("<10xHLL", whole[-22:-2])
    members, directory = whole[:place], whole[place : place + length]
    key = name.encode()
    fields = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, len(packed), size % 2**32, len(key), 0)
    local = b"PK\x03\x04" + fields + key + packed
    entry = b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHLL", 0, 0, 0, 0, len(members)) + key
    end = struct.pack(
        "<4sHHHHLLH",
        b"PK\x05\x06",
        0,
        0,
        count + 1,
        count + 1,
        len(directory) + len(entry),
        len(members) + len(local),
        0,
    )
    return members + local + directory + entry + end


def _word(piece: str, times: int, tail: str = "</w:body></w:document>") -> bytes:
    """A Word document whose body is a piece, repeated."""
    parts = office.word_parts("")
    head, _, _ = str(parts.pop("word/document.xml")).partition("</w:body>")
    packed = _repeated(piece.encode(), times, head.encode(), tail.encode())
    return _with(parts, "word/document.xml", packed, len(piece.encode()) * times)


def _sheet(rows: str, times: int) -> bytes:
    parts = office.sheet_parts({"A": ""})
    head, _, tail = str(parts.pop("xl/worksheets/sheet1.xml")).partition("</sheetData>")
    packed = _repeated(rows.encode(), times, head.encode(), f"</sheetData>{tail}".encode())
    return _with(parts, "xl/worksheets/sheet1.xml", packed, len(rows) * times)


def _strings(piece: str, times: int) -> bytes:
    parts = office.sheet_parts({"A": "<row><c t='s'><v>0</v></c></row>"}, "<si/>")
    head, _, tail = str(parts.pop("xl/sharedStrings.xml")).partition("<si/>")
    packed = _repeated(piece.encode(), times, head.encode(), tail.encode())
    return _with(parts, "xl/sharedStrings.xml", packed, len(piece) * times)


def _nested(depth: int, pages: int = 1) -> bytes:
    """Forms of which each shows the next one twice; the last says something. All pages begin it."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
    forms = [papers.stream(b"/X Do /X Do", form % (6 + n)) for n in range(depth)]
    return papers.pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%b]/Count %d>>" % (b"3 0 R " * pages, pages),
            page + b"/Resources<</XObject<</X 5 0 R>>>>>>",
            papers.stream(b"/X Do"),
            *forms,
            papers.stream(b"BT /F1 9 Tf (x) Tj ET", form % 5),
        ]
    )


def _of_itself() -> bytes:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
    return papers.one_page(
        papers.stream(papers.lines("Before") + b" /X Do"),
        papers.stream(b"/X Do", form),
        resources=b"/XObject<</X 6 0 R>>",
    )


def _pages(kids: bytes, *more: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages = b"<</Type/Pages/Kids[%b]/Count 3>>" % kids
    return papers.pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, *more])


def _entities() -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]><x>&e9;</x>'


def _document(xml: str | bytes) -> bytes:
    return office.zipped(office.word_parts("") | {"word/document.xml": xml})


def _members(count: int) -> bytes:
    """A Word document among very many members."""
    parts = office.word_parts(office.paragraph("Hello"))
    return office.zipped(parts | {f"m/{number}": "" for number in range(count)})


def _lying(data: bytes) -> bytes:
    """The same zip, whose directory tells of sizes that nobody has."""
    place = data.rindex(b"PK\x01\x02")
    return data[: place + 20] + b"\xfe\xff\xff\xff" * 2 + data[place + 28 :]


def _jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "jpeg")
    return out.getvalue()


_LINES = papers.paper(["The same as ever"])
_SLIDE = "<sldId r:id='a'/>"
_FLATE = b"/Filter/FlateDecode"
_TWICE = b"/Filter[/FlateDecode/FlateDecode]"

# What each is, how it is made, and what becomes of it: an error, "all of it" or "a part".
BOMBS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "PDF of a stream of 1 GB": (
        lambda: papers.one_page(papers.stream(_zlib(bytes(_MB), 1024), _FLATE)),
        {"MediaTooLargeError"},
    ),
    "PDF of a stream of 1 GB, packed twice": (
        lambda: papers.one_page(papers.stream(zlib.compress(_zlib(bytes(_MB), 1024), 9), _TWICE)),
        {"MediaTooLargeError"},
    ),
    "PDF of 100 MB of operators": (
        lambda: papers.one_page(papers.stream(_zlib(b"BT (a) Tj ET\n" * 80_000, 100), _FLATE)),
        {"MediaTooLargeError"},
    ),
    "PDF of 20 MB of operators": (
        lambda: papers.one_page(papers.stream(_zlib(b"BT (a) Tj ET\n" * 80_000, 20), _FLATE)),
        {"MediaTooLargeError", "MediaLateError"},
    ),
    "PDF of a form that shows itself": (_of_itself, {"all of it"}),
    "PDF of 2 ** 25 forms": (lambda: _nested(25), {"all of it"}),
    "PDF of 50 pages of 2 ** 25 forms": (lambda: _nested(25, 50), {"a part", "MediaLateError"}),
    "PDF of 200,000 times one page": (lambda: _pages(b"3 0 R " * 200_000), {"MediaTooLargeError"}),
    "PDF whose pages are their own parents": (lambda: _pages(b"2 0 R"), {"MediaUnreadableError"}),
    "PDF whose pages go round": (
        lambda: _pages(b"4 0 R", b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 1>>"),
        {"MediaUnreadableError"},
    ),
    "PDF of lists in lists": (
        lambda: papers.one_page(papers.stream(b"[" * 5_000_000)),
        {"MediaPicturesOnlyError", "MediaUnreadableError"},
    ),
    "PDF of no pages": (lambda: _pages(b""), {"MediaUnreadableError"}),
    "PDF of dictionaries in dictionaries": (
        lambda: papers.pdf([b"<</A" * 1_000_000]),
        {"MediaUnreadableError", "MediaLateError"},
    ),
    "PDF of garbage": (lambda: b"%PDF-1.7\n" + os.urandom(_MB), {"MediaUnreadableError"}),
    "PDF of objects without end": (
        lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 1_000_000,
        {"MediaUnreadableError"},
    ),
    "PDF cut off": (lambda: _LINES[: len(_LINES) // 2], {"MediaUnreadableError"}),
    "PDF without its table": (lambda: _LINES[: _LINES.index(b"xref")], {"MediaUnreadableError"}),
    "PDF behind 1,000 bytes": (lambda: b" " * 1000 + _LINES, {"all of it"}),
    "PDF with a zip behind it": (
        lambda: _LINES + office.zipped({"word/document.xml": "x"}),
        {"all of it"},
    ),
    "picture with a PDF behind it": (lambda: _jpeg() + _LINES, {"MediaUnsupportedError"}),
    "zip with a PDF in front": (
        lambda: b"%PDF-1.7\n" + office.docx(office.paragraph("Hello")),
        {"MediaUnreadableError"},
    ),
    "docx of 1 GB of spaces": (lambda: _word(" " * _MB, 1024), {"MediaTooLargeError"}),
    "docx of 1 GB of text": (lambda: _word(office.paragraph("x" * 1000) * 900, 1024), {"a part"}),
    "docx of 2 million paragraphs": (lambda: _word(office.paragraph("x") * 2000, 1000), {"a part"}),
    "docx of 2 million empty paragraphs": (
        lambda: _word("<w:p/>" * 2000, 1000),
        {"MediaTooLargeError"},
    ),
    "docx of one tag of 1 GB": (lambda: _word("<w:p a='", 1, " " * _MB), {"MediaUnreadableError"}),
    "docx of one name of 60 MB": (
        lambda: _word("<w:p a='" + "x" * 60 * _MB + "'/>", 1),
        {"MediaPicturesOnlyError", "MediaTooLargeError", "MediaUnreadableError"},
    ),
    "docx of elements in elements": (lambda: _word("<w:p>" * 1000, 2000), {"MediaTooLargeError"}),
    "docx of entities": (lambda: _document(_entities()), {"MediaUnreadableError"}),
    "docx that asks for a file": (
        lambda: _document('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'),
        {"MediaUnreadableError"},
    ),
    "docx of garbage": (lambda: _document(os.urandom(_MB)), {"MediaUnreadableError"}),
    "docx in an encoding that is none": (
        lambda: _document("<?xml version='1.0' encoding='x-none'?><x/>"),
        {"MediaUnreadableError"},
    ),
    "docx without its document": (
        lambda: office.zipped({"[Content_Types].xml": "", "word/x": ""}),
        {"MediaUnreadableError"},
    ),
    "docx that tells of 4 GB": (
        lambda: _lying(office.docx(office.paragraph("Hello"))),
        {"all of it"},
    ),
    "docx cut off": (
        lambda: office.docx(office.paragraph("Hello"))[:-30],
        {"MediaUnreadableError", "MediaUnsupportedError"},
    ),
    "docx of 100,000 members": (lambda: _members(100_000), {"all of it"}),
    "pptx of 100,000 times one slide": (
        lambda: office.zipped(
            office.office(
                "ppt/presentation.xml",
                {
                    "ppt/presentation.xml": "<p xmlns:r='http://schemas.openxmlformats.org/"
                    f"officeDocument/2006/relationships'>{_SLIDE * 100_000}</p>",
                    "ppt/_rels/presentation.xml.rels": office.related({"a": "slide s.xml"}),
                    "ppt/s.xml": "<p><t>again</t></p>",
                },
            )
        ),
        {"a part"},
    ),
    "xlsx of 12.5 million cells": (
        lambda: _sheet(f"<row>{'<c><v>7</v></c>' * 2500}</row>", 5000),
        {"a part"},
    ),
    "xlsx of one row of 12.5 million cells": (
        lambda: _sheet("<c><v>7</v></c>" * 2500, 5000),
        {"a part"},
    ),
    "xlsx of 12.5 million empty cells": (
        lambda: _sheet(f"<row>{'<c/>' * 2500}</row>", 5000),
        {"MediaTooLargeError"},
    ),
    "xlsx of a value of 1 GB": (lambda: _sheet("7" * _MB, 1024), {"MediaTooLargeError"}),
    "xlsx of 10 million strings": (
        lambda: _strings("<si><t>ab</t></si>" * 1000, 10_000),
        {"all of it"},
    ),
    "odt of spaces": (
        lambda: office.odt("<text:p><text:s text:c='9999999999'/></text:p>" * 20_000),
        {"MediaTooLargeError"},
    ),
    "odt of entities": (
        lambda: office.zipped(office.odt_parts("") | {"content.xml": _entities()}),
        {"MediaUnreadableError"},
    ),
    "rtf of groups in groups": (
        lambda: rb"{\rtf1" + b"{" * 4_000_000,
        {"MediaUnreadableError", "MediaTooLargeError"},
    ),
    "rtf of links without end": (
        lambda: rb"{\rtf1" + rb'{\field{\*\fldinst{HYPERLINK "' * 100_000,
        {"MediaLateError"},
    ),
    "html of tags without end": (
        lambda: b"<html>" + b"<a " * 1_000_000,
        {"MediaTooLargeError", "MediaLateError"},
    ),
    "html of elements in elements": (lambda: b"<html>" + b"<p>" * 600_000 + b"x", {"all of it"}),
    "16 MB of one line": (lambda: b"x" * 16 * _MB, {"a part"}),
    "16 MB of ends of lines": (lambda: b"x" + b"\n" * 16 * _MB, {"a part"}),
    "16 MB of what is no UTF-8": (lambda: b"\xe9" * 16 * _MB, {"a part"}),
    "16 MB of punctuation": (lambda: b"[{(" * 5 * _MB, {"a part"}),
    "a file of 0 bytes": (lambda: b"", {"MediaUnreadableError"}),
}
