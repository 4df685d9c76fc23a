"""Tables of which `make test` tries a sample, and `make test-thorough` all the rest."""

from collections.abc import Iterable, Mapping

import pytest


def sampled(cases: Mapping[str, tuple] | Iterable[str], *kept: str) -> list:
    """Cases by their names, as `parametrize` takes them: all but those kept are thorough.

    A case is the values of its name, or the name itself.
    """
    table = cases if isinstance(cases, Mapping) else {name: (name,) for name in cases}
    assert set(kept) <= set(table), "a sample is of the table"
    return [
        pytest.param(*values, id=name, marks=() if name in kept else pytest.mark.thorough)
        for name, values in table.items()
    ]
