"""What assistants are told of documents: their text, in the order in which people see it."""

import pytest

from lib.media.documents.read import DocumentLimits, read_document
from lib.media.errors import (
    MediaPicturesOnlyError,
    MediaProtectedError,
    MediaUnreadableError,
    MediaUnsupportedError,
)
from lib.media.sniff import kind_of
from lib.model.reading import Document
from tests import office, papers

pytestmark = pytest.mark.slow


def read(data, **limits):
    return read_document(data, kind_of(data), DocumentLimits(**limits))


def text_of(data):
    document = read(data)
    assert not document.left_out
    return document.text


def test_a_page_of_a_pdf():
    document = read(papers.paper(["Rent contract", "Größe: 80 m (net)"]))
    assert document == Document("Rent contract\nGröße: 80 m (net)", pages=1)


def test_pages_of_a_pdf_have_their_numbers():
    assert read(papers.paper(["One"], ["Two"], [], ["Four"])) == Document(
        "[Page 1]\nOne\n\n[Page 2]\nTwo\n\n[Page 4]\nFour", pages=4
    )


def test_a_long_pdf_is_read_in_part():
    document = read(papers.paper(*([f"This is page {n}"] for n in range(1, 201))))
    assert (document.pages, document.left_out, document.more) == (200, 0, True)
    assert document.text.startswith("[Page 1]\nThis is page 1\n\n[Page 2]")
    assert document.text.endswith("[Page 50]\nThis is page 50")


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_only_its_owner_may_change_is_read(algorithm):
    assert text_of(papers.locked(papers.paper(["Open"]), "", "owner", algorithm)) == "Open"


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_pdf_with_a_password_is_protected(algorithm):
    with pytest.raises(MediaProtectedError):
        read(papers.locked(papers.paper(["Secret"]), "user", "owner", algorithm))


def test_a_scan_has_pictures_only():
    with pytest.raises(MediaPicturesOnlyError):
        read(papers.scan())


def test_a_damaged_page_is_passed_over():
    good = papers.paper(["One"], ["Two"], ["Three"])
    # The page's stream is said to be packed in a way that there is not.
    first = good.index(b"/FlateDecode")
    second = good.index(b"/FlateDecode", first + 1)
    bad = good[:second] + b"/FlatXDecode" + good[second + len(b"/FlateDecode") :]
    assert read(bad) == Document("[Page 1]\nOne\n\n[Page 3]\nThree", pages=3, more=True)


def test_a_pdf_of_damaged_pages_is_unreadable():
    with pytest.raises(MediaUnreadableError):
        read(papers.paper(["One"], ["Two"]).replace(b"/FlateDecode", b"/FlatXDecode"))


def test_paragraphs_of_word():
    body = (
        office.paragraph("Dear Ann,")
        + office.paragraph("")
        + "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>"
        "<w:r><w:t>Price:</w:t><w:tab/><w:t>5 &lt; 6 €</w:t><w:br/><w:t>re</w:t></w:r>"
        "<w:r><w:noBreakHyphen/><w:t>read</w:t></w:r></w:p>"
    )
    assert text_of(office.docx(body)) == "Dear Ann,\n\nPrice:\t5 < 6 €\nre-read"


def test_tables_of_word_are_lines():
    rows = [["Name", "Size"], ["Desk", "2 m"]]
    body = "".join(
        f"<w:tr>{''.join(f'<w:tc>{office.paragraph(cell)}</w:tc>' for cell in row)}</w:tr>"
        for row in rows
    )
    table = f"{office.paragraph('Before')}<w:tbl>{body}</w:tbl>{office.paragraph('After')}"
    assert text_of(office.docx(table)) == "Before\nName | Size |\nDesk | 2 m |\nAfter"


def test_word_shows_what_is_not_deleted_once_and_notes_at_the_end():
    box = f"<w:txbxContent>{office.paragraph('Box')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    data = office.docx(body, notes=office.paragraph("A note"))
    assert text_of(data) == "Box\n\nnew\n\nA note"


def test_slides_in_the_order_in_which_they_are_shown():
    slides = {"slide2.xml": office.drawn("Welcome", "to us"), "slide1.xml": office.drawn("End")}
    document = read(office.pptx(slides))
    assert document == Document("[Slide 1]\nWelcome\nto us\n\n[Slide 2]\nEnd", pages=2)


