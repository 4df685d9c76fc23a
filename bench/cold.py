"""Cold starts: from nothing running to the first message dealt with, byte code compiled."""

import socket
import time
from collections import defaultdict
from contextlib import ExitStack
from operator import sub
from pathlib import Path

from bench.activator import activator
from bench.errors import MeasurementError
from bench.figures import Sample, ratio
from bench.functions import FLOORS, WEBHOOK_URL, cloud_settings, exchange, function
from bench.messages import Message, messages, push_request, webhook_request
from bench.processes import Program, child
from bench.rows import Row
from bench.scene import Scene
from bench.standins.handle import StandIns, stand_ins
from bench.standins.played import NO_TIME
from bench.topic import Topic
from tests.processes import free_port

_POLL_SECONDS = 0.1
"""How often Pub/Sub's emulator looks for what to push, from when a subscription is made."""


class _Starts:
    """Every kind of start, one after the other, again and again."""

    def __init__(self, scene: Scene, played: StandIns) -> None:
        self._folder = scene.sub("cold")
        self._build, self._played = scene.build, played
        self._pubsub, self._firestore = scene.pubsub, scene.firestore
        self._topic = Topic(scene.pubsub)
        self._topic.keep()
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.cpu: dict[str, list[float]] = defaultdict(list)
        self._published: list[str] = []

    def round(self, message: Message, phase: float) -> None:
        """Start everything once; ``phase`` says when between two looks, from 0 to 1."""
        for name in ("hello", "unavoidable", "clients"):
            self._floor(name)
        self._webhook(message)
        self._responder(message)
        self._both(message, phase)

    def require_published(self) -> None:
        """Raise a MeasurementError unless each webhook's message arrived at the topic, once."""
        arrived = sorted(self._topic.drain())
        if arrived != sorted(self._published):
            raise MeasurementError(f"{len(arrived)} of {len(self._published)} were published")

    def _floor(self, name: str) -> None:
        self._answered(name, FLOORS / name, b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")

    def _webhook(self, message: Message) -> None:
        request = webhook_request(message, WEBHOOK_URL)
        self._answered("webhook", self._build / "webhook", request)
        self._published.append(message.sid)

    def _answered(self, name: str, source: Path, request: bytes) -> None:
        port = free_port()
        program = self._function(source, port, self._topic.project)
        began = time.monotonic()
        with child(program) as process:
            exchange(port, request, process)
            self._note(name, time.monotonic() - began, process.cpu_seconds())
            process.kill()

    def _responder(self, message: Message) -> None:
        port = free_port()
        # A project of its own: nothing is in the database yet.
        program = self._function(self._build / "responder", port, f"{message.sid.lower()}")
        self._played.forget()
        request = push_request(message, "http://responder/")
        began = time.monotonic()
        with child(program) as process:
            exchange(port, request, process)
            self._note("responder", self._first_reply() - began, process.cpu_seconds())
            process.kill()

    def _both(self, message: Message, phase: float) -> None:
        topic = Topic(self._pubsub)
        self._played.forget()
        with ExitStack() as stack:
            ports, standing = {}, {}
            for name in ("responder", "webhook"):
                listener = socket.create_server(("127.0.0.1", 0))
                ports[name] = listener.getsockname()[1]
                inner = free_port()
                program = self._function(self._build / name, inner, topic.project)
                standing[name] = stack.enter_context(activator(listener, program, inner))
            topic.push_to(f"http://127.0.0.1:{ports['responder']}/")
            time.sleep(_POLL_SECONDS * phase)
            request = webhook_request(message, WEBHOOK_URL)
            began = time.monotonic()
            exchange(ports["webhook"], request)
            answered = time.monotonic()
            self._played.wait_for_sends(1, 30)
            self.seconds["both"].append(self._first_reply() - began)
            # A push can overtake the answer to the webhook.
            self.seconds["pushed"].append(max(0.0, standing["responder"].woken - answered))
            topic.stop_pushing()

    def _first_reply(self) -> float:
        return self._played.record().sends[0].came

    def _function(self, source: Path, port: int, project: str) -> Program:
        settings = cloud_settings(
            self._played, project, pubsub=self._pubsub, firestore=self._firestore
        )
        return function(source, port, settings, self._folder / f"{source.name}.log")

    def _note(self, name: str, seconds: float, cpu: float) -> None:
        self.seconds[name].append(seconds)
        self.cpu[name].append(cpu)


def measure(scene: Scene) -> list[Row]:
    """Return the three cold starts, each beside its floor."""
    times = scene.repetitions(24, 8)
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(scene.folder, NO_TIME))
        starts = _Starts(scene, played)
        for number, message in enumerate(messages(times, times)):
            starts.round(message, number / times)
            scene.say(f"cold starts: round {number + 1} of {times}")
        starts.require_published()
        return _rows(starts)


def _rows(starts: _Starts) -> list[Row]:
    seconds = {name: Sample(tuple(values)) for name, values in starts.seconds.items()}
    cpu = {name: Sample(tuple(values)) for name, values in starts.cpu.items()}
    hello, needed = seconds["hello"], seconds["unavoidable"]
    floors = Sample(tuple(map(sum, zip(hello.values, needed.values, strict=True))))
    both, pushed = seconds["both"], seconds["pushed"]
    without_timer = Sample(tuple(map(sub, both.values, pushed.values)))
    clients = ratio(seconds["responder"], seconds["clients"])
    return [
        _row(
            "webhook, cold: to the first message queued",
            seconds["webhook"],
            ("hello", hello, 1.3),
            f"CPU {cpu['webhook'].median:.2f} s against {cpu['hello'].median:.2f} s",
        ),
        _row(
            "responder, cold: to the first reply",
            seconds["responder"],
            ("hello with its imports", needed, 1.2),
            f"CPU {cpu['responder'].median:.2f} s against {cpu['unavoidable'].median:.2f} s; "
            f"{clients:.2f} times a hello that imports Firestore and requests only, "
            + seconds["clients"].text(2, "s"),
        ),
        _row(
            "both cold: message to reply",
            both,
            ("sum of both floors", floors, 1.3),
            f"of it, from queued to pushed, {pushed.text(2, 's')}: the emulator looks for what to "
            "push each 0.1 s",
        ),
        _row(
            "both cold: without the emulator's timer",
            without_timer,
            ("sum of both floors", floors, None),
            "",
        ),
    ]


def _row(what: str, measured: Sample, floor: tuple[str, Sample, float | None], note: str) -> Row:
    name, bottom, target = floor
    value = ratio(measured, bottom)
    return Row(
        what=what,
        floor=f"{name}: {bottom.text(2, 's')}",
        measured=measured.text(2, "s"),
        value=value,
        target=target,
        ratio=value,
        note=note,
        raw={"seconds": measured.values, "floor_seconds": bottom.values},
    )
