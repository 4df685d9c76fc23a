"""What the gateway itself adds to one message's way, on one machine."""

import time
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bench.errors import MeasurementError
from bench.figures import Sample, percentile
from bench.gateway import Standalone, standalone
from bench.messages import Message, messages, webhook_request
from bench.replies import question_of, require_all
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import StandIns, stand_ins
from bench.standins.played import NO_TIME, Record, Times
from bench.wal import Committer, commits

_CONTACTS = 50
_REST_SECONDS = 0.02
_COUNTED = 5


def measure(scene: Scene) -> list[Row]:
    """Return the overhead of a turn, with as many bare commits as it makes for its floor."""
    folder = scene.sub("turn")
    before, in_all = _commits_of_a_turn(scene)
    count = scene.repetitions(300, 60)
    written = list(messages(count + _CONTACTS, _CONTACTS))
    committer = Committer(folder / "floor.db")
    floors, sent_at = [], []
    with ExitStack() as stack:
        stack.callback(committer.close)
        played = stack.enter_context(stand_ins(folder, NO_TIME))
        gateway = stack.enter_context(standalone(folder, played))
        scene.say(f"a turn on one machine: {count} messages, one at a time")
        cpu = 0.0
        for number, message in enumerate(written):
            if number == _CONTACTS:
                cpu = gateway.process.cpu_seconds()
            sent_at.append(_say(gateway, played, message, number + 1))
            floors.append(committer.milliseconds(before))
        cpu = gateway.process.cpu_seconds() - cpu
        record = played.record()
    require_all(record, written)
    # The first message of each person is another, longer turn, and the first of all a start.
    times = _overheads(record, written, sent_at)[_CONTACTS:]
    return _rows(times, Sample(tuple(floors[_CONTACTS:])), (before, in_all), cpu / count * 1000)


def _say(gateway: Standalone, played: StandIns, message: Message, count: int) -> float:
    """Send one message, wait for its reply, and return when it was sent."""
    time.sleep(_REST_SECONDS)
    where = urlsplit(gateway.webhook)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=30)
    connection.connect()
    request = webhook_request(message, gateway.webhook)
    sent_at = time.monotonic()
    connection.sock.sendall(request)
    if not connection.sock.recv(4096).startswith(b"HTTP/1.1 200"):
        raise MeasurementError("the webhook refused a message")
    connection.close()
    played.wait_for_sends(count, 30)
    return sent_at


def _overheads(record: Record, written: list[Message], sent_at: list[float]) -> list[float]:
    """Return ms from the webhook's request to Twilio's, without the assistant's own time."""
    thinking = [ask.left - ask.came for ask in record.asks]
    arrived = {(one.to, question_of(one.body)): one.came for one in record.sends}
    return [
        (arrived[f"whatsapp:{message.contact}", message.text] - sent - thought) * 1000
        for message, sent, thought in zip(written, sent_at, thinking, strict=True)
    ]


def _commits_of_a_turn(scene: Scene) -> tuple[int, int]:
    """Return how many commits a turn makes before its reply leaves, and in all.

    Twilio takes its time here, so that there is a moment to look at the write-ahead log.
    """
    folder = scene.sub("commits")
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(folder, Times(twilio=0.3)))
        gateway = stack.enter_context(standalone(folder, played))
        counts = []
        for number, message in enumerate(messages(_COUNTED, 1)):
            start = commits(gateway.database)
            _say(gateway, played, message, number + 1)
            before = commits(gateway.database) - start
            time.sleep(1.0)
            counts.append((before, commits(gateway.database) - start))
    return counts[-1]


def _rows(
    times: list[float], floor: Sample, steps: tuple[int, int], cpu_milliseconds: float
) -> list[Row]:
    raw = {
        "overhead_ms": times,
        "floor_ms": floor.values,
        "commits_before_the_send": steps[0],
        "commits_in_all": steps[1],
        "cpu_ms_a_turn": cpu_milliseconds,
    }
    note = f"{steps[1]} commits in all; {cpu_milliseconds:.1f} ms of CPU a turn"
    rows = []
    for share, target in ((0.5, 5.0), (0.95, 15.0)):
        value = percentile(times, share)
        bottom = percentile(floor.values, share)
        name = f"p{share * 100:.0f}"
        rows.append(
            Row(
                what=f"turn overhead on one machine, {name}",
                floor=f"{steps[0]} SQLite commits, {name}: {bottom:.1f} ms",
                measured=f"{value:.1f} ms",
                value=value,
                unit="ms",
                target=target,
                ratio=value / bottom,
                note=note,
                raw=raw,
            )
        )
    return rows
