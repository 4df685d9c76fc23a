"""What a gateway of an account loads before it serves: who writes meanwhile waits for it."""

import subprocess

from tests.processes import ROOT, python

PROGRAM = """
import sys
import standalone.start
import standalone.serving
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "simulator"))
"""

# Starts as ``python -m standalone`` does, and says at its socket what is loaded by then.
AT_THE_SOCKET = """
import sys
from standalone.__main__ import main

def told(event, _):
    if event == "socket.bind":
        print(*sorted(sys.modules), flush=True)
        raise SystemExit(0)

sys.addaudithook(told)
main()
"""
ACCOUNT = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_WHATSAPP_NUMBER": "+14155238886",
    "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
    "TWILIO_WEBHOOK_URL": "http://127.0.0.1:9/whatsapp/webhook",
    "ASSISTANT_API_URL": "http://127.0.0.1:9",
    "PORT": "0",
}
LATER = {"flask", "jinja2", "requests", "twilio", "urllib3", "waitress", "yaml"}
LATER |= {"lib.conversation", "lib.reply", "lib.storage.sqlite", "lib.turn", "lib.web"}


def run(program, **environ):
    done = subprocess.run(
        python("-c", program), cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_nothing_is_loaded_of_what_is_played_but_its_guard():
    assert run(PROGRAM) == ["simulator", "simulator.guard"]


def test_connections_are_taken_before_what_serves_them_is_loaded(tmp_path):
    loaded = run(AT_THE_SOCKET, DATA_DIR=str(tmp_path), **ACCOUNT)
    assert "standalone.server" in loaded
    assert sorted(LATER & set(loaded)) == []
    # Another process on the same data is refused before it could take any.
    assert (tmp_path / "lock").exists()
