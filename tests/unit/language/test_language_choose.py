"""Which language a person is spoken to in: the first sign of one, in the order of its worth."""

import pytest

from lib.language.choose import Signs, language_of
from lib.language.countries import spoken_at

GERMAN = "wo ist denn mein paket geblieben"
SPANISH = ("hola, donde puedo ver mi factura", "que tiempo hace hoy en Lima")


@pytest.mark.parametrize(
    ("signs", "code"),
    [
        (Signs(), "en"),
        (Signs(assistant="it"), "it"),
        (Signs(assistant="Klingon"), "en"),
        (Signs(address="+48600000000", assistant="it"), "it"),
        (Signs(address="+4915112345678", assistant="it"), "de"),
        (Signs(recent=SPANISH, address="+4915112345678"), "es"),
        (Signs(text="ok", recent=SPANISH, address="+4915112345678"), "es"),
        (Signs(text=GERMAN, recent=SPANISH, address="+34600000000"), "de"),
        (Signs(word="hilfe", recent=SPANISH, address="+34600000000"), "de"),
        (Signs(word="help", recent=SPANISH, address="+4915112345678"), "es"),
        (Signs(word="liste", address="+33612345678"), "fr"),  # also German, Danish, Norwegian
        (Signs(word="liste", address="+48600000000"), "en"),
        (Signs(spoken="it", recent=SPANISH, address="+34600000000"), "it"),
        (Signs(text="ok", spoken="it", recent=SPANISH), "it"),
        (Signs(text=GERMAN, spoken="it"), "de"),
        (Signs(spoken="pl", recent=SPANISH, address="+4915112345678"), "es"),
        (Signs(spoken="pl", address="+4915112345678"), "de"),
        (Signs(chosen="ja", spoken="it"), "ja"),
        (Signs(chosen="ja", word="hilfe", text=GERMAN, address="+34600000000"), "ja"),
        (Signs(chosen="pt-BR"), "pt"),
        (Signs(chosen="nb"), "no"),
        (Signs(chosen="nn-NO"), "no"),
        (Signs(chosen="zh_Hant_TW"), "zh"),
        (Signs(chosen="nl", text=GERMAN), "de"),  # of a later version, which speaks more
    ],
)
def test_the_first_sign_counts(signs, code):
    assert language_of(signs) == code


@pytest.mark.parametrize(
    ("address", "languages"),
    [
        ("+15550001111", ("en", "es")),
        ("+14185550123", ("fr", "en")),  # Quebec
        ("+18095550123", ("es",)),  # the Dominican Republic
        ("+5511987654321", ("pt",)),
        ("+351912345678", ("pt",)),
        ("+41791234567", ("de", "fr", "it")),
        ("+919812345678", ("hi", "en")),
        ("+4790000000", ("no",)),
        ("+48600000000", ()),
        ("DE.1A2B3C", ("de",)),
        ("CA.1A2B3C", ("en", "fr")),
        ("US.ENT.1A2B3C", ("en", "es")),
        ("PL.1A2B3C", ()),
        ("", ()),
        ("+", ()),
    ],
)
def test_a_country_is_told_by_a_number_or_a_business_scoped_id(address, languages):
    assert spoken_at(address) == languages
