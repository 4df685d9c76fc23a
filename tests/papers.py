"""PDF files written by hand (ISO 32000-1), and what the writer of pypdf makes of them."""

import zlib
from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def pdf(objects: Sequence[bytes], ending: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (len(objects) + 1, ending)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """An object that is a stream of this data."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def packed(data: bytes, entries: bytes = b"") -> bytes:
    """An object that is a packed stream of this data."""
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + entries)


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A file of one page with this stream; further objects begin with number 6."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>%b>>>>" % resources,
            content,
            _FONT,
            *more,
        ]
    )


def lines(*texts: str) -> bytes:
    """What writes some lines on a page."""
    shown = b"".join(
        b"(%b) Tj 0 -14 Td\n" % text.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)")
        for text in texts
    )
    return b"BT /F1 12 Tf 72 720 Td\n%bET" % shown


def paper(*pages: Sequence[str]) -> bytes:
    """A document of pages with these lines."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, len(pages)),
        _FONT,
    ]
    for number, page in enumerate(pages):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (5 + 2 * number),
            packed(lines(*page)),
        ]
    return pdf(objects)


def scan() -> bytes:
    """A page that is one picture."""
    image = packed(
        b"\x80" * 64 * 64,
        b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8",
    )
    return one_page(
        stream(b"q 612 0 0 792 0 0 cm /Im1 Do Q"), image, resources=b"/XObject<</Im1 6 0 R>>"
    )


def locked(data: bytes, user: str, owner: str, algorithm: str) -> bytes:
    """The same document, to be opened with the user's password or the owner's."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt(user, owner, algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
