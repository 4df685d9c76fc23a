import json
import os
import subprocess
import sys

import pytest

from lib.google.default_credentials import access_tokens, id_tokens
from lib.google.tokens import TokenError
from tests.peer import answer, peer, say_nothing
from tests.processes import ROOT

pytestmark = pytest.mark.slow

SCOPE = "https://www.googleapis.com/auth/pubsub"
HEADERS = ("Content-Type: application/json", "Connection: close")


@pytest.fixture
def login(monkeypatch, tmp_path):
    """Logs in on this machine; the login is exchanged for tokens at a URL."""

    def log_in(url):
        file = tmp_path / "login.json"
        document = {
            "type": "external_account",
            "audience": "//iam.googleapis.com/any",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": f"{url}/token",
            "credential_source": {"file": str(file)},
        }
        file.write_text(json.dumps(document))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo-x")

    return log_in


@pytest.fixture(params=[access_tokens, id_tokens], ids=["access", "id"])
def nobody(request, monkeypatch, tmp_path):
    """Tokens of either kind where the login that the environment names is not there."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    return request.param("https://service.example")


def test_without_a_login_there_is_no_token(nobody):
    with pytest.raises(TokenError, match="no Google identity: DefaultCredentialsError"):
        nobody.get(5)


def test_a_login_on_this_machine_is_exchanged_for_a_token_that_is_kept(login):
    granted = {"access_token": "mine", "expires_in": 3600, "token_type": "Bearer"}
    with peer(answer(200, json.dumps(granted).encode(), *HEADERS)) as google:
        login(google.url)
        ours = access_tokens(SCOPE)
        assert [ours.get(5) for _ in range(2)] == ["mine"] * 2
        assert len(google.requests) == 1
    assert b"scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fpubsub" in google.requests[0]


# google-auth reads where its metadata server is when it is imported.
SILENT = """
from lib.google.default_credentials import access_tokens, id_tokens
for tokens in access_tokens, id_tokens:
    try:
        tokens("https://service.example").get(1)
    except TimeoutError:
        print("late")
"""


def test_a_silent_metadata_server_is_not_asked_again_when_the_time_is_over():
    with peer(say_nothing) as google:
        environ = {"GCE_METADATA_HOST": google.host, "GCE_METADATA_IP": google.host}
        environ |= {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        done = subprocess.run(
            [sys.executable, "-c", SILENT],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout.split() == ["late", "late"]
        assert len(google.requests) <= 2
