"""A fresh standalone process that may open few files, and is written to by many at once."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from tests.e2e.test_e2e_standalone import Service
from tests.processes import ROOT, python, running, wait_for

PEOPLE = [f"+1555000{number:04d}" for number in range(120)]

# Serves as ``python -m standalone`` does, and names what it loads after it was ready.
WATCHED = """
import sys, threading, time, urllib.request
from lib.settings import config
from standalone import server, settings

ready = f"http://127.0.0.1:{sys.argv[1]}/whatsapp/health"
configured = config.load(config.environment())


def watch():
    while True:
        try:
            urllib.request.urlopen(ready)
            break
        except OSError:
            time.sleep(0.05)
    before = set(sys.modules)
    print("ready", file=sys.stderr, flush=True)
    sys.stdin.readline()
    print(*sorted(set(sys.modules) - before), file=sys.stderr, flush=True)


threading.Thread(target=watch, daemon=True).start()
server.run(configured, settings.StandIns())
"""


@pytest.fixture
def service(tmp_path):
    with ExitStack() as stack:
        yield Service(tmp_path, stack)


def limited(service, descriptors, **more):
    """Run a server that may open so many files."""
    line = f'ulimit -n {descriptors} && exec "$@"'
    command = ["/bin/sh", "-c", line, "sh", *python("-m", "standalone")]
    environ = service.environ(**more)
    return running(command, f"{service.url}/whatsapp/health", environ, ROOT, service.log)


def answers(service):
    everything = requests.get(f"{service.twilio}/simulator/messages", timeout=20).json()
    found = {person: [] for person in PEOPLE}
    for one in everything["messages"]:
        if one["direction"] != "inbound":
            found.setdefault(one["to"].removeprefix("whatsapp:"), []).append(one["body"])
    return found


def sid(number):
    return f"SM{number:032x}"


# An assistant that is late by its clock, since the machine is busy, is an excuse of another kind.
UNHURRIED = {"DEFAULT_ASSISTANT_ID": "mood-slow", "ASSISTANT_API_TIMEOUT": "100"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("descriptors", [pytest.param(64, marks=pytest.mark.thorough), 128])
def test_everybody_is_answered_once_and_nobody_is_told_an_excuse(service, descriptors):
    with limited(service, descriptors, **UNHURRIED):
        with ThreadPoolExecutor(40) as pool:
            list(
                pool.map(
                    lambda n: post_until_taken(service, sid(n), "Hello", PEOPLE[n]), range(120)
                )
            )
        wait_for(lambda: all(answers(service).values()), 120)
        post_until_taken(service, sid(500), "And now?", PEOPLE[0])
        wait_for(lambda: len(answers(service)[PEOPLE[0]]) == 2)
    found = answers(service)
    assert found.pop(PEOPLE[0]) == ["You said: Hello", "You said: And now?"]
    assert {tuple(one) for one in found.values()} == {("You said: Hello",)}


def post_until_taken(service, message, body, sender):
    """Post as Twilio does, which tries again where there is no answer, or none in time."""

    def is_taken():
        try:
            return service.post(message, body, sender) == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    wait_for(is_taken, 120)


@pytest.mark.parametrize("assistant", ["vac", "openai"])
def test_nothing_is_loaded_for_a_first_answer_once_it_serves(service, assistant):
    (service.folder / "assistants.yaml").write_text(
        f"assistants:\n  default-assistant: {{backend: {assistant}, model: x}}\n"
    )
    environ = {"PATH": os.environ["PATH"], **service.environ(TWILIO_TYPING_INDICATOR="true")}
    process = subprocess.Popen(
        python("-c", WATCHED, str(service.port)),
        cwd=ROOT,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: process.stderr.readline() == "ready\n")
        assert service.post(sid(1), "long") == 200
        wait_for(lambda: len(service.sent()) > 0)
        assert service.post(sid(2), "/help") == 200
        wait_for(lambda: any("Commands" in one for one in service.sent()))
        process.stdin.write("\n")
        process.stdin.flush()
        loaded = process.stderr.readline()
    finally:
        process.kill()
        process.communicate()
    assert loaded.split() == []
