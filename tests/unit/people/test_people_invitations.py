"""Codes of invitations, whatever the number, and however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.people.invitations import code_of, read_code, sent_code

NUMBERS = st.integers(0, 2**40 - 1)
SIGNS = st.sampled_from(["-", "", " ", "–", "—", ".", "_", "\u2011"])


@given(NUMBERS)
def test_each_number_has_a_code_of_its_own_without_what_people_mix_up(number):
    code = code_of(number)
    assert len(code) == 9
    assert code[4] == "-"
    assert not set(code) & set("01OI")
    digits = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    places = [digits.index(letter) for letter in code.replace("-", "")]
    assert sum(place << (5 * index) for index, place in enumerate(places)) == number


@given(NUMBERS, SIGNS, st.booleans(), st.sampled_from(["", " ", "“", "<"]))
def test_a_code_is_read_however_it_is_typed(number, sign, lower, around):
    code = code_of(number)
    typed = around + code.replace("-", sign) + around
    assert read_code(typed.lower() if lower else typed) == code


@given(NUMBERS, SIGNS, st.sampled_from(["/login ", "Login: ", "https://wa.me/1?text=/login%20"]))
def test_a_code_is_found_behind_the_word_for_it(number, sign, before):
    code = code_of(number)
    if sign or not code.replace("-", "").isalpha():
        assert sent_code(before + code.replace("-", sign)) == code


@given(NUMBERS)
def test_a_code_as_it_was_made_is_found_alone(number):
    assert sent_code(code_of(number)) == code_of(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "language",
        "bank rate",
        "well-known",
        "GOOD LUCK",
        "My login elements",
        "login",
        "/login",
        "+15550001111",
        "2024-2025",
        "12.04.2026",
    ],
)
def test_other_texts_have_none(text):
    assert sent_code(text) == ""
