"""Programs that can be killed and come back, and what keeps those of one kind in reach."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path


class Process:
    """A program that is started again whenever it ends; ``ends`` are the times it did."""

    def __init__(self, command: list[str], folder: Path, environ: dict[str, str], log: Path):
        self._command, self._folder, self._environ, self._log = command, folder, environ, log
        self._ended = False
        self.ends: list[float] = []
        self.process = self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as output:
            return subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _watch(self) -> None:
        while not self._ended:
            self.process.wait()
            if self._ended:
                return
            self.ends.append(time.monotonic())
            self._group(signal.SIGKILL)
            time.sleep(0.05)
            self.process = self._start()

    @property
    def name(self) -> str:
        """What it runs."""
        return self._log.stem

    def kill(self) -> bool:
        """End it and all its children at once; whether there was anything to end."""
        return self._group(signal.SIGKILL)

    def close(self) -> None:
        """End it in good order, and for good."""
        self._ended = True
        self._group(signal.SIGTERM)
        try:
            self.process.wait(12)
        except subprocess.TimeoutExpired:
            self._group(signal.SIGKILL)

    def _group(self, number: signal.Signals) -> bool:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return False
        return True

    def resident(self) -> float:
        """MiB of memory in use by the process and its children."""
        pids = subprocess.run(
            ["ps", "-o", "rss=", "-g", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        return sum(map(int, pids)) / 1024
