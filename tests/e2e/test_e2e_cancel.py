"""/cancel on the staged functions, with Google's own emulators between them."""

import time
from contextlib import ExitStack

import pytest

from tests.cloud import Cloud, stage
from tests.processes import wait_for
from tests.sample import sid

STOPPED = "Stopped. What the assistant had already done stays done."
NOTHING = "Nothing was running."


@pytest.fixture(scope="module")
def cloud(firestore_emulator, pubsub_emulator, tmp_path_factory):
    build = stage(tmp_path_factory.mktemp("staged"))
    with ExitStack() as stack:
        ready = Cloud(tmp_path_factory.mktemp("cloud"), firestore_emulator, pubsub_emulator, stack)
        more = {"DEFAULT_ASSISTANT_ID": "mood-hang", "ASSISTANT_API_TIMEOUT": "30"}
        for name in ("webhook", "responder"):
            stack.enter_context(ready.function(build, name, **more))
        ready.subscribe()
        # What a first turn loads is no part of how long a person waits for the next.
        assert ready.post(sid("SMw1"), "/help", "+15550010000") == 200
        wait_for(lambda: ready.sent("+15550010000"))
        yield ready


def state(cloud, turn_id):
    return cloud.documents("whatsapp_turns").get(turn_id, {}).get("state")


def test_it_overtakes_the_question_that_an_assistant_never_answers(cloud):
    person = "+15550010001"
    assert cloud.post(sid("SMa1"), "Think about it", person) == 200
    wait_for(lambda: state(cloud, sid("SMa1")) == "thinking")
    assert cloud.post(sid("SMa2"), "And about that", person) == 200
    started = time.monotonic()
    assert cloud.post(sid("SMa3"), "/cancel", person) == 200
    said = wait_for(lambda: cloud.sent(person))
    # Well before the assistant's time is over; on a machine of its own, within a second.
    assert time.monotonic() - started < 20
    assert said == [STOPPED]
    turns = cloud.documents("whatsapp_turns")
    assert (turns[sid("SMa1")]["state"], turns[sid("SMa1")]["stopped_by"]) == (
        "delivered",
        sid("SMa3"),
    )
    assert cloud.documents("whatsapp_stops")[person]["before"]
    # The second question is settled in silence once its turn comes.
    wait_for(lambda: state(cloud, sid("SMa2")) == "delivered", 90)
    assert cloud.sent(person) == [STOPPED]


def test_a_bare_word_is_put_in_line_where_nothing_is_running(cloud):
    person = "+15550010002"
    assert cloud.post(sid("SMb1"), "Cancel", person) == 200
    wait_for(lambda: cloud.sent(person))
    assert cloud.sent(person)[0].startswith("✅ From now on you only get answers")
    assert cloud.post(sid("SMb2"), "/abort", person) == 200
    wait_for(lambda: len(cloud.sent(person)) == 2)
    assert cloud.sent(person)[1] == NOTHING
