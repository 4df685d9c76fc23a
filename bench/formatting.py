"""How long it takes to make messages of a very long answer, and of one twice as long."""

import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from operator import truediv

from bench.rows import Row
from bench.scene import Scene
from bench.texts import KINDS, text
from lib.reply.chunks import split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp

_MEGABYTE = 1_000_000
"""Characters: a megabyte where all are ASCII, up to four of them elsewhere."""

_MOST_SECONDS_A_MEGABYTE, _MOST_GROWTH = 1.0, 2.3

_Tries = Mapping[float, Sequence[float]]
"""The CPU seconds of every try, by the megabytes of the text."""


def measure(scene: Scene) -> list[Row]:
    """Return the time for a megabyte and the growth at doubling, for the slowest kind of text.

    A quick run does the same at a tenth of the size, and tries it less often.
    """
    size = 0.1 if scene.quick else 1.0
    times = scene.repetitions(5, 2)
    tries = {}
    for kind in KINDS:
        tries[kind] = _tries(kind, (size, 2 * size), times)
        figures = ", ".join(f"{one:g} MB {_range(taken)}" for one, taken in tries[kind].items())
        scene.say(f"formatting: {kind}, {figures}")
    raw = {
        "cpu_seconds": {kind: {f"{k:g} MB": v for k, v in t.items()} for kind, t in tries.items()}
    }
    return [_time(size, tries, raw), _growth(size, tries, raw)]


def _tries(kind: str, sizes: Sequence[float], times: int) -> _Tries:
    """Try the sizes in turns, so that a machine that is busy for a while slows one try of each."""
    answers = {size: text(kind, int(size * _MEGABYTE)) for size in sizes}
    tries: dict[float, list[float]] = {size: [] for size in sizes}
    for _ in range(times):
        for size, answer in answers.items():
            tries[size].append(_seconds(answer))
    return tries


def _seconds(answer: str) -> float:
    # Or Python would look for the garbage of the try before in the time of this one.
    gc.collect()
    began = time.process_time()
    split(to_whatsapp(to_markdown(answer)))
    return time.process_time() - began


def _range(taken: Sequence[float]) -> str:
    return f"{min(taken):.2f}..{max(taken):.2f} s"


# What others do on the machine can only add to a time, so the best of the tries is the figure. A
# machine that is faster for a while changes both times of a pair, so the growth is of pairs.


def _time(size: float, tries: Mapping[str, _Tries], raw: Mapping[str, object]) -> Row:
    seconds = {kind: min(taken[size]) for kind, taken in tries.items()}
    slowest = max(seconds, key=lambda kind: seconds[kind])
    return Row(
        what=f"formatting and chunking {size:g} MB, slowest kind",
        floor="–",
        measured=f"{seconds[slowest]:.2f} s ({slowest})",
        value=seconds[slowest],
        unit="s",
        target=size * _MOST_SECONDS_A_MEGABYTE,
        note=f"best..worst of {len(tries[slowest][size])}: "
        + ", ".join(f"{kind} {_range(taken[size])}" for kind, taken in tries.items()),
        raw=raw,
    )


def _growth(size: float, tries: Mapping[str, _Tries], raw: Mapping[str, object]) -> Row:
    doublings = {
        kind: statistics.median(map(truediv, taken[2 * size], taken[size]))
        for kind, taken in tries.items()
    }
    steepest = max(doublings, key=lambda kind: doublings[kind])
    return Row(
        what="formatting and chunking, time at twice the size",
        floor="linear: 2 times",
        measured=f"{doublings[steepest]:.2f} times ({steepest})",
        value=doublings[steepest],
        target=_MOST_GROWTH,
        note=", ".join(f"{kind} {value:.2f}" for kind, value in doublings.items()),
        raw=raw,
    )
