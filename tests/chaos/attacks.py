"""The attacks there are: what people do, who answers them, and who judges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.chaos import media_plan, thinking
from tests.chaos import plan as classic
from tests.chaos.backends import World
from tests.chaos.media_run import MediaRun
from tests.chaos.media_world import SETTINGS, MediaFaults, media_world
from tests.chaos.phones import Phones
from tests.chaos.run import Run
from tests.chaos.streaming import streaming_assistant
from tests.chaos.thinking_run import ThinkingRun
from tests.chaos.world import RandomFaults, assistant

_STREAMING = {
    "ASSISTANT_BACKEND": "openai",
    "ASSISTANT_MODEL": "words",
    "JOIN_BURSTS": "true",
}
# Each of its messages is a question of its own.
_ALONE = {"JOIN_BURSTS": "false"}


@dataclass(frozen=True, slots=True)
class Attack:
    """One kind of attack; ``plan`` makes what is said from a seed, messages and contacts.

    ``messages`` and ``kills`` are how many there are unless somebody says otherwise.
    """

    plan: Callable[[int, int, int], Any]
    phones: Callable[[Any], Phones]
    world: Callable[[Any], World]
    run: type[Run]
    messages: int = 5000
    kills: int = 200


ATTACKS = {
    "messages": Attack(
        classic.make_plan,
        lambda plan: Phones(RandomFaults(plan.random("faults")), plan),
        lambda plan: World(assistant(plan), settings=_ALONE),
        Run,
    ),
    "thinking": Attack(
        thinking.make_plan,
        # What fails on its way comes again, behind whatever was said meanwhile: the other attack's.
        lambda plan: Phones(RandomFaults(plan.random("faults"), scripted=0)),
        lambda plan: World(streaming_assistant(plan), "/v1", _STREAMING),
        ThinkingRun,
    ),
    "media": Attack(
        media_plan.make_plan,
        lambda plan: Phones(MediaFaults(plan.random("faults")), plan),
        lambda plan: World(media_world(plan), "/v1", SETTINGS, keeps_media=True),
        MediaRun,
        messages=500,
        kills=40,
    ),
}
"""``messages``: whole answers, failed sends, false reports. ``thinking``: answers in pieces,
/cancel, bursts. ``media``: what is read, heard, enclosed and spoken, each of which takes long."""
