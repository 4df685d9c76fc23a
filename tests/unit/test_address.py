import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.address import is_phone, mask, parse_address
from lib.errors import AddressError


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("whatsapp:+14155238886", "+14155238886"),
        ("whatsapp: 14155238886", "+14155238886"),
        ("whatsapp:14155238886", "+14155238886"),
        ("WhatsApp:+1 (415) 523-8886", "+14155238886"),
        ("+14155238886", "+14155238886"),
        ("0049 30 901820", "+4930901820"),
        ("whatsapp:US.1A2B3C4D", "US.1A2B3C4D"),
        ("whatsapp:US.ENT.1A2B3C4D", "US.ENT.1A2B3C4D"),
    ],
)
def test_an_address_is_understood_however_it_is_written(raw, address):
    assert parse_address(raw) == address


@pytest.mark.parametrize(
    "raw",
    ["", "whatsapp:", "whatsapp:+", "messenger:123", "+0123456", "us.1a", "US.", "a/b", "١٢٣٤٥٦٧"],
)
def test_what_is_no_address_is_refused(raw):
    with pytest.raises(AddressError):
        parse_address(raw)


@given(st.text())
def test_any_text_is_an_address_or_refused(raw):
    try:
        address = parse_address(raw)
    except AddressError:
        return
    assert parse_address(f"whatsapp:{address}") == address


def test_a_business_scoped_id_is_no_phone():
    assert is_phone("+14155238886")
    assert not is_phone("US.1A2B3C4D")


def test_a_masked_address_shows_its_end_only():
    assert mask("+14155238886") == "…8886"
    assert mask("123") == "…"
