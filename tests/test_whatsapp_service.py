"""The service as a whole, in its three oldest tests, on real parts."""

import pytest

from lib.address import parse_address
from tests.local_gateway import ANN, local_gateway
from tests.sentences import HELP

CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
  python-expert: {name: Python Expert}
"""


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as ready:
        yield ready


def test_phone_number_normalization():
    for written in ("whatsapp:+1234567890", "whatsapp: 1234567890", "+1 (234) 567-890"):
        assert parse_address(written) == "+1234567890"


def test_session_management(table):
    stores = table.gateway.stores()
    assert stores.conversations.read(ANN, "").session is None

    table.say("Hello")
    opened = stores.conversations.read(ANN, "").session
    assert opened.phone_number == ANN
    assert opened.id == f"whatsapp-{ANN}"
    assert opened.user_email == f"{ANN}@whatsapp.user"
    assert opened.display_name == f"WhatsApp User {ANN[-4:]}"
    assert opened.assistant_id == "default-assistant"

    table.say("/switch python-expert")
    switched = stores.conversations.read(ANN, "").session
    assert switched.assistant_id == "python-expert"
    assert switched.created_at == opened.created_at
    assert switched.last_active > opened.last_active
    assert [pair.question for pair in switched.recent] == ["Hello"]


def test_message_commands(table):
    (listed,) = table.say("/list")
    assert listed.startswith("📋 Available Assistants:")
    assert "• Python Expert (python-expert)" in listed.splitlines()
    assert table.say("/switch python-expert") == [
        "✅ Switched to assistant: Python Expert (python-expert)"
    ]
    assert "Python Expert (python-expert)" in table.say("/current")[0]
    assert table.say("/help") == [HELP]
