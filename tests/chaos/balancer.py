"""One address for several instances of a program, as a platform has that runs them.

A connection goes to an instance that serves. One that was started anew serves once it has answered
a request: its port may take connections before that, which would wait for all that it loads.
"""

import asyncio
import threading
from collections.abc import Mapping
from contextlib import suppress
from itertools import count

from tests.chaos.processes import Process

LOOK = 0.1
"""Seconds between two looks at who serves."""

_PART = 64 * 1024
_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Balancer:
    """Passes connections to a port of this machine on to ``instances``, by the ports of those."""

    def __init__(self, port: int, instances: Mapping[int, Process]) -> None:
        self._port, self._instances = port, instances
        self._serving: dict[int, int] = {}  # by port: the process that has answered there
        self._turns = count()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._run()])
        self._thread.daemon = True
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    async def _run(self) -> None:
        self._over = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)
        looks = [asyncio.create_task(self._look(port)) for port in self._instances]
        self._ready.set()
        await self._over.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*looks, *others, return_exceptions=True)

    def _serves(self, port: int) -> bool:
        return self._serving.get(port) == self._instances[port].process.pid

    async def _look(self, port: int) -> None:
        while True:
            pid = self._instances[port].process.pid
            if self._serving.get(port) != pid and await _answers(port):
                self._serving[port] = pid
            await asyncio.sleep(LOOK)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = await self._instance()
        if ends is None:
            writer.close()
            return
        there, back = _piped(reader, ends[1]), _piped(ends[0], writer)
        await asyncio.gather(there, back, return_exceptions=True)

    async def _instance(self) -> _Ends | None:
        ports = list(self._instances)
        first = next(self._turns)
        for number in range(len(ports)):
            port = ports[(first + number) % len(ports)]
            if self._serves(port):
                with suppress(OSError):
                    return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _piped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_PART):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


async def _answers(port: int) -> bool:
    """Whether a request is answered there, whatever with."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        return (await asyncio.wait_for(reader.readline(), 1)).startswith(b"HTTP/")
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