def test_slides_beyond_the_limit_are_not_read():
    slides = {f"slide{n}.xml": office.drawn(f"Number {n}") for n in range(1, 8)}
    document = read(office.pptx(slides), pages=2)
    assert document == Document("[Slide 1]\nNumber 1\n\n[Slide 2]\nNumber 2", pages=7, more=True)


ROWS = """
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Desk</t></is></c><c r="B2"><v>0.30000000000000004</v></c>
<c r="D2" t="b"><v>1</v></c><c r="E2"><f>A1*2</f><v>84</v></c></row>
<row r="4"><c r="B4" t="str"><f>X</f><v>two
lines</v></c><c r="C4" t="e"><v>#DIV/0!</v></c><c t="s"><v>7</v></c></row>"""
STRINGS = (
    "<si><t>Name</t></si>"
    "<si><r><t>Si</t></r><r><t>ze</t></r><rPh sb='0' eb='1'><t>hint</t></rPh></si>"
)


def test_cells_of_a_workbook_stay_in_their_columns():
    assert read(office.xlsx({"Stock": ROWS}, STRINGS)) == Document(
        "[Sheet Stock]\nName\tSize\nDesk\t0.3\t\tTRUE\t84\n\ttwo lines\t#DIV/0!\t…", pages=1
    )


STYLES = """<numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>
<numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/>
<numFmt numFmtId="166" formatCode="[Red]0_);[h]"/><numFmt numFmtId="167" formatCode="[hh]:mm"/>
</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>
<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="167"/><xf numFmtId="22"/>
</cellXfs><cellStyles/>"""


@pytest.mark.parametrize(
    ("look", "value", "book", "shown"),
    [
        ("0", "45000", "", "45000"),
        ("1", "45000", "", "2023-03-15"),
        ("2", "45000.5", "", "2023-03-15 12:00:00"),
        ("3", "45000", "", "45000"),
        ("4", "0.75", "", "18:00:00"),
        ("5", "1", "", "1899-12-31"),
        ("1", "43538", "<workbookPr date1904='1'/>", "2023-03-15"),
        ("1", "2957003", "<workbookPr date1904='1'/>", "9999-12-31"),
        ("1", "2957004", "<workbookPr date1904='1'/>", "2957004"),
        ("1", "-3", "", "-3"),
        ("1", "1e300", "", "1e300"),
        ("1", "nan", "", "nan"),
        ("99", "45000", "", "45000"),
        ("x", "45000", "", "45000"),
        ("0", "12345678901234567890", "", "12345678901234567890"),
    ],
)
def test_numbers_are_dates_where_they_look_like_dates(look, value, book, shown):
    rows = f'<row><c s="{look}"><v>{value}</v></c></row>'
    assert text_of(office.xlsx({"A": rows}, "", STYLES, book)) == f"[Sheet A]\n{shown}"


def test_sheets_that_are_hidden_or_too_many_are_not_read():
    rows = "<row><c><v>1</v></c></row>"
    sheets = {"Secret state=hidden": rows} | {f"S{n}": rows for n in range(1, 8)}
    document = read(office.xlsx(sheets))
    assert document.text == "\n\n".join(f"[Sheet S{n}]\n1" for n in range(1, 6))
    assert (document.pages, document.more) == (7, True)


def test_an_opendocument_text():
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        "<text:h>Title</text:h><text:p>One<text:s text:c='3'/>two<text:tab/>"
        "<text:span>three</text:span><text:line-break/>four<office:annotation>"
        "<text:p>remark</text:p></office:annotation></text:p><table:table><table:table-row>"
        "<table:table-cell><text:p>A</text:p></table:table-cell>"
        "<table:table-cell><text:p>B</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text_of(office.odt(body)) == "Title\nOne   two\tthree\nfour\nA | B |"


def test_an_old_opendocument_declares_a_type_in_its_manifest():
    manifest = "<!DOCTYPE manifest:manifest PUBLIC 'x' 'Manifest.dtd'><manifest/>"
    assert text_of(office.odt("<text:p>Old</text:p>", manifest)) == "Old"


PROTECTED = {
    "Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "OpenDocument": office.odt("<text:p>x</text:p>", "<m><manifest:encryption-data/></m>"),
    # Of the first member's local header and of its entry in the directory, the lowest flag.
    "a zip": office.docx("")
    .replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    .replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
}


@pytest.mark.parametrize("data", PROTECTED.values(), ids=PROTECTED)
def test_office_files_with_a_password_are_protected(data):
    with pytest.raises(MediaProtectedError):
        read(data)


