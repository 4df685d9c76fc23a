"""Google's tokens, from a metadata server as every Google machine has one."""

import base64
import json
import os
import subprocess
import sys
import time

import pytest
from flask import Flask, Response, jsonify, request

from lib.assistant.credentials import GoogleTokens
from lib.errors import AssistantRefusedError
from simulator.assistants import app as demo
from simulator.server import serve
from tests.processes import ROOT


def id_token(audience, number, expiry):
    def part(document):
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    return ".".join(
        (part({"alg": "none"}), part({"aud": audience, "exp": expiry, "n": number}), "c2ln")
    )


@pytest.fixture
def metadata():
    """Plays the metadata server; gives its address and what was asked of it."""
    asked = []
    app = Flask("metadata")
    account = "/computeMetadata/v1/instance/service-accounts/default"

    def identity():
        asked.append(request.args["audience"])
        return id_token(request.args["audience"], len(asked), int(time.time()) + 3600)

    def token():
        asked.append("access token")
        return jsonify(access_token=f"access-{len(asked)}", expires_in=3600, token_type="Bearer")

    plain = {
        "/": "ok",
        "/computeMetadata/v1/project/project-id": "demo-x",
        "/computeMetadata/v1/universe/universe-domain": "googleapis.com",
    }
    for path, answer in plain.items():
        app.add_url_rule(path, endpoint=path, view_func=lambda answer=answer: answer)
    app.add_url_rule(f"{account}/identity", view_func=identity)
    app.add_url_rule(f"{account}/token", view_func=token)
    described = {"email": "x@demo-x.iam", "scopes": [], "aliases": ["default"]}
    app.add_url_rule(f"{account}/", endpoint="account", view_func=lambda: jsonify(described))

    @app.after_request
    def flavoured(answer: Response) -> Response:
        answer.headers["Metadata-Flavor"] = "Google"
        return answer

    with serve(app) as server:
        yield server.url.removeprefix("http://"), asked


def run(program, host, *arguments):
    """Run a program where google-auth finds its metadata server: it looks only once."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**environ, "GCE_METADATA_HOST": host, "GCE_METADATA_IP": host},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.split("\n")


ASK = """
import json, sys
from lib.assistant.endpoint import Endpoint
from lib.assistant.vac import VacAssistant
from lib.errors import AssistantRefusedError
from lib.model import Assistant, Question
from lib.ports.listener import Silence
client = VacAssistant(Endpoint(sys.argv[1], "id_token"), secret=str)
for mood in sys.argv[2:]:
    try:
        answer = client.ask(Assistant(mood, "E"), Question("Hello", "a@b", "s", "t"), Silence())
        print(json.loads(answer.text)["headers"]["Authorization"])
    except AssistantRefusedError:
        print("refused")
"""


def test_an_id_token_is_for_the_base_url_and_kept(metadata):
    host, asked = metadata
    with serve(demo.create_app()) as server:
        first, second, _ = run(ASK, host, server.url, "mood-echo", "mood-echo")
    assert first == second
    assert first.startswith("Bearer ")
    assert asked == [server.url]


def test_a_refused_id_token_is_renewed_once(metadata):
    host, asked = metadata
    with serve(demo.create_app()) as server:
        assert run(ASK, host, server.url, "mood-unauthorized")[0] == "refused"
    assert asked == [server.url] * 2


def test_an_access_token_is_kept_too(metadata):
    host, asked = metadata
    program = (
        "from lib.assistant.credentials import GoogleTokens\n"
        "tokens = GoogleTokens()\n"
        "print({tokens.access_token() for _ in range(3)})\n"
    )
    assert run(program, host)[0].startswith("{'access-")
    assert asked.count("access token") == 1


MANY = """
from concurrent.futures import ThreadPoolExecutor
from lib.assistant.credentials import GoogleTokens
tokens = GoogleTokens()
audiences = ["https://one.example", "https://two.example"] * 16
with ThreadPoolExecutor(32) as pool:
    print(len(set(pool.map(tokens.id_token, audiences))))
"""


def test_many_threads_get_one_token_for_each_service(metadata):
    host, asked = metadata
    assert run(MANY, host)[0] == "2"
    assert sorted(asked) == ["https://one.example", "https://two.example"]


def test_without_an_identity_it_is_a_refusal(monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")
    with pytest.raises(AssistantRefusedError):
        GoogleTokens().id_token("http://x")


SHORT = """
from lib.assistant.credentials import GoogleTokens
from lib.errors import ShortageError
from tests.shortages import no_descriptors
tokens = GoogleTokens()
for ask in tokens.access_token, lambda: tokens.id_token("https://one.example"):
    try:
        with no_descriptors():
            ask()
    except ShortageError:
        print("shortage")
    print(ask()[:1])
"""


def test_without_a_descriptor_it_is_a_shortage_that_passes(metadata):
    assert run(SHORT, metadata[0]) == ["shortage", "a", "shortage", "e", ""]
