"""What a function imports until its first message is dealt with, and how long each import takes."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from uuid import uuid4

from bench.functions import WEBHOOK_URL, cloud_settings, connected, function
from bench.messages import Message, push_request, webhook_request
from bench.processes import child
from bench.scene import Scene
from bench.standins.handle import StandIns, stand_ins
from bench.standins.played import NO_TIME
from bench.topic import Topic
from tests.processes import free_port

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")
_FUNCTIONS = ("webhook", "responder", "status", "tick", "health", "media")
_MESSAGE = Message(f"SM{1:032x}", "+15550001111", "Hello")
_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Import:
    """One import: microseconds of its own and with all it imports, and how deep it stands."""

    name: str
    own: int
    whole: int
    depth: int


def parse(log: str) -> list[Import]:
    """Return the imports in what ``python -X importtime`` writes (Python docs, "-X importtime")."""
    return [
        Import(name, int(own), int(whole), len(indent) // 2)
        for own, whole, indent, name in _LINE.findall(log)
    ]


def table(imports: Sequence[Import]) -> str:
    """Return the imports that take longest: of their own, and with what they import."""
    by_own = sorted(imports, key=lambda one: -one.own)[:_SHOWN]
    by_whole = sorted(imports, key=lambda one: -one.whole)[:_SHOWN]
    lines = [f"{'own ms':>8}  {'module':<44}{'whole ms':>8}  module"]
    for own, whole in zip(by_own, by_whole, strict=True):
        indented = f"{'  ' * min(whole.depth, 6)}{whole.name}"
        left = f"{own.own / 1000:8.1f}  {own.name[:43]:<44}"
        lines.append(f"{left}{whole.whole / 1000:8.1f}  {indented}")
    total = sum(one.own for one in imports) / 1000
    return "\n".join([f"{len(imports)} imports, {total:.0f} ms", *lines])


def show(scene: Scene) -> str:
    """Return a table for every function."""
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(scene.folder, NO_TIME))
        return "\n\n".join(f"{name}: {_of(scene, played, name)}" for name in _FUNCTIONS)


def _of(scene: Scene, played: StandIns, name: str) -> str:
    port, topic = free_port(), Topic(scene.pubsub)
    settings = cloud_settings(played, topic.project, pubsub=scene.pubsub, firestore=scene.firestore)
    log = scene.folder / f"{name}-{uuid4().hex[:6]}.log"
    program = function(scene.build / name, port, settings, log)
    python, *rest = program.command
    program = replace(program, command=[python, "-X", "importtime", *rest])
    with child(program) as process, connected(port, process) as connection:
        connection.sendall(_first_request(name))
        connection.recv(1 << 16)
    return table(parse(log.read_text(errors="replace")))


def _first_request(name: str) -> bytes:
    """Return what makes a function do its work once, as far as that can be."""
    if name == "webhook":
        return webhook_request(_MESSAGE, WEBHOOK_URL)
    if name == "responder":
        return push_request(_MESSAGE, "http://responder/")
    method = "GET" if name in {"health", "media"} else "POST"
    return f"{method} / HTTP/1.1\r\nHost: {name}\r\nContent-Length: 0\r\n\r\n".encode()
