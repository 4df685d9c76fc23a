"""How many webhooks a standalone gateway accepts, and how many turns it finishes, a second."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from bench.errors import MeasurementError
from bench.figures import Sample
from bench.gateway import Standalone, standalone, status_url
from bench.load import run_load
from bench.messages import messages, webhook_request
from bench.processes import wait_for
from bench.replies import require_all
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import StandIns, stand_ins
from bench.standins.played import Times
from tests.processes import free_port

_CONNECTIONS = 16
_CONTACTS = 400
_MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of one burst: rates a second, MiB in memory after it, ms of CPU a turn."""

    accepted: float
    turns: float
    p99: float
    resident: float
    cpu: float


def measure(scene: Scene) -> list[Row]:
    """Return the rates, the memory after each burst, and the rate with status callbacks on."""
    count = scene.repetitions(2000, 500)
    bursts = _bursts(scene, "throughput", scene.repetitions(5, 3), count, callbacks=False)
    reported = _bursts(scene, "callbacks", 2, count // 2, callbacks=True)
    return [*_rates(bursts, count), _memory(bursts, count), _with_callbacks(reported)]


def _bursts(scene: Scene, name: str, times: int, count: int, *, callbacks: bool) -> list[Burst]:
    folder, port = scene.sub(name), free_port()
    with ExitStack() as stack:
        reports = status_url(port) if callbacks else ""
        played = stack.enter_context(stand_ins(folder, Times(), reports))
        # What a person sends while they wait would be answered as one question.
        each = {"JOIN_BURSTS": "false"}
        gateway = stack.enter_context(
            standalone(folder, played, port, callbacks=callbacks, settings=each)
        )
        _burst(gateway, played, 200, 0)
        bursts = []
        for number in range(times):
            bursts.append(_burst(gateway, played, count, number + 1))
            last = bursts[-1]
            scene.say(
                f"{name}: {last.accepted:.0f} webhooks/s, {last.turns:.0f} turns/s, "
                f"{last.resident:.0f} MB"
            )
            if callbacks:
                _require_reports(played, count)
    return bursts


def _burst(gateway: Standalone, played: StandIns, count: int, label: int) -> Burst:
    """Send so many messages as fast as they are accepted, and wait for the last reply."""
    written = list(messages(count, _CONTACTS, label))
    requests = [webhook_request(message, gateway.webhook) for message in written]
    played.forget()
    cpu = gateway.process.cpu_seconds()
    result = run_load(gateway.webhook, requests, _CONNECTIONS)
    result.require_clean()
    played.wait_for_sends(count, _MOST_SECONDS)
    record = played.record()
    require_all(record, written)
    last = max(send.came for send in record.sends)
    return Burst(
        accepted=result.per_second,
        turns=count / (last - result.began),
        p99=result.latency(0.99),
        resident=gateway.process.memory().resident,
        cpu=(gateway.process.cpu_seconds() - cpu) / count * 1000,
    )


def _require_reports(played: StandIns, count: int) -> None:
    def told() -> bool:
        record = played.record()
        return record.callbacks + record.refusals >= 2 * count

    wait_for(told, _MOST_SECONDS, "all status callbacks were made", pause=0.5)
    if refused := played.record().refusals:
        raise MeasurementError(f"{refused} status callbacks were refused")


def _rates(bursts: Sequence[Burst], count: int) -> list[Row]:
    raw = {"bursts": [asdict(one) for one in bursts]}
    cpu = Sample(tuple(one.cpu for one in bursts))
    note = f"{len(bursts)} bursts of {count} messages; none lost, none twice, all in order"
    rows = []
    for what, values, target in (
        ("webhooks accepted", [one.accepted for one in bursts], 800.0),
        ("turns", [one.turns for one in bursts], 300.0),
    ):
        sample = Sample(tuple(values))
        rows.append(
            Row(
                what=f"one machine: {what} a second",
                floor="–",
                measured=sample.text(0, "/s"),
                value=sample.median,
                unit="/s",
                target=target,
                at_most=False,
                note=f"{note}; {cpu.text(1, 'ms of CPU a turn')}",
                raw=raw,
            )
        )
    return rows


def _memory(bursts: Sequence[Burst], count: int) -> Row:
    sizes = [one.resident for one in bursts]
    growth = sizes[-1] / sizes[0]
    return Row(
        what="one machine: memory, last burst against the first",
        floor=f"{sizes[0]:.0f} MB after {count} messages",
        measured=f"{sizes[-1]:.0f} MB after {count * len(sizes)}",
        value=growth,
        target=1.1,
        ratio=growth,
        note=", ".join(f"{size:.0f}" for size in sizes) + " MB",
        raw={"resident_mb": sizes},
    )


def _with_callbacks(bursts: Sequence[Burst]) -> Row:
    sample = Sample(tuple(one.turns for one in bursts))
    return Row(
        what="one machine: turns a second, two status callbacks each",
        floor="–",
        measured=sample.text(0, "/s"),
        value=sample.median,
        unit="/s",
        note="all callbacks taken",
        raw={"bursts": [asdict(one) for one in bursts]},
    )
