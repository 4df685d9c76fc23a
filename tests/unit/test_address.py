import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.address import canonical, is_phone, is_whatsapp, mask, parse_address, spellings
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


FORMS = {
    "+525512345678": "+5215512345678",
    "+528112345678": "+5218112345678",
    "+5511987654321": "+551187654321",
    "+5521999990000": "+552199990000",
    "+5585961234567": "+558561234567",
    "+5491123456789": "+541123456789",
    "+5492901234567": "+542901234567",
    "+5493514567890": "+543514567890",
}


@pytest.mark.parametrize(("today", "other"), FORMS.items())
def test_one_number_in_two_national_forms_is_one(today, other):
    assert spellings(today) == spellings(other) == (today, other)
    assert canonical(today) == canonical(other) == today


@pytest.mark.parametrize(
    ("at_home", "today"),
    [
        ("+54 11 15-3333-4444", "+5491133334444"),
        ("+54 9 11 15 3333 4444", "+5491133334444"),
        ("+54 (0351) 15 444-5555", "+5493514445555"),
        ("+54 2944 15 111222", "+5492944111222"),
        ("+54 011 3333-4444", "+5491133334444"),
        ("+52 044 55 1234 5678", "+525512345678"),
        ("+52 01 55 1234 5678", "+525512345678"),
        ("+55 (011) 98765-4321", "+5511987654321"),
        ("+55 (011) 3333-4444", "+551133334444"),
    ],
)
def test_a_number_as_it_is_dialled_at_home_is_the_same_number(at_home, today):
    assert parse_address(at_home) == today == canonical(today)


@pytest.mark.parametrize("address", ["+5491133334444", "+541115333344", "+5215512345678"])
def test_an_address_that_can_be_written_to_stays_as_it_is(address):
    assert parse_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "+15550001111",
        "+4915112345678",
        "+551133334444",  # a landline of São Paulo
        "+5511933334444",  # what would be its mobile number
        "+5511587654321",
        "+5501987654321",
        "+550087654321",
        "+55119876543210",
        "+521551234567",
        "+52155123456789",
        "+5201234567890",
        "+5211234567890",
        "+540112345678",
        "+549112345678",
        "+54911234567890",
        "+5234",
        "US.1A2B3C",
        "",
    ],
)
def test_any_other_address_has_one_form(address):
    assert spellings(address) == (address,)
    assert canonical(address) == address


@given(st.from_regex(r"\A\+(52|54|55)[0-9]{6,12}\Z"))
def test_the_forms_of_a_number_are_the_same_for_each_of_them(address):
    forms = spellings(address)
    assert address in forms
    assert all(spellings(form) == forms for form in forms)
    assert len({len(form) for form in forms}) == len(forms)


@pytest.mark.parametrize("raw", ["whatsapp:+15550001111", "WhatsApp: 1555", " whatsapp:US.1A"])
def test_an_address_of_whatsapp_says_so(raw):
    assert is_whatsapp(raw)


@pytest.mark.parametrize("raw", ["+15550001111", "sms:+1555", "messenger:whatsapp:1", "", "US.1A"])
def test_an_address_of_another_channel_does_not(raw):
    assert not is_whatsapp(raw)
