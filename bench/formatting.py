"""How long it takes to make messages of a very long answer, and of one twice as long."""

import time
from collections.abc import Mapping

from bench.rows import Row
from bench.scene import Scene
from bench.texts import KINDS, text
from lib.reply.chunks import split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp

_MEGABYTE = 1_000_000
"""Characters: a megabyte where all are ASCII, up to four of them elsewhere."""

_MOST_SECONDS_A_MEGABYTE, _MOST_GROWTH = 1.0, 2.3
_TRIES, _ENOUGH_SECONDS = 3, 2.0


def measure(scene: Scene) -> list[Row]:
    """Return the time for a megabyte and the growth at doubling, for the slowest kind of text.

    A quick run does the same at a tenth of the size.
    """
    size = 0.1 if scene.quick else 1.0
    sizes = (size / 2, size, 2 * size)
    seconds = {}
    for kind in KINDS:
        seconds[kind] = [_best(kind, one) for one in sizes]
        figures = ", ".join(f"{one:.2f} s" for one in seconds[kind])
        scene.say(f"formatting: {kind}, {sizes[0]:g} to {sizes[-1]:g} MB: {figures}")
    raw = {"megabytes": sizes, "cpu_seconds": seconds}
    return [_time(size, {k: v[1] for k, v in seconds.items()}, raw), _growth(seconds, raw)]


def _best(kind: str, megabytes: float) -> float:
    """Return the CPU seconds it takes at best: what others do can only add to it."""
    answer = text(kind, int(megabytes * _MEGABYTE))
    tries: list[float] = []
    while len(tries) < _TRIES and sum(tries) < _ENOUGH_SECONDS:
        tries.append(_seconds(answer))
    return min(tries)


def _seconds(answer: str) -> float:
    began = time.process_time()
    split(to_whatsapp(to_markdown(answer)))
    return time.process_time() - began


def _time(size: float, seconds: Mapping[str, float], raw: Mapping[str, object]) -> Row:
    slowest = max(seconds, key=lambda kind: seconds[kind])
    return Row(
        what=f"formatting and chunking {size:g} MB, slowest kind",
        floor="–",
        measured=f"{seconds[slowest]:.2f} s ({slowest})",
        value=seconds[slowest],
        unit="s",
        target=size * _MOST_SECONDS_A_MEGABYTE,
        note=", ".join(f"{kind} {value:.2f} s" for kind, value in seconds.items()),
        raw=raw,
    )


def _growth(seconds: Mapping[str, list[float]], raw: Mapping[str, object]) -> Row:
    doublings = {kind: values[2] / values[1] for kind, values in seconds.items()}
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
