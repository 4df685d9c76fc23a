"""Many conversations that wait for a slow assistant at once, in one process."""

from collections.abc import Sequence
from contextlib import ExitStack

from bench.functions import cloud_settings, exchange, function
from bench.gateway import standalone
from bench.load import run_load
from bench.messages import Message, messages, push_request, webhook_request
from bench.processes import child, memory_of
from bench.replies import require_all
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import StandIns, stand_ins
from bench.standins.played import Ask, Record, Times
from tests.processes import free_port

_MOST_MEGABYTES, _MOST_SECONDS = 300.0, 1.0
_PATIENCE_SECONDS = 180.0


def measure(scene: Scene) -> list[Row]:
    """Return how many waited at once, their memory, and the latest reply, both ways to run."""
    count, thinking = scene.repetitions(200, 100), scene.repetitions(10, 4)
    return [*_responder(scene, count, thinking), *_standalone(scene, count, thinking)]


def _responder(scene: Scene, count: int, thinking: float) -> list[Row]:
    folder, port = scene.sub("responder"), free_port()
    url = f"http://127.0.0.1:{port}/"
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(folder, Times(assistant=thinking)))
        settings = {
            **cloud_settings(played, "bench-waiting", firestore=scene.firestore),
            "THREADS": str(count),
        }
        program = function(scene.build / "responder", port, settings, folder / "log")
        process = stack.enter_context(child(program))
        _warm_up(played, port, push_request(_first(), url))
        # Firestore's emulator compiles what it runs often: its first second is no part of ours.
        for label, what in ((2, "a round to warm the emulator up"), (0, "the round that counts")):
            scene.say(f"waiting: {count} pushes to the responder at once, {what}")
            written = list(messages(count, count, label))
            pushes = [push_request(message, url) for message in written]
            played.forget()
            run_load(url, pushes, count).require_clean()
        peak = memory_of(process.worker()).peak
        return _rows("responder", _answered(played, written), peak, count)


def _standalone(scene: Scene, count: int, thinking: float) -> list[Row]:
    folder, port = scene.sub("standalone"), free_port()
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(folder, Times(assistant=thinking)))
        gateway = stack.enter_context(standalone(folder, played, port))
        _warm_up(played, port, webhook_request(_first(), gateway.webhook))
        scene.say(f"waiting: {count} messages to one machine at once")
        written = list(messages(count, count))
        posts = [webhook_request(message, gateway.webhook) for message in written]
        run_load(gateway.webhook, posts, 16).require_clean()
        played.wait_for_sends(count, _PATIENCE_SECONDS)
        peak = gateway.process.memory().peak
        return _rows("one machine", _answered(played, written), peak, count)


def _first() -> Message:
    return next(messages(1, 1, label=1))


def _warm_up(played: StandIns, port: int, request: bytes) -> None:
    exchange(port, request)
    played.wait_for_sends(1, _PATIENCE_SECONDS)
    played.forget()


def _answered(played: StandIns, written: Sequence[Message]) -> Record:
    record = played.record()
    require_all(record, written)
    return record


def at_once(asks: Sequence[Ask]) -> int:
    """Return the most questions that the assistant had in hand at one moment."""
    # At the same moment, what ends goes before what begins.
    steps = sorted([(ask.came, 1) for ask in asks] + [(ask.left, -1) for ask in asks])
    most = current = 0
    for _, step in steps:
        current += step
        most = max(most, current)
    return most


def latest(record: Record) -> float:
    """Return the most seconds between an answer and the reply that carries it."""
    answered = {ask.who.partition("@")[0]: ask.left for ask in record.asks}
    return max(one.came - answered[one.to.removeprefix("whatsapp:")] for one in record.sends)


def _rows(who: str, record: Record, peak: float, count: int) -> list[Row]:
    most, late = at_once(record.asks), latest(record)
    raw = {
        "at_once": most,
        "peak_mb": peak,
        "latest_s": late,
    }
    return [
        Row(
            what=f"{who}: conversations waiting at once",
            floor="–",
            measured=f"{most} of {count}",
            value=most,
            unit="",
            target=count,
            at_most=False,
            raw=raw,
        ),
        Row(
            what=f"{who}: peak memory with {count} waiting",
            floor="–",
            measured=f"{peak:.0f} MB",
            value=peak,
            unit="MB",
            target=_MOST_MEGABYTES,
        ),
        Row(
            what=f"{who}: latest reply after its own answer",
            floor="–",
            measured=f"{late:.2f} s",
            value=late,
            unit="s",
            target=_MOST_SECONDS,
        ),
    ]
