"""The short version of ``make chaos``: the same attack, a minute of it on either backend."""

import pytest

from tests.chaos.backends import Distributed, Standalone
from tests.chaos.phones import Phones
from tests.chaos.plan import make_plan
from tests.chaos.run import Run
from tests.chaos.world import RandomFaults

SEED = 4


@pytest.fixture
def plan():
    return make_plan(SEED, messages=120, contacts=30)


@pytest.fixture
def phones(plan):
    ready = Phones(plan, RandomFaults(plan.random("faults")))
    yield ready
    ready.account.close()


@pytest.fixture(params=["standalone", "cloud"])
def backend(request, plan, phones, tmp_path, stack):
    if request.param == "standalone":
        return Standalone(tmp_path / "standalone", plan, phones, stack)
    return Distributed(
        tmp_path / "cloud",
        plan,
        phones,
        stack,
        firestore_address=request.getfixturevalue("firestore_emulator"),
        pubsub_address=request.getfixturevalue("pubsub_emulator"),
    )


@pytest.mark.timeout(240)
def test_nothing_is_lost_repeated_or_out_of_order(backend, plan, phones):
    result = Run(backend, plan, phones, kills=8, pause=(0.2, 1.5)).go()
    assert result.kills.total() == 8
    assert result.spotless, f"\n{result.table()}"
