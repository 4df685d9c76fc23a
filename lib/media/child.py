"""Reading what strangers send in a process of its own, which can neither last nor grow.

What is parsed may be made to take all memory, to run for ever, or to break the parser. So nothing
of it is parsed in the process that serves people, but in a child that is started for one file: with
an empty environment, in which no secret stands, and with limits that it sets itself before it loads
anything (``preexec_fn`` can deadlock a process with threads). One child at a time runs in a
process, so that its memory is to be reckoned with once.
"""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Any, cast

from lib.media.errors import ERRORS, MediaLateError, MediaTooLargeError, MediaUnreadableError
from lib.media.exchange import Message, packed, unpacked
from lib.media.pipe import ask
from lib.media.process import start

# How a child ends that has used up its time: see lib.media.inside.
_LATE = (-signal.SIGXCPU, -signal.SIGALRM)
_one = threading.Lock()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may take: address space and answer in bytes, CPU and time in seconds.

    ``wait`` is how long a file waits for those before it.
    """

    memory: int = 256 << 20
    cpu: int = 10
    seconds: int = 15
    answer: int = 8 << 20
    wait: float = 60.0


LIMITS = ChildLimits()


def read_in_child(
    task: str, data: bytes, options: dict[str, Any], limits: ChildLimits = LIMITS
) -> Message:
    """Have a file read by one of the tasks of ``lib.media.inside``; return the task's answer.

    Raises:
        MediaTooLargeError: it takes more memory than there is for it.
        MediaLateError: it takes more time than there is for it, or those before it do.
        MediaUnreadableError: it broke the child.
        MediaError: another of its kinds, as the task tells.
        ShortageError: the system gave no process; nothing was begun.
    """
    if not _one.acquire(timeout=limits.wait):
        raise MediaLateError("others were read all the time")
    try:
        request = Message({"task": task, "options": options}, data)
        return run_child("lib.media.inside", request, limits)
    finally:
        _one.release()


def run_child(
    module: str,
    request: Message,
    limits: ChildLimits,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Message:
    """Have a request answered by the ``main`` of a module, in a process that is started for it.

    Raises:
        MediaError: it could not be, as the child says or as its end tells.
        ShortageError: the system gave no process; nothing was begun.
    """
    return _understood(*_run(module, packed(request), limits, environment))


def _run(
    module: str, request: bytes, limits: ChildLimits, environment: Mapping[str, str]
) -> tuple[int, bytes]:
    """Start a child, and end it whatever happens; return its exit status, and what it said."""
    deadline = time.monotonic() + limits.seconds
    told = (limits.memory, limits.cpu, limits.seconds, os.getpid())
    child = start(module, *told, environment=environment)
    into, out_of = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    try:
        raw = ask(into, out_of, request, limits.answer, deadline)
        return child.wait(max(0.0, deadline - time.monotonic())), raw
    except subprocess.TimeoutExpired:
        raise MediaLateError("the child did not end in time") from None
    finally:
        child.kill()
        child.wait()
        into.close()
        out_of.close()


def _understood(status: int, raw: bytes) -> Message:
    """Return what a child answered.

    Raises:
        MediaError: the file could not be read, as the child says or as its end tells.
    """
    if status in _LATE:
        raise MediaLateError("the file took all the time there is for one")
    if status == -signal.SIGKILL:
        raise MediaTooLargeError("the system ended the child, which it does for memory")
    try:
        answer = unpacked(raw)
    except ValueError:
        _log.warning("reading child broke", extra={"status": status})
        raise MediaUnreadableError(f"the child broke with status {status}") from None
    check(answer)
    return answer


def check(answer: Message) -> None:
    """Return if a child's answer is one.

    Raises:
        MediaError: it tells of a failure.
    """
    if error := ERRORS.get(str(answer.facts.get("error"))):
        raise error(str(answer.facts.get("cause", "")))