@pytest.mark.parametrize(
    "data",
    [office.docx(""), office.pptx({"slide1.xml": "<p:pic/>"}), office.odt("")],
    ids=["docx", "pptx", "odt"],
)
def test_office_files_without_text_have_pictures_only(data):
    with pytest.raises(MediaPicturesOnlyError):
        read(data)


def test_rich_text():
    pictured = rb"{\pict\wmetafile8 " + b"00ff" * 5000 + b"}"
    data = rb"{\rtf1\ansi\ansicpg1252 {\b Gr\'fc\'dfe}\par an \u8364?5 \emdash{} " + pictured + b"}"
    assert text_of(data) == "Grüße\nan €5 —"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Grüße, 你好 👍", "utf-8"),
        ("Grüße, 你好 👍", "utf-8-sig"),
        ("Grüße, 你好 👍", "utf-16"),
        ("Café déjà vu, garçon", "cp1252"),
        ("Preis;Größe\nÄpfel;5 €", "cp1252"),
        ("Zażółć gęślą jaźń, proszę państwa", "cp1250"),
        ("Привет, как дела? Это обычный русский текст", "cp1251"),
        ("Καλημέρα, τι κάνεις σήμερα φίλε μου", "cp1253"),
        ("今日は、元気ですか。明日会いましょう", "cp932"),
    ],
)
def test_text_is_read_in_the_encoding_it_is_written_in(text, encoding):
    assert text_of(text.encode(encoding)) == text


def test_a_text_that_is_cut_within_a_character_is_read_in_its_encoding():
    document = read(b"x" + "é".encode() * 600_000)
    assert document.text == "x" + "é" * 23_999
    assert (document.left_out, document.more) == (76_000, True)


def test_json_is_read_as_it_stands():
    assert text_of(b'{"a": [1,\n  2]}') == '{"a": [1,\n  2]}'


def test_a_page_of_html():
    page = (
        "<!doctype html><html><head><title>Offer</title><style>p { color: red }</style>"
        "<script>if (a < b) alert('x')</script></head><body><h1>Our   offer</h1>"
        "<p>Only &euro;5 <b>to</b>day</p><table><tr><td>A<td>B</td></tr></table>"
        "<ul><li>one<li>two</ul></body></html>"
    )
    assert text_of(page.encode()) == "Offer\n\nOur offer\n\nOnly €5 today\n\nA | B\n\none\ntwo"


@pytest.mark.parametrize(
    "data", [b"", b" \n\t ", b"<html><script>x</script>", office.xlsx({"A": ""}), rb"{\rtf1}"]
)
def test_files_without_anything_in_them_are_unreadable(data):
    with pytest.raises(MediaUnreadableError):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        office.zipped({"a.txt": "x"}),
        b"\xff\xd8\xff\xe0",
        b"\x7fELF\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
    ids=["zip", "jpeg", "program", "doc"],
)
def test_other_files_are_unsupported(data):
    with pytest.raises(MediaUnsupportedError):
        read(data)


CUTS = [
    ("a paragraph", "First one.\n\nSecond one.\n\nThird", 26, "First one.\n\nSecond one."),
    ("not too early", "A.\n\nA long second paragraph", 20, "A.\n\nA long second"),
    ("a line", "first line\nsecond line", 16, "first line"),
    ("a sentence", "One is here. Two is not", 18, "One is here."),
    ("a word", "several words here", 15, "several words"),
    ("no end at all", "x" * 30, 20, "x" * 20),
    ("an end at the limit", "x" * 20 + "\n\n" + "y" * 9, 20, "x" * 20),
    ("all of it", "One.\n\nTwo.", 10, "One.\n\nTwo."),
]


@pytest.mark.parametrize(("text", "most", "kept"), [c[1:] for c in CUTS], ids=[c[0] for c in CUTS])
def test_what_is_too_long_is_cut_where_something_ends(text, most, kept):
    document = read(text.encode(), most=most)
    assert document == Document(kept, left_out=len(text) - len(kept))


def test_what_is_left_out_is_counted_as_far_as_it_is_read():
    document = read(b"word " * 30_000)
    assert document.text == ("word " * 4800).rstrip()
    assert (document.left_out, document.more) == (99_999 - 23_999, True)


def test_no_control_characters_and_no_halves_of_characters_are_told():
    # The high half of a character without its low one; a form feed; a bell.
    data = rb"{\rtf1 a\u-10179?b\u-10179?\u-8703?c" + b"\x0c" + rb"d\'07e}"
    assert text_of(data) == "a�b😁c\nde"
