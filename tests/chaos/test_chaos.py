"""The short version of ``make chaos``: the same attack, a minute of it on either backend."""

from itertools import product

import pytest

from tests.chaos.attacks import ATTACKS
from tests.chaos.backends import Distributed, Standalone

SEED = 4
# Media are read by a child each, and heard and spoken by servers that take their time.
SIZES = {"messages": (120, 8), "thinking": (120, 8), "media": (40, 5)}


# One attack with each `make test`, on the backend that needs no emulator; the rest is thorough.
IN_ALL_TESTS = ("thinking", "standalone")
SCENES = [
    pytest.param(*scene, marks=() if scene == IN_ALL_TESTS else pytest.mark.thorough)
    for scene in product(ATTACKS, ("standalone", "cloud"))
]


@pytest.fixture
def attack(name):
    return ATTACKS[name]


@pytest.fixture
def plan(name, attack):
    return attack.plan(SEED, messages=SIZES[name][0], contacts=30)


@pytest.fixture
def phones(attack, plan):
    ready = attack.phones(plan)
    yield ready
    ready.account.close()


@pytest.fixture
def backend(request, place, attack, plan, phones, tmp_path, stack):
    world = attack.world(plan)
    if place == "standalone":
        return Standalone(tmp_path / "standalone", world, phones, stack)
    return Distributed(
        tmp_path / "cloud",
        world,
        phones,
        stack,
        firestore_address=request.getfixturevalue("firestore_emulator"),
        pubsub_address=request.getfixturevalue("pubsub_emulator"),
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("name", "place"), SCENES)
def test_nothing_is_lost_repeated_or_out_of_order(name, attack, backend, plan, phones):
    kills = SIZES[name][1]
    result = attack.run(backend, plan, phones, kills=kills, pause=(0.2, 1.5)).go()
    assert result.kills.total() == kills
    assert result.spotless, f"\n{result.table()}"
