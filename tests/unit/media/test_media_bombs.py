"""What is sent to break us: each is read in part or refused, and takes little of the machine."""

import pytest

from tests.bombs import BOMBS
from tests.reading import read_apart


@pytest.mark.thorough
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_explode(name, tmp_path):
    build, outcomes = BOMBS[name]
    file = tmp_path / "bomb"
    file.write_bytes(build())
    assert file.stat().st_size < 17 << 20
    read = read_apart(file)
    assert read.outcome in outcomes
    assert len(read.text) <= 24_000
    assert read.child_mb < 300
    assert read.child_seconds < 12
    # The interpreter, and the file twice: as it came, and as it goes to the child.
    assert read.own_mb < 80
    assert read.own_seconds < 1
