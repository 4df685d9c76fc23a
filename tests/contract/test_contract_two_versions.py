"""This version and the one before it, in turns on the same data: what a roll-out looks like."""

import pytest

from tests.local_gateway import ANN

pytestmark = pytest.mark.thorough


def says(number, text):
    return f"SM{number:032x}", text, ANN


@pytest.mark.parametrize("first", ["earlier", "this"])
def test_either_version_goes_on_where_the_other_one_stopped(versions, first):
    other, base = ("this", 10) if first == "earlier" else ("earlier", 20)
    switched, lost = versions.say(
        first, says(base + 1, "/switch python-expert"), says(base + 2, "!/list")
    )
    assert "Python Expert" in switched[0]
    assert lost == []
    current, again, listed = versions.say(
        other,
        says(base + 3, "/current"),
        says(base + 1, "/switch python-expert"),
        says(base + 2, "/list"),
    )
    assert "Python Expert" in current[0]
    assert again == []
    assert "Poet" in listed[0]
    told, repeated = versions.say(first, says(base + 4, "/current"), says(base + 2, "/list"))
    assert told == current
    assert repeated == []
