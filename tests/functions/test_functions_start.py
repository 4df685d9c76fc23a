"""What a function loads from its start to its first answer, beside the framework itself."""

import json
import os
import subprocess
from urllib.parse import urlencode

import pytest

from tests.cloud import stage
from tests.google.project import SETTINGS, TOKEN
from tests.peer import PUBLISHED, peer
from tests.processes import python
from tests.sample import FORM_TYPE, samples, sign

URL = "https://gate.example/whatsapp"
FORM = {**samples("inbound")["text"]["form"], "AccountSid": SETTINGS["TWILIO_ACCOUNT_SID"]}

HELLO = """
import functions_framework

@functions_framework.http
def hello(request):
    return "hello"
"""

# Prints what the function added to the interpreter and what a process that says hello has loaded.
PROGRAM = """
import functions_framework._http.gunicorn, gunicorn.workers.gthread, json, sys
hello, name, method, headers, body = *sys.argv[1:4], json.loads(sys.argv[4]), sys.argv[5]
functions_framework.create_app("hello", hello, "http").test_client().get("/")
sys.path.append(".")
before = {*sys.modules, *sys.builtin_module_names, "main"}
client = functions_framework.create_app(name, "main.py", "http").test_client()
started = set(sys.modules) - before
answers = [client.open("/", method=method, headers=headers, data=body).status_code for _ in "123"]
print(json.dumps([answers, sorted(started), sorted(set(sys.modules) - before)]))
"""


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return stage(tmp_path_factory.mktemp("staged"))


def run(build, name, method, body="", headers=None, **settings):
    """Start a function in an interpreter of its own and call it; what was answered and loaded."""
    environ = {"PATH": os.environ["PATH"], **SETTINGS, **settings}
    hello = build / "hello.py"
    hello.write_text(HELLO)
    command = python("-c", PROGRAM, str(hello), name, method, json.dumps(headers or {}), body)
    done = subprocess.run(
        command, cwd=build / name, env=environ, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def foreign(modules):
    return {name.split(".")[0] for name in modules} - {"lib"}


def test_a_webhook_publishes_with_what_the_framework_has_loaded_anyway(build):
    headers = {"Content-Type": FORM_TYPE, "X-Twilio-Signature": sign(TOKEN, f"{URL}/webhook", FORM)}
    with peer(PUBLISHED) as pubsub:
        settings = {"TWILIO_WEBHOOK_URL": f"{URL}/webhook", "PUBSUB_EMULATOR_HOST": pubsub.host}
        call = ("webhook", "POST", urlencode(FORM), headers)
        answers, started, loaded = run(build, *call, **settings)
        assert answers == [200, 200, 200]
        assert (len(pubsub.requests), pubsub.connections) == (3, 1)
    assert not foreign(started)
    assert not foreign(loaded)
    assert len(loaded) <= 59, loaded
    assert {one for one in loaded if one.startswith("lib.model.")} == {
        "lib.model.message",
        "lib.model.report",
    }


def test_a_health_check_loads_little(build):
    answers, _, loaded = run(build, "health", "GET")
    assert answers == [200, 200, 200]
    assert not foreign(loaded)
    assert len(loaded) <= 31, loaded


def test_the_media_function_loads_little_and_no_client_of_google_s(build):
    settings = {
        "MEDIA_BUCKET": "demo-media",
        "MEDIA_PUBLIC_URL": "https://media.example",
        "MEDIA_SIGNING_KEY": "k" * 43,
        "K_SERVICE": "whatsapp-media",
    }
    answers, started, loaded = run(build, "media", "GET", **settings)
    assert answers == [404, 404, 404]
    assert not foreign(loaded)
    assert "lib.media.kept.bucket" not in started
    assert "lib.media.kept.bucket" in loaded
    assert len(loaded) <= 54, len(loaded)


# The tick moves turns itself where an answer waited too long: it loads their rules, and reads what
# was queued.
@pytest.mark.parametrize(("name", "most"), [("status", 47), ("tick", 52)])
def test_what_needs_firestore_does_not_start_with_it(build, name, most):
    answers, started, _ = run(build, name, "GET")
    assert answers == [405, 405, 405]
    assert not foreign(started)
    assert len(started) <= most, started


def test_a_status_that_is_refused_has_loaded_no_client(build):
    settings = {"TWILIO_STATUS_CALLBACK_URL": f"{URL}/status"}
    answers, _, loaded = run(build, "status", "POST", "x", {"Content-Type": FORM_TYPE}, **settings)
    assert answers == [403, 403, 403]
    assert "lib.queue.pubsub" in loaded
    assert foreign(loaded) <= {"concurrent"}


def test_a_responder_starts_without_what_only_an_answer_needs(build):
    answers, started, _ = run(build, "responder", "GET")
    assert answers == [405, 405, 405]
    assert foreign(started) <= {"concurrent", "regex"}
    assert not {"lib.reply.rendering", "lib.model.reading", "lib.assistant"} & set(started)
    assert len(started) <= 141, len(started)


# Nothing is asked of anybody: what is loaded then is loaded before the first answer comes.
AHEAD = """
import sys, threading
from lib.runtime import wiring
wiring.gateway().responder()
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join(60)
print(*sys.modules)
"""


def test_a_responder_loads_what_it_sends_with_while_it_awaits_its_first_answers(build):
    environ = {"PATH": os.environ["PATH"], **SETTINGS, "FIRESTORE_EMULATOR_HOST": "127.0.0.1:9"}
    environ |= {"ASSISTANT_API_URL": "http://127.0.0.1:9"}
    environ |= {"TRANSCRIBE_URL": "http://127.0.0.1:9/v1"}
    done = subprocess.run(
        python("-c", AHEAD),
        cwd=build / "responder",
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    needed = {"lib.storage.firestore.connection", "twilio.rest.api.v2010.account.message"}
    needed |= {"lib.assistant.thinking", "lib.reply.rendering"}
    assert needed <= set(done.stdout.split())
    # Google's own client, what it logs in with, and what that decrypts keys with.
    client = {"google.cloud.firestore_v1", "proto", "google.auth", "cryptography"}
    assert not client & set(done.stdout.split())
    # What only a menu needs is loaded with the first one.
    menus = {"lib.reply.menus", "lib.conversation.choices", "lib.twilio.menu_contents"}
    assert not menus & set(done.stdout.split())
    # And what only speech needs, where answers are spoken.
    speech = {"lib.voice", "lib.voice.speaking", "lib.conversation.speaking", "lib.reply.spoken"}
    assert not speech & set(done.stdout.split())
    # So is what only a recording needs.
    voices = {"lib.media.listening", "lib.voice", "lib.conversation.heard", "lib.turn.hearing"}
    assert not voices & set(done.stdout.split())
    # Nor anything of media that are kept or deleted.
    kept = {"lib.assistant.addressed", "lib.media.kept", "lib.turn.media_deletion"}
    assert not kept & set(done.stdout.split())
    # As is what few assistants and few people need.
    people = {"lib.people", "lib.handover", "lib.conversation.human", "lib.conversation.hours"}
    people |= {"lib.conversation.support", "lib.conversation.introduction", "opening_hours"}
    assert not people & set(done.stdout.split())
    assert not {one for one in done.stdout.split() if one.startswith("lib.export")}
    assert not done.stderr
