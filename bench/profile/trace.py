"""The round trips of one turn in time: what follows what, and what runs side by side."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench.roundtrips import Turn, Watched
from bench.scene import Scene
from bench.standins.played import Times

_TIMES = Times(assistant=0.05, twilio=0.02)
_CHUNKS = 3
_WIDTH = 60


@dataclass(frozen=True, slots=True)
class Span:
    """One exchange: with whom, from when to when, in ms since the push."""

    name: str
    began: float
    ended: float


def show(scene: Scene) -> str:
    """Return the timeline of a turn of the staged responder that is answered in three chunks."""
    with ExitStack() as stack:
        turn = Watched(scene, stack, _TIMES).turn(_CHUNKS)
    head = (
        f"One warm turn of the responder, {_CHUNKS} chunks; the assistant takes "
        f"{_TIMES.assistant * 1000:.0f} ms, Twilio {_TIMES.twilio * 1000:.0f} ms"
    )
    whole = (turn.ended - turn.began) * 1000
    return f"{head}\n{timeline(spans(turn), whole)}"


def spans(turn: Turn) -> list[Span]:
    """Return everything a turn waited for, in order of its beginning."""
    found = [(f"store {name}", began, ended) for name, began, ended in turn.exchanges]
    found += [("assistant", ask.came, ask.left) for ask in turn.record.asks]
    found += [("Twilio", send.came, send.came + _TIMES.twilio) for send in turn.record.sends]
    return sorted(
        (Span(name, (a - turn.began) * 1000, (b - turn.began) * 1000) for name, a, b in found),
        key=lambda span: span.began,
    )


def timeline(found: Sequence[Span], whole: float) -> str:
    """Return a line for each span: its start and length in ms, how many run beside it, a bar."""
    lines = [f"{'at ms':>8} {'takes':>7} beside"]
    for span in found:
        beside = sum(
            other is not span and other.began < span.ended and span.began < other.ended
            for other in found
        )
        start = round(span.began / whole * _WIDTH)
        length = max(1, round((span.ended - span.began) / whole * _WIDTH))
        bar = f"{' ' * start}{'█' * length}".ljust(_WIDTH + 1)
        lines.append(
            f"{span.began:8.1f} {span.ended - span.began:7.1f} {beside or '':>6}  {bar} {span.name}"
        )
    busy = _covered(found)
    lines.append(f"{whole:8.1f} ms in all; {whole - busy:.1f} ms of it waiting for none of these")
    return "\n".join(lines)


def _covered(found: Sequence[Span]) -> float:
    """Return the ms during which at least one span runs."""
    covered, end = 0.0, 0.0
    for span in found:
        covered += max(0.0, span.ended - max(end, span.began))
        end = max(end, span.ended)
    return covered
