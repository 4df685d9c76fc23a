"""The standalone gateway as a process, set up as for a real number."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.messages import ACCOUNT_SID, NUMBER, TOKEN
from bench.processes import ROOT, Child, Program, child, python, wait_for
from bench.standins.handle import StandIns
from tests.processes import free_port

# Limits that are there to protect people and a real number, and the wait for more of a question;
# none of them is measured.
NO_LIMITS = {
    "MESSAGES_PER_MINUTE": "0",
    "TWILIO_MESSAGES_PER_SECOND": "0",
    "TWILIO_RECIPIENT_SECONDS": "0",
}


def twilio_settings(played: StandIns) -> dict[str, str]:
    """Return the settings of an account and an assistant that the stand-ins play."""
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{NUMBER}",
        "TWILIO_API_BASE_URL": played.url,
        "ASSISTANT_API_URL": played.url,
        **NO_LIMITS,
    }


@dataclass(frozen=True, slots=True)
class Standalone:
    """A running gateway."""

    process: Child
    webhook: str
    database: Path


def status_url(port: int) -> str:
    """Return where a standalone gateway on a port takes status callbacks."""
    return f"http://127.0.0.1:{port}/whatsapp/status"


@contextmanager
def standalone(
    folder: Path,
    played: StandIns,
    port: int = 0,
    *,
    callbacks: bool = False,
    catalogue: str = "",
    settings: Mapping[str, str] | None = None,
) -> Iterator[Standalone]:
    """Run a gateway on the disk of a folder; with ``callbacks`` it asks Twilio for reports.

    ``catalogue`` is the text of its assistants file, ``settings`` replace those of the stand-ins.
    """
    port = port or free_port()
    base = f"http://127.0.0.1:{port}/whatsapp"
    # Named, so that no file of the developer's own is read; nor is there an .env in its folder.
    assistants = folder / "assistants.yaml"
    assistants.write_text(catalogue)
    environ = {
        **twilio_settings(played),
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "ASSISTANTS_FILE": str(assistants),
        "TWILIO_WEBHOOK_URL": f"{base}/webhook",
        "TWILIO_STATUS_CALLBACK_URL": status_url(port) if callbacks else "",
        **(settings or {}),
    }
    program = Program(python("-m", "standalone"), folder, environ, folder / "standalone.log")
    with child(program) as process:
        wait_for(lambda: _healthy(process, port), 20, "the gateway serves")
        yield Standalone(process, f"{base}/webhook", folder / "data" / "gateway.db")


def _healthy(process: Child, port: int) -> bool:
    process.require_alive()
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/whatsapp/health")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except OSError:
        return False
    finally:
        connection.close()
