"""What answers cost."""

import pytest

from lib.people.budget import AmountError, Price, amount, estimated_tokens, percent, price_of

AMOUNTS = [
    ("", 0),
    ("0", 0),
    ("1", 1_000_000),
    (" 0.25 ", 250_000),
    ("2.5e-3", 2_500),
    ("0.0000001", 1),
    ("1000000000", 10**15),
]
NONE = ["-1", "a lot", "1,5", "nan", "-nan", "snan", "inf", "1e9999999", "1000000001", "€5", "0x10"]


@pytest.mark.parametrize(("written", "millionths"), AMOUNTS)
def test_an_amount_is_a_whole_number_of_millionths(written, millionths):
    assert amount("price_in", written) == millionths


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_amount_is_refused_with_the_name_of_its_setting(written):
    with pytest.raises(AmountError, match=r"^price_in is an amount from 0 to"):
        amount("price_in", written)


def test_a_price_counts_what_was_read_and_written_and_the_question():
    price = price_of({"price_in": "2", "price_out": "8", "price_per_question": "0.01"})
    assert price.cost(1_000_000, 500_000) == 2_000_000 + 4_000_000 + 10_000
    assert price.cost(0, 0) == 10_000


def test_who_tells_no_price_has_none_and_whose_is_nought_has_one():
    assert price_of({"model": "any", "budget_per_day": "3"}) is None
    assert price_of({"price_in": "0"}) == Price()


@pytest.mark.parametrize("tokens", [1, 7, 999_999])
def test_no_answer_with_a_price_is_for_nothing(tokens):
    cheapest = Price(per_million_read=1)
    assert cheapest.cost(tokens, 0) == 1
    assert cheapest.cost(0, 0) == 0


@pytest.mark.parametrize(("length", "tokens"), [(0, 0), (1, 1), (4, 1), (5, 2), (4000, 1000)])
def test_tokens_are_estimated_by_characters(length, tokens):
    assert (
        estimated_tokens("x" * length)
        == estimated_tokens("x" * (length // 2), "x" * (length - length // 2))
        == tokens
    )


@pytest.mark.parametrize(
    ("used", "limit", "shown"), [(0, 5, 0), (799, 1000, 79), (4, 5, 80), (9, 5, 100), (1, 0, 100)]
)
def test_what_is_used_is_told_in_percent(used, limit, shown):
    assert percent(used, limit) == shown
