"""The gateway as a child process that is started again whenever it dies."""

import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from lib.errors import ShortageError
from lib.shortage import start_thread
from standalone.server import READY

UP, DOWN, STARTING = "up", "down", "starting"

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_SETTLED_SECONDS = 5.0
_STOP_SECONDS = 7.0

_log = logging.getLogger(__name__)

Changed = Callable[[str, bool], None]
"""Told in words what the worker does, and whether that is good."""


def _nothing(_title: str, _ok: bool) -> None:  # noqa: FBT001 - the shape of Changed
    """Keep it to itself."""


@dataclass(slots=True)
class Worker:
    """Keeps one ``python -m standalone`` with ``arguments`` running.

    The worker inherits ``listener``: connections that come while it is down wait in the
    socket's queue. ``on_line`` gets every line of its log.
    """

    arguments: Sequence[str]
    listener: socket.socket
    on_line: Callable[[str], None]
    changed: Changed = _nothing
    state: str = field(default=STARTING, init=False)
    _process: "subprocess.Popen[str] | None" = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)
    _ready: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> int | None:
        """Return None when the worker serves, or its exit code if it does not come up."""
        process = self._spawn()
        try:
            self._thread = start_thread(partial(self._watch, process), "worker")
        except ShortageError:
            process.kill()
            _end_of(process)
            raise
        while not self._ready.wait(0.05):
            if not self._thread.is_alive():
                return process.wait()
        return None

    def kill(self) -> None:
        """End the worker as a crash would; it is started again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)

    def stop(self) -> None:
        """End the worker in good order, by force if it takes too long."""
        self._stopping = True
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread is not None:
            self._thread.join(1.0)

    def _spawn(self) -> "subprocess.Popen[str]":
        descriptor = self.listener.fileno()
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", "standalone", "--listener", str(descriptor), *self.arguments],
            # The worker ends when this pipe does, so that it never outlives its parent.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[descriptor],
            text=True,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C at the terminal is for the parent, which ends the worker in good order.
            start_new_session=True,
        )
        return self._process

    def _watch(self, process: "subprocess.Popen[str]") -> None:
        pause = _FIRST_PAUSE
        while True:
            started = time.monotonic()
            self._read(process)
            code = _end_of(process)
            if self._stopping or not self._ready.is_set():
                return
            self._change(DOWN, f"Gateway process ended ({_cause(code)})", ok=False)
            lived = time.monotonic() - started
            pause = _FIRST_PAUSE if lived > _SETTLED_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            again = self._again(pause)
            if again is None:
                return
            process = again

    def _again(self, pause: float) -> "subprocess.Popen[str] | None":
        """Start it again, as often as that takes; None once it is to stop."""
        while True:
            time.sleep(pause)
            if self._stopping:
                return None
            self._change(STARTING, "Gateway process starts again", ok=True)
            try:
                return self._spawn()
            except (OSError, MemoryError) as error:
                _log.exception("gateway process not started")
                self._change(
                    DOWN, f"Gateway process not started ({type(error).__name__})", ok=False
                )
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _read(self, process: "subprocess.Popen[str]") -> None:
        """Pass the log on to its end: a pipe that nobody empties would stop the gateway."""
        for line in process.stdout or ():
            if self.state != UP and _is_ready(line):
                self._change(UP, "Gateway process serves", ok=True)
                self._ready.set()
            try:
                self.on_line(line)
            except Exception:  # noqa: BLE001 - whoever shows the log is not who it is about
                _log.exception("log line not shown")

    def _change(self, state: str, title: str, *, ok: bool) -> None:
        self.state = state
        try:
            self.changed(title, ok)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("change not shown")


def _end_of(process: "subprocess.Popen[str]") -> int:
    """Wait for the end of a process, close the pipes to it, and return its exit code."""
    code = process.wait()
    for pipe in filter(None, (process.stdin, process.stdout)):
        pipe.close()
    return code


def _is_ready(line: str) -> bool:
    try:
        return bool(json.loads(line)["message"] == READY)
    except (ValueError, KeyError, TypeError):
        return False


def _cause(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
