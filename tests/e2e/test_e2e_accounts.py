"""One machine, several accounts: who answers whom, and whose data are whose."""

import os
import re
import sqlite3
import subprocess
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import requests

from tests.e2e.test_e2e_standalone import Service, dead_letters, ended, place
from tests.local_gateway import ACCOUNT_SID, ANN, NUMBER, TOKEN
from tests.processes import ROOT, free_port, python, running, wait_for
from tests.sample import sid

REAL = {
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{NUMBER}",
}
"""An account at Twilio itself: nothing is sent, since nobody writes."""

OTHER_SID, OTHER_NUMBER = "AC" + "2" * 32, "+493012345678"
PUBLIC = {
    "TWILIO_WEBHOOK_URL": "https://gate.example/whatsapp/webhook",
    "TWILIO_STATUS_CALLBACK_URL": "https://gate.example/whatsapp/status",
}
ASSISTANT = {
    "ASSISTANT_API_URL": "http://127.0.0.1:9/v1",
    "ASSISTANT_MODEL": "small",
}


@pytest.fixture
def service(tmp_path):
    with ExitStack() as stack:
        yield Service(tmp_path, stack)


@contextmanager
def started(folder: Path, **settings):
    """Run a gateway from an empty folder; give its URL and what it says, up to now."""
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", folder / f"log-{port}"
    environ = {**place(folder, port), "PYTHONPATH": str(ROOT), **settings}
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    with running(python("-m", "standalone"), f"{url}/whatsapp/health", environ, empty, log):
        wait_for(lambda: "Ctrl-C stops it" in log.read_text())
        yield url, log.read_text


def refused(folder: Path, *words: str, code: int = 2, **settings):
    done = ended(folder, {**place(folder, free_port()), **settings})
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
    return done.stderr


def test_a_real_number_is_not_answered_by_the_demo_unless_that_is_wanted(tmp_path):
    refused(tmp_path, "ASSISTANT_API_URL is not set", "DEMO_ASSISTANTS=true", **REAL)
    refused(tmp_path, "DEMO_ASSISTANTS=true", **REAL, DEMO_ASSISTANTS="false")
    with started(tmp_path, **REAL, DEMO_ASSISTANTS="true") as (_, said):
        assert re.search(r"Answers +the DEMO, to everybody who writes", said())


@pytest.mark.parametrize(
    ("catalogue", "starts"),
    [
        ("assistants:\n  default-assistant: {url: 'http://127.0.0.1:9'}\n", True),
        ("assistants:\n  default-assistant: {}\n", False),
        *(
            pytest.param(catalogue, False, marks=pytest.mark.thorough)
            for catalogue in (
                "assistants:\n  another: {url: 'http://127.0.0.1:9'}\n",
                "assistants:\n  default-assistant: {url: 'http://127.0.0.1:9'}\n  another: {}\n",
                "assistants:\n  default-assistant: {url: 'http://x', enabled: false}\n",
                "",
            )
        ),
    ],
)
def test_assistants_of_a_file_are_one_s_own_if_they_say_where_they_are(tmp_path, catalogue, starts):
    file = tmp_path / "mine.yaml"
    file.write_text(catalogue)
    settings = {**REAL, "ASSISTANTS_FILE": str(file)}
    if not starts:
        refused(tmp_path, "DEMO_ASSISTANTS=true", **settings)
        return
    with started(tmp_path, **settings) as (_, said):
        assert f"the assistants of {file}" in said()


def test_everything_that_lacks_is_named_in_one_go(tmp_path):
    said = refused(tmp_path, TWILIO_ACCOUNT_SID="abc", PORT="high", ASSISTANT_API_URL="there")
    names = ["TWILIO_ACCOUNT_SID must be AC", "PORT must be", "ASSISTANT_API_URL must be"]
    names += ["TWILIO_AUTH_TOKEN is not set", "TWILIO_WHATSAPP_NUMBER is not set"]
    assert all(name in said for name in names), said
    assert said.count("https://console.twilio.com") == 3


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ASSISTANT_API_URL": "http://127.0.0.1:9/v1"}, "ASSISTANT_MODEL is not set"),
        ({"ASSISTANT_MODEL": "small"}, "ASSISTANT_API_URL is not set, but ASSISTANT_MODEL is"),
    ],
)
def test_half_of_an_openai_compatible_assistant_is_named(tmp_path, settings, said):
    refused(tmp_path, said, **settings)


