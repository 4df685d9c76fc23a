"""The load: requests prepared beforehand, sent over kept-alive connections as fast as answered.

One thread and a selector in a process of its own (``python -m bench.load``), so that it takes as
little as possible from the two CPUs it shares with what it measures. Each connection sends its
own requests in turn and waits for each answer, as one of Twilio's connections would.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from bench.errors import MeasurementError
from bench.outcome import Result
from bench.processes import LEASH, ROOT, python
from bench.standins.http import content_length

_SILENCE_SECONDS = 30.0
_BLOCK = 1 << 16


class _Lane:
    """One connection with the requests it still has to send."""

    def __init__(self, address: tuple[str, int], requests: Sequence[bytes]) -> None:
        self._address = address
        self._requests = iter(requests)
        self._received = b""
        self.sent_at = 0.0
        self.answered = 0
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self._address, timeout=_SILENCE_SECONDS)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def send_next(self) -> bool:
        """Send the next request; whether there was one."""
        request = next(self._requests, None)
        if request is None:
            return False
        self.sent_at = time.monotonic()
        self.socket.sendall(request)
        return True

    def take_answer(self) -> tuple[str, bool] | None:
        """Read; return the status once the answer is whole, and whether the connection stays.

        Raises:
            ConnectionError: the connection ended first.
        """
        data = self.socket.recv(_BLOCK)
        if not data:
            raise ConnectionResetError
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end or len(rest) < content_length(head):
            return None
        self._received = b""
        return head[9:12].decode(), b"connection: close" not in head.lower()

    def reconnect(self) -> None:
        """Begin a new connection."""
        self.socket.close()
        self._received = b""
        self.socket = self._connect()


class _Load:
    """All lanes until they have nothing left to send, or the time is over."""

    def __init__(self, lanes: Sequence[_Lane], seconds: float) -> None:
        self._lanes = lanes
        self._seconds = seconds
        self._selector = selectors.DefaultSelector()
        self.result = Result()

    def run(self) -> Result:
        """Send everything."""
        self.result.began = time.monotonic()
        for lane in self._lanes:
            self._next(lane)
        while self._selector.get_map():
            ready = self._selector.select(_SILENCE_SECONDS)
            if not ready:
                self.result.broke += len(self._selector.get_map())
                break
            for key, _ in ready:
                self._read(key.data)
        self.result.ended = time.monotonic()
        self.result.cpu_seconds = time.process_time()
        self.result.lanes = [lane.answered for lane in self._lanes]
        return self.result

    def _next(self, lane: _Lane) -> None:
        """Send a lane's next request and listen to it from now on."""
        over = self._seconds and time.monotonic() - self.result.began > self._seconds
        if not over and lane.send_next():
            self._selector.register(lane.socket, selectors.EVENT_READ, lane)

    def _read(self, lane: _Lane) -> None:
        try:
            answered = lane.take_answer()
        except OSError:
            self.result.broke += 1
            answered = ("", False)
        if answered is None:
            return
        self._selector.unregister(lane.socket)
        status, stays = answered
        if status:
            self._count(lane, status)
        if not stays:
            lane.reconnect()
        self._next(lane)

    def _count(self, lane: _Lane, status: str) -> None:
        lane.answered += 1
        self.result.latencies.append((time.monotonic() - lane.sent_at) * 1000)
        self.result.statuses[status] = self.result.statuses.get(status, 0) + 1


def run_load(
    url: str, requests: Sequence[bytes], connections: int, *, seconds: float = 0.0
) -> Result:
    """Send requests to a server from a process of its own, and return what came of it.

    Request ``i`` goes over connection ``i % connections``: what one person writes keeps its
    order where the number of people is a multiple of that. With ``seconds`` no request is begun
    after that time.
    """
    where = urlsplit(url)
    order = {
        "address": [where.hostname, where.port],
        "seconds": seconds,
        "lanes": [_text(requests[lane::connections]) for lane in range(connections)],
    }
    done = subprocess.run(
        [*LEASH, *python("-m", "bench.load")],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise MeasurementError(f"the load failed: {done.stderr[-1000:]}")
    return Result(**json.loads(done.stdout))


def _text(requests: Sequence[bytes]) -> list[str]:
    return [request.decode("latin-1") for request in requests]


def _main() -> None:
    order = json.load(sys.stdin)
    address = (order["address"][0], order["address"][1])
    lanes = [
        _Lane(address, [request.encode("latin-1") for request in requests])
        for requests in order["lanes"]
        if requests
    ]
    json.dump(asdict(_Load(lanes, order["seconds"]).run()), sys.stdout)


if __name__ == "__main__":
    _main()
