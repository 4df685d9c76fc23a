"""Loading without searching for garbage."""

import gc

import pytest

from standalone.loading import unsearched


@pytest.fixture(autouse=True)
def _thawed():
    yield
    gc.unfreeze()


def test_nothing_is_searched_meanwhile_and_what_came_then_never():
    before = gc.get_freeze_count()
    with unsearched():
        assert not gc.isenabled()
        loaded = [[]]
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
    assert not any(one is loaded for one in gc.get_objects())


def test_a_failure_leaves_the_search_on():
    with pytest.raises(KeyError), unsearched():
        raise KeyError
    assert gc.isenabled()
