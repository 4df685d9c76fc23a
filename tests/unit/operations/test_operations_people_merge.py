"""``make people ARGS="merge ..."`` on a real data folder."""

import pytest

from operations.people.__main__ import main
from tests.local_gateway import ANN, local_gateway

WORK = "+15550002222"


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with local_gateway(tmp_path) as ready:
        yield ready


def test_two_numbers_become_one_person(table, capsys):
    table.say("Hello")
    table.say("Hello", WORK)
    assert main(["merge", ANN, "00 1 555 0002222"]) == 0
    assert capsys.readouterr().out == "…2222 is …1111 from now on.\n"
    table.say("/voice off", WORK)
    assert table.say("Hello again", WORK)
    assert table.gateway.stores().conversations.read(WORK, "").contact == ANN


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ([ANN, ANN], 1, "Both are the same person already.\n"),
        ([ANN, WORK], 1, "Nobody is known as …2222.\n"),
    ],
)
def test_who_cannot_be_merged_is_refused_in_a_sentence(table, capsys, arguments, code, reason):
    table.say("Hello")
    assert main(["merge", *arguments]) == code
    told = capsys.readouterr().err
    assert reason in told
    assert ANN not in told


def test_what_is_no_address_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["merge", ANN, "Ann"])
    assert ended.value.code == 2
    assert "a number like +14155238886" in capsys.readouterr().err
