"""What the measurements share: a folder, the staged functions, the emulators, and a voice."""

import compileall
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path

import pytest

from bench.errors import MeasurementError
from bench.processes import ROOT
from tests.cloud import stage
from tests.emulators import firestore_process, pubsub_process


class Scene:
    """Everything is made at its first use and gone when ``stack`` is closed.

    ``quick`` asks for fewer repetitions: the figures are the same ones, only less certain.
    """

    def __init__(self, folder: Path, stack: ExitStack, *, quick: bool) -> None:
        self.folder = folder
        self.quick = quick
        self._stack = stack

    def repetitions(self, usual: int, quick: int) -> int:
        """Return how often something is done."""
        return quick if self.quick else usual

    def sub(self, name: str) -> Path:
        """Return a new folder of that name."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder

    def say(self, line: str) -> None:
        """Tell whoever waits how far it is."""
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
        sys.stderr.flush()

    @cached_property
    def build(self) -> Path:
        """The folder with the staged functions, their byte code compiled, as when deployed."""
        build: Path = stage(self.folder)
        compileall.compile_dir(build, quiet=1)
        compileall.compile_dir(ROOT / "bench" / "floors", quiet=1)
        return build

    @cached_property
    def pubsub(self) -> str:
        """The address of a Pub/Sub emulator."""
        return self._emulator(pubsub_process, "pubsub.log")

    @cached_property
    def firestore(self) -> str:
        """The address of a Firestore emulator."""
        return self._emulator(firestore_process, "firestore.log")

    def _emulator(self, process: Callable[[Path], AbstractContextManager[str]], log: str) -> str:
        try:
            return self._stack.enter_context(process(self.folder / log))
        except pytest.fail.Exception as error:
            raise MeasurementError(str(error)) from None


def without_proxies() -> None:
    """Forget proxies: everything here is on this machine."""
    for name in [one for one in os.environ if one.lower().endswith("_proxy")]:
        del os.environ[name]
