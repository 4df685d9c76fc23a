"""Round trips to Firestore of one turn, counted between the responder and the emulator."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.errors import MeasurementError
from bench.figures import Sample
from bench.functions import cloud_settings, exchange, function
from bench.messages import Message, push_request
from bench.processes import child
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import StandIns, stand_ins
from bench.standins.played import NO_TIME, Record, Times
from tests.processes import free_port
from tests.stores import relay_to

Exchange = tuple[str, float, float]
"""A request to Firestore: its name, when it began and when it was answered."""

_CHUNKS = (1, 2, 3)
_BEFORE_THE_ASSISTANT, _IN_ALL = 2, 5


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as seen from outside: what Firestore was asked, and what the stand-ins saw.

    ``began`` and ``ended`` are when it was pushed and when the push was answered.
    """

    began: float
    ended: float
    exchanges: tuple[Exchange, ...]
    record: Record

    @property
    def overhead(self) -> float:
        """Milliseconds from the push to the last send, without the assistant's own time."""
        ask = self.record.asks[0]
        return (self.record.sends[-1].came - self.began - (ask.left - ask.came)) * 1000

    @property
    def before(self) -> int:
        """Sequential round trips before the assistant was asked."""
        asked = self.record.asks[0].came
        return sequential([one for one in self.exchanges if one[1] < asked])

    @property
    def in_all(self) -> int:
        """Sequential round trips altogether."""
        return sequential(self.exchanges)

    @property
    def names(self) -> str:
        """What was asked, in order."""
        return ", ".join(name for name, _, _ in sorted(self.exchanges, key=lambda one: one[1]))


class Watched:
    """A responder whose way to Firestore is watched, and warm: it has answered before."""

    def __init__(self, scene: Scene, stack: ExitStack, times: Times = NO_TIME) -> None:
        folder = scene.sub("watched")
        self._relay: Any
        self._relay, address = stack.enter_context(relay_to(scene.firestore))
        self.played: StandIns = stack.enter_context(stand_ins(folder, times))
        self._port = free_port()
        settings = {
            **cloud_settings(self.played, f"bench-{uuid4().hex[:12]}", firestore=address),
            # Nobody reports here what became of a chunk, so there is nothing to wait for.
            "CHUNK_WAIT_SECONDS": "0",
        }
        program = function(scene.build / "responder", self._port, settings, folder / "log")
        self._process = stack.enter_context(child(program))
        self._numbers = 0
        for chunks in _CHUNKS:
            self.turn(chunks)

    def turn(self, chunks: int) -> Turn:
        """Let one message be answered in so many chunks."""
        self._numbers += 1
        number = self._numbers
        message = Message(f"SM{number:032x}", "+15550001111", f"chunks {chunks} {number}?")
        self.played.forget()
        self._relay.exchanges.clear()
        began = time.monotonic()
        exchange(self._port, push_request(message, "http://responder/"), self._process)
        ended = time.monotonic()
        record = self.played.record()
        if len(record.sends) != chunks or len(record.asks) != 1:
            raise MeasurementError(f"{len(record.sends)} chunks instead of {chunks}")
        return Turn(began, ended, tuple(self._relay.exchanges), record)


def sequential(exchanges: Sequence[Exchange]) -> int:
    """Return how many of the exchanges had to wait for another one, and the first.

    That is the size of the largest set of which no two overlap, found by the earliest end.
    """
    count, end = 0, float("-inf")
    for _, began, ended in sorted(exchanges, key=lambda one: one[2]):
        if began >= end:
            count, end = count + 1, ended
    return count


def measure(scene: Scene) -> list[Row]:
    """Return the counts for answers of one, two and three chunks."""
    times = scene.repetitions(10, 3)
    with ExitStack() as stack:
        watched = Watched(scene, stack)
        turns = {n: [watched.turn(n) for _ in range(times)] for n in _CHUNKS}
    before = _row(
        "Firestore round trips before the assistant",
        max(turn.before for turn in turns[1]),
        _BEFORE_THE_ASSISTANT,
        turns[1],
    )
    return [before, *(_in_all(n, turns[n]) for n in _CHUNKS)]


def _in_all(chunks: int, turns: Sequence[Turn]) -> Row:
    plural = "" if chunks == 1 else "s"
    what = f"Firestore round trips in all, {chunks} chunk{plural}"
    return _row(what, max(one.in_all for one in turns), _IN_ALL + chunks - 1, turns)


def _row(what: str, count: int, target: int, turns: Sequence[Turn]) -> Row:
    overhead = Sample(tuple(turn.overhead for turn in turns))
    names = turns[-1].names
    return Row(
        what=what,
        floor="–",
        measured=f"{count} one after another",
        value=count,
        unit="",
        target=target,
        note=f"{names}; overhead of the turn through the relay {overhead.text(0, 'ms')}",
        raw={"exchanges": names, "overhead_ms": overhead.values},
    )
