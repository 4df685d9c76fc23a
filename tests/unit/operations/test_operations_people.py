"""``make people`` on a real data folder."""

import pytest

from operations.people.__main__ import main
from tests.local_gateway import ANN, local_gateway

BLOCKED = "You can't use this service. Please ask the people who run it."
CATALOGUE = """
assistants:
  default-assistant: {name: Default Assistant}
user_permissions:
  "+15550009999@whatsapp.user": {blocked: true}
"""


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANTS_FILE", str(tmp_path / "assistants.yaml"))
    with local_gateway(tmp_path, CATALOGUE) as ready:
        ready.gateway.sqlite().documents.check()  # the file is what a command looks for
        yield ready


@pytest.fixture
def people(capsys):
    def call(*arguments, code=0):
        capsys.readouterr()
        assert main(["--local", *arguments]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return call


def test_people_are_listed_and_shown_masked_unless_all_of_it_is_asked_for(table, people):
    assert people("list") == "Nobody has written yet.\n"
    table.say("Hello", profile_name="Ann Example")
    table.say("STOP")
    for said in (people("list"), people(), people("show", ANN)):
        assert "…1111" in said
        assert ANN not in said
        assert "Ann Example" not in said
    assert "opted out" in people("list")
    for said in (people("list", "--full"), people("--full", "show", ANN)):
        assert ANN in said
        assert "Ann Example" in said
    assert "never wrote" in people("show", "+15550007777")


def test_an_invitation_lets_in_who_takes_it(table, people):
    said = people("invite", "--email", "Ann@Firm.example", "--assistants", "default-assistant")
    code = said.splitlines()[0]
    (answer,) = table.say(f"/login {code}")
    assert "ann@firm.example" in answer
    assert "logged in" in people("list")
    assert "ann@firm.example" in people("show", ANN, "--full")
    assert "ann@firm.example" not in people("show", ANN)


def test_a_block_holds_until_it_is_taken_back(table, people):
    table.say("Hello")
    assert people("block", ANN) == "…1111 is blocked\n"
    assert table.say("Hello") == [BLOCKED]
    assert people("unblock", ANN) == "…1111 is not blocked\n"
    assert table.say("Hello") != [BLOCKED]


def test_a_block_of_the_file_is_taken_back_there(table, people):
    assert "still blocked" in people("unblock", "+15550009999", code=1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "Ann"],
        ["block"],
        ["invite", "--uses", "0"],
        ["invite", "--days", "soon"],
        ["invite", "--email", "ann"],
        ["dance"],
    ],
)
def test_what_cannot_be_understood_is_refused(people, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
