"""How many messages a second the webhook queues, and what it then has in memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from bench.errors import MeasurementError
from bench.figures import Sample, ratio
from bench.functions import FLOORS, WEBHOOK_URL, cloud_settings, exchange, function
from bench.load import run_load
from bench.messages import messages, webhook_request
from bench.outcome import Result
from bench.processes import Child, Memory, child, memory_of
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import stand_ins
from bench.standins.played import NO_TIME
from bench.topic import Topic
from tests.processes import free_port

_CONNECTIONS = 8
_CONTACTS = 400
_NAMES = ("hello", "signature", "leanest", "webhook")
_PUBLISHING = ("leanest", "webhook")
_MOST, _WARM = 9000, 1000


@dataclass(slots=True)
class _Server:
    """A function that runs, and what was measured of it."""

    url: str
    process: Child
    topic: Topic
    results: list[Result]
    cpu: list[float]

    def sample(self, figure: str) -> Sample:
        """Return one figure of every round."""
        take = {
            "rate": lambda one: one.per_second,
            "p50": lambda one: one.latency(0.5),
            "p99": lambda one: one.latency(0.99),
        }[figure]
        return Sample(tuple(map(take, self.results)))


def measure(scene: Scene) -> list[Row]:
    """Return the rate beside its floors, and the memory afterwards."""
    with ExitStack() as stack:
        servers = _serve(scene, stack)
        times, seconds = scene.repetitions(8, 2), 2.0
        sids: dict[str, list[str]] = defaultdict(list)
        for number in range(times):
            for name, server in servers.items():
                sids[name] += _load(server, number * len(_NAMES) + _NAMES.index(name), seconds)
            rates = ", ".join(f"{n} {s.results[-1].per_second:.0f}/s" for n, s in servers.items())
            scene.say(f"rate: {rates}")
        memory = {n: memory_of(servers[n].process.worker()) for n in ("hello", "webhook")}
        for name in _PUBLISHING:
            _require_arrived(servers[name], sids[name])
    return [*_rates(servers), _memory(memory)]


def _serve(scene: Scene, stack: ExitStack) -> dict[str, _Server]:
    played = stack.enter_context(stand_ins(scene.folder, NO_TIME))
    servers = {}
    for name in _NAMES:
        source = (scene.build if name == "webhook" else FLOORS) / name
        port, topic = free_port(), Topic(scene.pubsub)
        topic.keep()
        settings = cloud_settings(played, topic.project, pubsub=scene.pubsub)
        program = function(source, port, settings, scene.folder / f"{name}.log")
        process = stack.enter_context(child(program))
        url = f"http://127.0.0.1:{port}/"
        # What is imported or connected at the first messages is no part of the rate, nor is the
        # time the emulator takes to warm up.
        warm = list(messages(_WARM, _CONTACTS, 900))
        exchange(port, webhook_request(warm[0], WEBHOOK_URL), process)
        run_load(url, [webhook_request(one, WEBHOOK_URL) for one in warm], _CONNECTIONS)
        topic.drain()
        servers[name] = _Server(url, process, topic, [], [])
    return servers


def _load(server: _Server, label: int, seconds: float) -> list[str]:
    """Load a function for some seconds; return the ids of the messages that were answered."""
    written = list(messages(_MOST, _CONTACTS, label))
    requests = [webhook_request(one, WEBHOOK_URL) for one in written]
    cpu = server.process.cpu_seconds()
    result = run_load(server.url, requests, _CONNECTIONS, seconds=seconds)
    result.require_clean()
    server.cpu.append((server.process.cpu_seconds() - cpu) / result.sent * 1000)
    server.results.append(result)
    lanes = [written[lane::_CONNECTIONS] for lane in range(_CONNECTIONS)]
    return [
        one.sid for lane, count in zip(lanes, result.lanes, strict=True) for one in lane[:count]
    ]


def _require_arrived(server: _Server, sids: Sequence[str]) -> None:
    arrived = server.topic.drain()
    if sorted(arrived) != sorted(sids):
        raise MeasurementError(f"{len(sids)} confirmed, {len(set(arrived))} arrived")


def _rates(servers: Mapping[str, _Server]) -> list[Row]:
    webhook = servers["webhook"]
    targets = {"hello": 0.45, "leanest": 0.8}
    shares = {name: ratio(webhook.sample("rate"), servers[name].sample("rate")) for name in _NAMES}
    met = any(shares[name] >= target for name, target in targets.items())
    rows = []
    for name, what in (
        ("hello", "hello"),
        ("leanest", "leanest webhook"),
        ("signature", "hello that checks the signature"),
    ):
        target = targets.get(name)
        # One of the two targets is enough; the other one then only informs.
        if target is not None and met and shares[name] < target:
            target = None
        rows.append(_rate(webhook, servers[name], what, shares[name], target))
    return rows


def _rate(webhook: _Server, floor: _Server, what: str, share: float, target: float | None) -> Row:
    ours, bottom = webhook.sample("rate"), floor.sample("rate")
    raw = {
        "webhook": [_facts(one) for one in webhook.results],
        "floor": [_facts(one) for one in floor.results],
        "cpu_ms": webhook.cpu,
        "floor_cpu_ms": floor.cpu,
    }
    times = ", ".join(
        f"{name} {webhook.sample(name).median:.1f} against {floor.sample(name).median:.1f} ms"
        for name in ("p50", "p99")
    )
    cpus = [Sample(tuple(one.cpu)).median for one in (webhook, floor)]
    return Row(
        what=f"webhook, queued a second, against {what}",
        floor=bottom.text(0, "/s"),
        measured=ours.text(0, "/s"),
        value=share,
        target=target,
        at_most=False,
        ratio=share,
        note=f"{times}; CPU {cpus[0]:.2f} against {cpus[1]:.2f} ms a request; no errors, each "
        "confirmed message arrived at the topic once",
        raw=raw,
    )


def _facts(result: Result) -> dict[str, object]:
    latencies = {"p50_ms": result.latency(0.5), "p99_ms": result.latency(0.99)}
    facts = asdict(result)
    del facts["latencies"]
    return {**facts, **latencies, "per_second": result.per_second}


def _memory(memory: Mapping[str, Memory]) -> Row:
    webhook, hello = memory["webhook"], memory["hello"]
    value = webhook.resident / hello.resident
    return Row(
        what="webhook, memory of the worker after load",
        floor=f"hello: {hello.resident:.0f} MB",
        measured=f"{webhook.resident:.0f} MB",
        value=value,
        target=1.5,
        ratio=value,
        note=f"PSS {webhook.proportional:.0f} against {hello.proportional:.0f} MB, "
        f"{webhook.proportional / hello.proportional:.2f} times",
        raw={name: asdict(one) for name, one in memory.items()},
    )
