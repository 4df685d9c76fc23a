"""``make people ARGS="forget ..."`` on a folder of this machine, with a Twilio over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.people.__main__ import main
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN, local_gateway

ANN = "+15550001111"


@pytest.fixture
def settings(monkeypatch):
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT_SID)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("TWILIO_WHATSAPP_NUMBER", NUMBER)
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    return monkeypatch


def test_an_operator_forgets_a_person(tmp_path, settings, capsys):
    with local_gateway(tmp_path) as table:
        table.say("my cat is called Zerberus")
        settings.setenv("DATA_DIR", str(tmp_path))
        settings.setenv("TWILIO_API_BASE_URL", table.twilio_url)
        table.gateway.sqlite().own(ACCOUNT_SID, NUMBER)
        assert main(["forget", ANN]) == 0
        assert "is erased here" in capsys.readouterr().out
        person = table.gateway.stores().conversations.read(ANN, "")
        assert person.session is None
        with table.gateway.database().reading() as connection:
            assert "Zerberus" not in repr(connection.execute("SELECT * FROM documents").fetchall())


def test_a_stop_whose_session_is_over_is_not_forgotten_with_the_rest(tmp_path, settings):
    with local_gateway(tmp_path) as table:
        table.say("STOP")
        settings.setenv("DATA_DIR", str(tmp_path))
        settings.setenv("TWILIO_API_BASE_URL", table.twilio_url)
        table.gateway.sqlite().own(ACCOUNT_SID, NUMBER)
        table.gateway.sqlite().sweep(datetime.now(UTC) + timedelta(days=500))
        assert table.gateway.stores().conversations.read(ANN, "").session is None
        assert main(["forget", ANN]) == 0
        assert table.gateway.stores().conversations.read(ANN, "").opted_out_at is not None


def test_what_is_no_contact_is_refused(tmp_path, settings, capsys):
    settings.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main(["forget", "Ann"])
    assert ended.value.code == 2
    assert "a number like +14155238886" in capsys.readouterr().err
