"""What Cloud Run does for a function that is not running: start it when somebody knocks."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.functions import connected
from bench.processes import Child, Program


class Activator:
    """Listens where a function is expected; the first connection starts its program.

    Connections are passed on byte by byte to ``inner_port``, where the program listens.
    ``woken`` is when the first one came, by the monotonic clock, in seconds.
    """

    def __init__(self, listener: socket.socket, program: Program, inner_port: int) -> None:
        self._listener = listener
        self._program = program
        self._inner_port = inner_port
        self._child: Child | None = None
        self.woken = 0.0
        # The program ends with the thread that started it: this one, which lives as long.
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the program and listen no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._child is not None:
            self._child.kill()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                outer, _ = self._listener.accept()
            except OSError:
                return
            if self._child is None:
                self.woken = time.monotonic()
                self._child = Child(self._program)
            threading.Thread(target=self._relay, args=(outer,), daemon=True).start()

    def _relay(self, outer: socket.socket) -> None:
        with outer, connected(self._inner_port) as inner:
            back = threading.Thread(target=_copy, args=(inner, outer), daemon=True)
            back.start()
            _copy(outer, inner)
            back.join()


@contextmanager
def activator(listener: socket.socket, program: Program, inner_port: int) -> Iterator[Activator]:
    """Stand before a program until the block ends."""
    standing = Activator(listener, program, inner_port)
    try:
        yield standing
    finally:
        standing.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until either side is done."""
    with contextlib.suppress(OSError):
        source.settimeout(None)
        while block := source.recv(1 << 16):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
