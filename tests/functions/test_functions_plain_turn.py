"""What a plain text costs where media and voices are on: what it costs where they are off."""

import os
import subprocess
from contextlib import ExitStack

import pytest

from simulator.assistants import app as assistants
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN
from tests.peer import answer, peer
from tests.processes import ROOT, python

# A whole gateway of one process is asked something, and prints what it has loaded.
PROGRAM = """
import os, sys
from datetime import UTC, datetime
from lib.model import InboundMessage, QueueDelivery
from lib.queue.envelope import encode
from lib.runtime.gateway import Gateway
from lib.settings.config import load
from lib.turn.respond import respond
gateway = Gateway(load(os.environ), local=True)
for sid in ("SM1", "SM2"):
    message = InboundMessage(sid, "+15550001111", datetime.now(UTC), text="Hello, who are you?")
    payload = encode(message)[0].decode()
    assert respond(QueueDelivery(message, payload=payload), gateway.responder())
print(*sorted(sys.modules))
"""
OFF = {"MEDIA_MAX_BYTES": "0", "MEDIA_OUT": "false"}
MEDIA = ("lib.media", "lib.voice", "lib.twilio.media", "lib.storage.stores.media_documents")
MEDIA += ("lib.turn.hearing", "lib.turn.preparing", "lib.assistant.sight", "lib.conversation.heard")
MEDIA += (
    "lib.export",
    "lib.reply.export_texts",
    "lib.ports.exporter",
    "lib.reply.spoken",
    "lib.reply.enclosures",
    "PIL",
    "pypdf",
)
# What tells whether this machine speaks by itself; how much of it a person may hear, and that
# nothing was sent that is to be deleted.
INSTALLED = {"lib.voice", "lib.voice.offline"}
TOLD = {"lib.conversation.speaking", "lib.turn.media_deletion"}


@pytest.fixture
def plain(tmp_path):
    """Ask something with these settings; what was loaded, and what Twilio and others were asked."""

    def asked(**settings):
        with ExitStack() as stack:
            account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
            stack.callback(account.close)
            others = stack.enter_context(peer(answer(500)))
            environ = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "DATA_DIR": str(tmp_path / str(len(settings))),
                "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{NUMBER}",
                "TWILIO_API_BASE_URL": stack.enter_context(serve(twilio.create_app(account))).url,
                "TWILIO_WEBHOOK_URL": "http://127.0.0.1:9/whatsapp/webhook",
                "ASSISTANT_API_URL": stack.enter_context(serve(assistants.create_app())).url,
                "JOIN_BURSTS": "false",
            }
            environ |= {name: value.format(others=others.url) for name, value in settings.items()}
            command = python("-c", PROGRAM)
            done = subprocess.run(
                command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            answers = [one for one in account.messages.all() if "who are you?" in one.body]
            assert len(answers) == 2
            assert others.requests == []
            assert not list(tmp_path.rglob("media"))
            return set(done.stdout.split())

    return asked


@pytest.mark.slow
def test_a_plain_text_loads_nothing_of_media_that_are_on_or_off(plain):
    off = plain(**OFF)
    on = plain(TRANSCRIBE_URL="{others}/v1", SPEAK_URL="{others}/v1", MEDIA_DELETE_AT_TWILIO="true")
    assert {one for one in off if one.startswith(MEDIA)} == INSTALLED
    assert {one for one in on - off if one.startswith("lib.")} == TOLD
    assert {one for one in on if one.startswith(MEDIA)} <= INSTALLED
