"""``make people ARGS="export ..."`` on a folder of this machine."""

import stat

import pytest

from operations.people.__main__ import main
from tests.exported import unpacked
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN, local_gateway

ANN = "+15550001111"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file to be written, beside a gateway that Ann has said something to."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT_SID)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("TWILIO_WHATSAPP_NUMBER", NUMBER)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    with local_gateway(tmp_path) as table:
        table.say("my cat is called Zerberus", profile_name="Ann Smith")
        table.say("my dog is called Fenris", "+15550002222")
        table.gateway.sqlite().own(ACCOUNT_SID, NUMBER)
        yield tmp_path / "ann.zip"


def test_an_operator_gets_everything_of_one_person(file, capsys):
    assert main(["export", ANN, "--to", str(file)]) == 0
    got = unpacked(file.read_bytes())
    assert "Zerberus" in got.page
    assert "Fenris" not in got.page + repr(got.document)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = capsys.readouterr().out
    assert told == f"…1111 is in {file}: 1 deliveries, 2 messages, 1 sessions, 1 turns\n"
    assert {one.name for one in file.parent.iterdir() if one.suffix == ".zip"} == {"ann.zip"}


def test_whole_numbers_are_told_where_they_are_asked_for(file, capsys):
    assert main(["export", ANN, "--full", "--to", str(file)]) == 0
    assert capsys.readouterr().out.startswith(f"{ANN} is in ")


def test_no_file_is_replaced_by_accident(file, capsys):
    file.write_text("mine")
    assert main(["export", ANN, "--to", str(file)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert main(["export", ANN, "--to", str(file), "--force"]) == 0
    assert "Zerberus" in unpacked(file.read_bytes()).page
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_of_somebody_unknown_there_is_nothing(file, capsys):
    assert main(["export", "+15550003333", "--to", str(file)]) == 0
    assert "nothing is kept of them" in capsys.readouterr().out
    assert unpacked(file.read_bytes()).document["messages"] == []


def test_a_place_that_is_none_is_told(file, capsys):
    assert main(["export", ANN, "--to", str(file.parent / "nowhere" / "ann.zip")]) == 2
    assert "there is no such place" in capsys.readouterr().err
