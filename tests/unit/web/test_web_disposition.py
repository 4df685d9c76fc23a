"""Names of files in Content-Disposition."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.web.disposition import file_name
from tests.growth import growth


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", ""),
        ("inline", ""),
        ("attachment; filename=report.pdf", "report.pdf"),
        ('attachment; filename="report 1.pdf"', "report 1.pdf"),
        ('ATTACHMENT ;FileName = "a.pdf" ; size=3', "a.pdf"),
        (r'attachment; filename="a \"b\" c.pdf"', 'a "b" c.pdf'),
        ("attachment; filename*=UTF-8''M%C3%A4rz.pdf", "März.pdf"),
        ("attachment; filename*=utf-8'de'M%C3%A4rz.pdf", "März.pdf"),
        ("attachment; filename*=ISO-8859-1''M%E4rz.pdf", "März.pdf"),
        ("attachment; filename=\"x.pdf\"; filename*=UTF-8''M%C3%A4rz.pdf", "März.pdf"),
        ("attachment; filename*=UTF-8''%FF%FE; filename=x.pdf", "x.pdf"),
        ("attachment; filename*=shift_jis''x; filename=y.pdf", "y.pdf"),
        ("attachment; filename=a.pdf; filename=b.pdf", "a.pdf"),
        ('attachment; x="; filename=evil.exe"; filename=a.pdf', "a.pdf"),
        ('attachment; filename="M\u00c3\u00a4rz.pdf"', "März.pdf"),  # UTF-8 as it is
        ('attachment; filename="M\u00e4rz.pdf"', "März.pdf"),  # Latin-1 as it is
        ('attachment; filename="unended', ""),
        ("filename=alone.pdf", ""),
    ],
)
def test_the_name_is_what_the_header_says(header, name):
    assert file_name(header) == name


def header(name):
    quoted = "".join(f"%{byte:02x}" for byte in name.encode("utf-8", "surrogatepass"))
    return f"attachment; filename*=UTF-8''{quoted}"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.doc", "b.doc"),
        ("..", ""),
        ("/", ""),
        (".bashrc", "bashrc"),
        ("a\nb\r\tc.pdf", "a b c.pdf"),
        ("a\x00b\x1b[31m.pdf", "ab[31m.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
        ("\u2066a\u2069\ufeff\u200b.pdf", "a.pdf"),
        ("a\u2028b.pdf", "a b.pdf"),
        ("👩\u200d🔬 نامه\u200cها.pdf", "👩\u200d🔬 نامه\u200cها.pdf"),
        ("报告.pdf", "报告.pdf"),
        ("a.pdf. . ", "a.pdf"),
        ("x" * 200 + ".pdf", "x" * 96 + ".pdf"),
        ("x" * 200, "x" * 100),
        ("x." + "y" * 200, "x." + "y" * 98),
    ],
)
def test_the_name_may_be_shown(given, name):
    assert file_name(header(given)) == name


@given(st.text())
@example("a/\u202e..\\" + "b" * 200)
def test_no_name_is_a_path_or_long_or_holds_what_nobody_sees(text):
    name = file_name(header(text))
    assert len(name) <= 100
    assert not set(name) & set("/\\\n\r\t")
    assert name == name.strip()
    assert not name.startswith(".")
    unseen = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert not {one for one in name if unicodedata.category(one) in unseen} - {"\u200c", "\u200d"}


@given(st.text(st.characters(max_codepoint=255)))
def test_every_header_has_an_answer(text):
    assert len(file_name(text)) <= 100
    assert len(file_name(f"attachment; filename={text}")) <= 100


@pytest.mark.parametrize("pattern", [';a="', ";", "; a", ';a="\\', ";a=b", '"', ";filename=x", " "])
def test_the_work_grows_with_the_length(pattern):
    assert growth(file_name, pattern, 16_000) < 10
