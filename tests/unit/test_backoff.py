from hypothesis import given
from hypothesis import strategies as st

from lib.backoff import DEFAULT_BACKOFF, Backoff

seconds = st.floats(0.001, 1000)


@given(seconds, st.floats(1, 1000), st.integers(1, 10**6))
def test_a_wait_is_half_to_all_of_the_doubled_time_up_to_its_limit(first, factor, attempt):
    longest = first * factor
    wait = Backoff(first, longest).after(attempt).total_seconds()
    full = min(longest, first * 2 ** min(attempt - 1, 60))
    assert full / 2 - 1e-6 <= wait <= full + 1e-6


def test_waits_are_spread():
    waits = {DEFAULT_BACKOFF.after(8) for _ in range(100)}
    assert len(waits) > 90


def test_by_default_it_is_half_a_second_at_first_and_a_minute_in_the_end():
    assert 0.25 <= DEFAULT_BACKOFF.after(1).total_seconds() <= 0.5
    assert 30 <= DEFAULT_BACKOFF.after(100).total_seconds() <= 60


def test_it_may_stay_as_it_is_at_first():
    waits = [Backoff(8.0, 60.0, even=2).after(attempt).total_seconds() for attempt in range(1, 7)]
    for wait, most in zip(waits, (8, 8, 8, 16, 32, 60), strict=True):
        assert most / 2 <= wait <= most
