"""The short version of ``make chaos``: the same attack, a minute of it on either backend."""

import pytest

from tests.chaos.attacks import ATTACKS
from tests.chaos.backends import Distributed, Standalone

SEED = 4


@pytest.fixture(params=list(ATTACKS))
def attack(request):
    return ATTACKS[request.param]


@pytest.fixture
def plan(attack):
    return attack.plan(SEED, messages=120, contacts=30)


@pytest.fixture
def phones(attack, plan):
    ready = attack.phones(plan)
    yield ready
    ready.account.close()


@pytest.fixture(params=["standalone", "cloud"])
def backend(request, attack, plan, phones, tmp_path, stack):
    world = attack.world(plan)
    if request.param == "standalone":
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
def test_nothing_is_lost_repeated_or_out_of_order(attack, backend, plan, phones):
    result = attack.run(backend, plan, phones, kills=8, pause=(0.2, 1.5)).go()
    assert result.kills.total() == 8
    assert result.spotless, f"\n{result.table()}"
