"""The smoke test, on functions that really run: all is well, or it says what is not."""

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest
from flask import Flask

from simulator.server import serve
from tests.cloud import Cloud, stage
from tests.local_gateway import ACCOUNT_SID, TOKEN
from tests.processes import ROOT


@pytest.fixture(scope="module")
def urls(firestore_emulator, pubsub_emulator, tmp_path_factory):
    """The functions, and a door that lets nobody in where Cloud Run's own check would stand."""
    build = stage(tmp_path_factory.mktemp("staged"))
    closed = Flask("closed")
    closed.add_url_rule("/", view_func=lambda: ("", 403), methods=["GET", "POST"])
    with ExitStack() as stack:
        cloud = Cloud(tmp_path_factory.mktemp("cloud"), firestore_emulator, pubsub_emulator, stack)
        urls = {
            "health": f"{cloud.url('health')}/whatsapp/health",
            "webhook": f"{cloud.url('webhook')}/whatsapp/webhook",
            "status": f"{cloud.url('status')}/whatsapp/status",
            "media": f"{cloud.url('media')}/whatsapp/media/none/none.bin",
        }
        told = {
            "TWILIO_WEBHOOK_URL": urls["webhook"],
            "TWILIO_STATUS_CALLBACK_URL": urls["status"],
            "MEDIA_BUCKET": "demo-media",
            "MEDIA_PUBLIC_URL": cloud.url("media"),
            "MEDIA_SIGNING_KEY": "k" * 43,
        }
        for name in urls:
            stack.enter_context(cloud.function(build, name, **told))
        door = stack.enter_context(serve(closed)).url
        yield {**urls, "responder": f"{door}/", "tick": f"{door}/"}


def smoke(urls, token=TOKEN):
    return subprocess.run(
        [sys.executable, "-m", "deployment.smoke", *(f"{n}={u}" for n, u in urls.items())],
        cwd=ROOT,
        env={"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "PATH": os.environ["PATH"]},
        input=token,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_deployment_passes(urls):
    done = smoke(urls)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok: ") == 7
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "instead", "words"),
    [
        ("health", "webhook", "health says that everything is configured: status 405"),
        ("webhook", "health", "webhook is public and turns an unsigned request away: status 405"),
        ("responder", "health", "responder is out of the public's reach: status 405"),
    ],
)
def test_a_wrong_answer_is_told(urls, name, instead, words):
    done = smoke({**urls, name: urls[instead]})
    assert done.returncode == 1
    assert f"FAILED: {words}" in done.stdout


def test_a_token_that_is_not_the_functions_is_found(urls):
    done = smoke(urls, token="of another account")
    assert done.returncode == 1
    assert "FAILED: a signed report is let in and kept in Firestore: status 403" in done.stdout


def test_nobody_there_is_told(urls):
    done = smoke({**urls, "health": "http://127.0.0.1:9"})
    assert done.returncode == 1
    assert "no answer" in done.stdout