def test_the_banner_of_an_account_says_everything_that_counts(tmp_path):
    with started(tmp_path, **REAL, **PUBLIC, **ASSISTANT) as (url, said):
        banner = said()
    for words in (
        f"gateway at {url}",
        rf"Number +\{NUMBER} of account {ACCOUNT_SID}, at Twilio",
        r"Answers +your assistant at http://127\.0\.0\.1:9/v1 \(openai, small\), to everybody who",
        r"Signatures +checked: only Twilio is let in \(TWILIO_AUTH_TOKEN is not 32",
        r"Budgets +100 questions a day of a person, 5000 in all \(QUESTIONS_PER_CONTACT",
        r"Media +given out for a day at https://gate\.example/whatsapp/media/\n",
        rf"Data +{tmp_path}/data\n",
        r"Twilio's console",
        r"comes in +https://gate\.example/whatsapp/webhook#rc=3&rp=ct,rt,5xx\n",
        r"callback URL +https://gate\.example/whatsapp/status\n",
    ):
        assert re.search(words, banner), words
    assert "your proxy" not in banner
    assert TOKEN not in banner
    assert "\x1b" not in banner


def test_without_a_public_url_the_banner_tells_of_a_tunnel(tmp_path):
    with started(tmp_path, **REAL, **ASSISTANT, QUESTIONS_PER_DAY="0") as (url, said):
        banner = said()
    assert f"ngrok http {url.rpartition(':')[2]}" in banner
    assert "TWILIO_WEBHOOK_URL=https://<tunnel>/whatsapp/webhook" in banner
    assert "any number in all" in banner
    assert "Media       nothing is given out by address (no public address: set TWILIO_" in banner


def test_a_public_url_with_another_path_needs_a_proxy_that_leads_here(tmp_path):
    hook = {"TWILIO_WEBHOOK_URL": "https://gate.example/hook"}
    with started(tmp_path, **REAL, **ASSISTANT, **hook) as (_, said):
        banner = said()
    assert "your proxy must lead it to /whatsapp/webhook here" in banner
    assert "(set TWILIO_STATUS_CALLBACK_URL first)\n" in banner


def test_the_banner_of_unsigned_mode_says_so(tmp_path):
    settings = {**REAL, **ASSISTANT, "TWILIO_VALIDATE_SIGNATURE": "false"}
    with started(tmp_path, **settings, ALLOWED_CONTACTS=ANN) as (_, said):
        assert "Signatures  NOT CHECKED" in said()
        assert "console" not in said()
        assert "to who is in ALLOWED_CONTACTS" in said()


def test_the_demo_keeps_a_folder_of_its_own(tmp_path):
    with started(tmp_path) as (url, said):
        assert re.search(rf"Data +{tmp_path}/data/demo\n", said())
        assert "Number      none" in said()
        form = {"From": f"whatsapp:{ANN}", "Body": "Hello"}
        assert requests.post(f"{url}/whatsapp/webhook", data=form, timeout=5).status_code == 200
        wait_for(lambda: "reply delivered" in said() or f"to {ANN}" in said())
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["demo"]
    assert (tmp_path / "data/demo/gateway.db").exists()
    refused(
        tmp_path,
        f"The data in {tmp_path}/data/demo belong to the demo",
        "Set DATA_DIR",
        **REAL,
        **ASSISTANT,
        DATA_DIR=str(tmp_path / "data/demo"),
    )


def test_the_words_of_an_example_for_tests_start_the_demo(tmp_path):
    example = {
        "TWILIO_ACCOUNT_SID": "test_account_sid",
        "TWILIO_AUTH_TOKEN": "test_auth_token",
        "TWILIO_WHATSAPP_NUMBER": "whatsapp:+14155238886",
        "GOOGLE_CLOUD_PROJECT": "test-project",
    }
    with started(tmp_path, **example) as (url, said):
        health = requests.get(f"{url}/whatsapp/health", timeout=5).json()
        assert all(health["environment_vars"].values())
        form = {"From": f"whatsapp:{ANN}", "Body": "Hello"}
        assert requests.post(f"{url}/whatsapp/webhook", data=form, timeout=5).status_code == 200
        wait_for(lambda: f"to {ANN}" in said())


