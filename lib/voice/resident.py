"""A process that stays: it answers one request after another, until it is ended."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, NoReturn, cast

from lib.errors import ShortageError
from lib.media.errors import MediaLateError, MediaTooLargeError, MediaUnreadableError
from lib.media.exchange import Message
from lib.media.process import start
from lib.stopping import Stop
from lib.voice.frames import receive, send

_MOST = 1 << 20
# Seconds after which a process whose pipe has ended has ended, too.
_ENDING = 1.0


class Resident:
    """One such process, asked by one thread at a time.

    A request that breaks it, lasts too long or is stopped ends the process: ``alive`` is false
    then, and another has to be started for the next.
    """

    def __init__(self, module: str, *told: int, environment: Mapping[str, str]) -> None:
        self._process = start(module, *told, environment=environment)
        self._guard = threading.Lock()
        self._call: object = None
        self._is_over = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._is_over and self._process.poll() is None

    def ask(self, request: Message, seconds: float, stop: Stop) -> Message:
        """Return the answer to a request, which takes so many seconds at most.

        Raises:
            MediaLateError: it took longer, or all the CPU there is for one.
            MediaTooLargeError: the system ended the process, which it does for memory.
            MediaUnreadableError: it broke the process.
            StoppedError: the order was given.
            ShortageError: there is no thread to watch it with; nothing was begun.
        """
        call, end = object(), time.monotonic() + seconds
        break_off = partial(self._break_off, call)
        self._call = call
        try:
            with stop.ending(break_off), _after(seconds, break_off):
                answer = self._answered(request)
        finally:
            with self._guard:
                self._call = None
        if answer is None:
            self._explain(end, stop)
        return answer

    def end(self) -> None:
        """End the process, whatever it does."""
        self._is_over = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                cast("IO[bytes]", pipe).close()

    def _answered(self, request: Message) -> Message | None:
        """The answer; None where the process ended instead."""
        try:
            send(cast("IO[bytes]", self._process.stdin), request)
            return receive(cast("IO[bytes]", self._process.stdout), _MOST)
        except (OSError, ValueError):
            return None

    def _break_off(self, call: object) -> None:
        """End the process if it still works on this call: who orders may come too late."""
        with self._guard:
            if self._call is call:
                self._is_over = True
                self._process.kill()

    def _ended_by_itself(self) -> int | None:
        try:
            return self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            return None

    def _explain(self, end: float, stop: Stop) -> NoReturn:
        status = self._ended_by_itself()
        self.end()
        stop.check()
        if time.monotonic() >= end or status == -signal.SIGXCPU:
            raise MediaLateError("it took all the time there is for one")
        if status == -signal.SIGKILL:
            raise MediaTooLargeError("the system ended the process, which it does for memory")
        raise MediaUnreadableError(f"the process broke with status {status}")


@contextmanager
def _after(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Do something from another thread if the block is not over in so many seconds."""
    timer = threading.Timer(max(0.0, seconds), act)
    timer.daemon = True
    try:
        timer.start()
    except (RuntimeError, MemoryError) as error:
        raise ShortageError("no thread for a deadline") from error
    try:
        yield
    finally:
        timer.cancel()
