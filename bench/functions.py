"""Functions under functions-framework: the staged ones, and those that are their floors."""

import socket
import time
from collections.abc import Mapping
from pathlib import Path

from bench.errors import MeasurementError
from bench.gateway import twilio_settings
from bench.processes import ROOT, Child, Program, python
from bench.standins.handle import StandIns
from bench.topic import TOPIC

FLOORS = ROOT / "bench" / "floors"
WEBHOOK_URL = "https://gate.example/whatsapp/webhook"
_PROBE_SECONDS = 0.002


def cloud_settings(
    played: StandIns, project: str, *, pubsub: str = "", firestore: str = ""
) -> dict[str, str]:
    """Return what functions are told on Google Cloud, with emulators at these addresses."""
    return {
        **twilio_settings(played),
        "TWILIO_WEBHOOK_URL": WEBHOOK_URL,
        "GOOGLE_CLOUD_PROJECT": project,
        "PUBSUB_TOPIC": TOPIC,
        "PUBSUB_EMULATOR_HOST": pubsub,
        "FIRESTORE_EMULATOR_HOST": firestore,
        "HOST": "127.0.0.1",
    }


def function(source: Path, port: int, settings: Mapping[str, str], log: Path) -> Program:
    """Return the program that serves the function of a folder, which has the folder's name."""
    name = source.name
    command = python("-m", "functions_framework", "--source", "main.py", "--target", name)
    return Program(command, source, {"HOST": "127.0.0.1", **settings, "PORT": str(port)}, log)


def connected(port: int, process: Child | None = None, seconds: float = 30.0) -> socket.socket:
    """Return a connection, made as soon as anybody listens.

    Raises:
        MeasurementError: nobody does within the time, or the process ended.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=seconds)
        except ConnectionRefusedError:
            if process is not None:
                process.require_alive()
            time.sleep(_PROBE_SECONDS)
    raise MeasurementError(f"nobody listens within {seconds:g} s")


def exchange(port: int, request: bytes, process: Child | None = None) -> None:
    """Send a request as soon as anybody listens, and wait for an answer that says yes.

    Raises:
        MeasurementError: there is another answer, or none.
    """
    with connected(port, process) as connection:
        connection.sendall(request)
        answer = connection.recv(1 << 16)
    if answer[9:10] != b"2":
        raise MeasurementError(f"answered: {answer[:40]!r}")
