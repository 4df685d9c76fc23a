"""The stand-ins as the driver of a measurement sees them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.errors import MeasurementError
from bench.processes import ROOT, Program, child, python, wait_for
from bench.standins.played import Record, Times, read_record


class StandIns:
    """Asks the running stand-ins what happened. ``url`` is the base of both."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.url = f"http://127.0.0.1:{port}"

    def record(self) -> Record:
        """Return everything that happened since it was last forgotten."""
        return read_record(json.loads(self._get("/bench/record", 30)))

    def forget(self) -> None:
        """Begin a new record."""
        self._get("/bench/forget", 5)

    def wait_for_sends(self, count: int, seconds: float) -> None:
        """Return when Twilio was given so many messages.

        Raises:
            MeasurementError: it was not, within the time.
        """
        try:
            self._get(f"/bench/sends?{count}", seconds)
        except TimeoutError:
            sent = len(self.record().sends)
            raise MeasurementError(f"{sent} of {count} replies within {seconds:g} s") from None

    def _get(self, path: str, seconds: float) -> bytes:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=seconds)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        except HTTPException as error:
            raise MeasurementError(f"the stand-ins failed: {type(error).__name__}") from error
        finally:
            connection.close()


@contextmanager
def stand_ins(folder: Path, times: Times, callbacks: str = "") -> Iterator[StandIns]:
    """Run stand-ins that take these times; with ``callbacks`` they report to that URL."""
    log = folder / "standins.log"
    log.unlink(missing_ok=True)
    command = python("-m", "bench.standins", "--callbacks", callbacks)
    seconds = {"--assistant-seconds": times.assistant, "--twilio-seconds": times.twilio}
    command += [word for name, value in seconds.items() for word in (name, str(value))]
    with child(Program(command, ROOT, {}, log)) as process:

        def port() -> int:
            process.require_alive()
            line, end, _ = log.read_text().partition("\n")
            return int(line) if end else 0

        yield StandIns(wait_for(port, 10, "the stand-ins serve"))