@pytest.mark.parametrize(
    "other",
    [{"TWILIO_ACCOUNT_SID": OTHER_SID}, {"TWILIO_WHATSAPP_NUMBER": OTHER_NUMBER}],
    ids=["account", "number"],
)
def test_another_account_or_number_does_not_get_the_data(service, other):
    with service.run():
        assert service.post(sid("SM1"), "/help") == 200
        service.settled(1)
    wanted = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_WHATSAPP_NUMBER": NUMBER, **other}
    words = (
        f"belong to the number {NUMBER} of account {ACCOUNT_SID}",
        f"not to the number {wanted['TWILIO_WHATSAPP_NUMBER']} of account",
        wanted["TWILIO_ACCOUNT_SID"],
        "Set DATA_DIR",
        "make run ARGS=--adopt-data",
    )
    refused(service.folder, *words, **{**service.environ(**other), "PORT": str(free_port())})
    with service.run():
        assert service.post(sid("SM2"), "/help") == 200
        service.settled(2)


def test_data_are_adopted_where_that_is_said(service):
    with service.run():
        pass
    command = python("-m", "standalone", "--adopt-data")
    environ = service.environ(TWILIO_WHATSAPP_NUMBER=OTHER_NUMBER)
    with running(command, f"{service.url}/whatsapp/health", environ, ROOT, service.log):
        pass
    old = {**service.environ(), "PORT": str(free_port())}
    refused(service.folder, OTHER_NUMBER, **old)


def test_the_demo_s_data_are_never_adopted(tmp_path):
    with started(tmp_path):
        pass
    command = python("-m", "standalone", "--adopt-data")
    environ = {**place(tmp_path, free_port()), **REAL, **ASSISTANT}
    environ |= {"DATA_DIR": str(tmp_path / "data/demo"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert "belong to the demo" in done.stderr


def left_by_an_earlier_version(folder: Path) -> None:
    """Take the owner out of data, which versions before did not keep."""
    with closing(sqlite3.connect(folder / "gateway.db", isolation_level=None)) as database:
        database.execute("DELETE FROM documents WHERE collection = 'whatsapp_settings'")


def test_data_of_an_earlier_version_go_on(service):
    with service.run():
        assert service.post(sid("SM1"), "/help") == 200
        service.settled(1)
    left_by_an_earlier_version(service.folder / "data")
    with service.run():
        assert service.post(sid("SM1"), "/help") == 200
        service.settled(1)
    refused(service.folder, ACCOUNT_SID, **service.environ(TWILIO_ACCOUNT_SID=OTHER_SID))


def test_what_an_earlier_demo_left_does_not_reach_real_people(tmp_path):
    with started(tmp_path) as (url, said):
        form = {"From": "whatsapp:+15551234567", "Body": "Hello"}
        assert requests.post(f"{url}/whatsapp/webhook", data=form, timeout=5).status_code == 200
        wait_for(lambda: "to +15551234567" in said())
    for file in (tmp_path / "data/demo").iterdir():
        file.rename(tmp_path / "data" / file.name)
    (tmp_path / "data/demo").rmdir()
    left_by_an_earlier_version(tmp_path / "data")
    said = refused(tmp_path, "left by the demo", "--adopt-data", "DATA_DIR", **REAL, **ASSISTANT)
    listed = dead_letters(tmp_path, **REAL)
    assert (listed.returncode, "left by the demo" in listed.stderr) == (2, True)
    way_out = re.search(r"\((mkdir .*?)\)", said)[1]
    subprocess.run(way_out, shell=True, check=True, cwd=tmp_path)  # noqa: S602 - as a person would
    with started(tmp_path, **REAL, **ASSISTANT) as (_, banner):
        assert f"Data        {tmp_path}/data\n" in banner()
    with started(tmp_path) as (url, _):
        assert requests.get(url, timeout=5).status_code == 200


def test_dead_letters_are_those_of_the_account_that_is_set(service):
    with service.run():
        service.fault(fault="error", code=21610, status=400)
        assert service.post(sid("SM1"), "/help") == 200
        wait_for(lambda: "reply given up" in service.log.read_text())
    mine = dead_letters(service.folder, **service.environ())
    assert (mine.returncode, mine.stdout.count("send_unreachable")) == (0, 1)
    other = service.environ(TWILIO_ACCOUNT_SID=OTHER_SID)
    for command in (["list"], ["replay", "--all"]):
        done = dead_letters(service.folder, *command, **other)
        assert (done.returncode, ACCOUNT_SID in done.stderr) == (2, True)
    # Without an account there are no others to mix them up with.
    assert "send_unreachable" in dead_letters(service.folder).stdout
    with started(service.folder):
        pass
    demo = dead_letters(service.folder)
    assert demo.stdout == "No dead letters.\n"
    assert f"the demo's, in {service.folder}/data/demo" in demo.stderr
