"""``make people ARGS="consent ..."`` on a real data folder."""

import pytest

from lib.conversation.consent import Purpose, may_write_first
from operations.people import subcommand
from operations.people.__main__ import main
from tests.local_gateway import ACCOUNT_SID, ANN, NUMBER, TOKEN, local_gateway

LETTER = ("--evidence", "letter of 3 May", "--by", "ops")
NEVER = "+15550003333"
REFUSED = "…1111 opted out themselves. Only their own START takes that back: nothing is noted.\n"


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANTS_FILE", str(tmp_path / "assistants.yaml"))
    with local_gateway(tmp_path) as ready:
        ready.gateway.sqlite().documents.check()
        yield ready


@pytest.fixture
def people(capsys):
    def call(*arguments, code=0):
        capsys.readouterr()
        assert main(["--local", *arguments]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return call


@pytest.fixture
def wants(table):
    def asked(contact=ANN):
        person = table.gateway.stores().conversations.read(contact, "")
        return may_write_first(person, Purpose.BROADCASTS)

    return asked


def test_a_consent_on_paper_holds_with_its_evidence(table, people, wants):
    table.say("Hello")
    assert not wants()
    said = people("consent", ANN, "granted", *LETTER)
    assert said == "…1111: consent to broadcasts granted, noted by ops.\n"
    assert wants()
    table.say("Hello again")
    assert wants()
    (event,) = table.gateway.stores().consents.events_of(ANN)
    assert (event.state, event.source, event.kind, event.wording, event.by) == (
        "granted",
        "operator",
        "broadcasts",
        "letter of 3 May",
        "ops",
    )
    shown = people("show", ANN)
    assert "granted (broadcasts), operator by ops: letter of 3 May" in shown
    assert ANN not in shown


def test_somebody_who_never_wrote_may_consent_and_keeps_it_once_they_write(
    table, people, wants, monkeypatch
):
    said = people("consent", NEVER, "granted", *LETTER, code=2)
    assert "TWILIO_AUTH_TOKEN" in said  # whatever else, nothing is kept that nobody finds
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT_SID)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("TWILIO_WHATSAPP_NUMBER", NUMBER)
    table.gateway.sqlite().own(ACCOUNT_SID, NUMBER)
    people("consent", NEVER, "granted", *LETTER)
    assert wants(NEVER)
    assert table.gateway.stores().conversations.read(NEVER, "").session is None
    assert "broadcasts:     yes" in people("show", NEVER)
    table.say("Hello", NEVER)
    assert wants(NEVER)
    assert table.gateway.stores().conversations.read(NEVER, "").session.opted_in_at is not None


def test_what_an_operator_withdrew_an_operator_may_grant_anew(table, people, wants):
    table.say("START")
    people("consent", ANN, "revoked", *LETTER)
    assert not wants()
    people("consent", ANN, "granted", *LETTER)
    assert wants()
    states = [event.state for event in table.gateway.stores().consents.events_of(ANN)]
    assert states == ["granted", "revoked", "granted"]


def test_only_their_own_start_takes_a_person_s_stop_back(table, people, wants):
    table.say("Hello")
    people("consent", ANN, "granted", *LETTER)
    table.say("STOP")
    assert people("consent", ANN, "granted", *LETTER, code=1) == REFUSED
    people("consent", ANN, "revoked", *LETTER)
    assert people("consent", ANN, "granted", *LETTER, code=1) == REFUSED
    assert not wants()
    table.say("START")
    people("consent", ANN, "revoked", *LETTER)
    people("consent", ANN, "granted", *LETTER)
    assert wants()


def test_what_twilio_told_is_their_own_word(table, people):
    table.fault(fault="error", code=21610, status=400, times=1)
    table.say("Hello")
    assert people("consent", ANN, "granted", *LETTER, code=1) == REFUSED


def test_the_words_of_a_person_are_shown_only_where_all_is_asked_for(table, people):
    table.say("Unsubscribe!!")
    assert "revoked, word" in people("show", ANN)
    assert "Unsubscribe!!" not in people("show", ANN)
    assert "Unsubscribe!!" in people("show", ANN, "--full")


@pytest.mark.parametrize(
    "arguments",
    [
        ["granted"],
        ["granted", "--evidence", ""],
        ["granted", "--evidence", " \n\u200b "],
        ["granted", "--evidence", "x" * 501],
        ["maybe", *LETTER],
        ["granted", *LETTER, "--kind", "everything"],
        ["granted", "--evidence", "letter", "--by", " "],
    ],
)
def test_what_proves_nothing_is_refused(table, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--local", "consent", ANN, *arguments])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
    assert table.gateway.stores().consents.events_of(ANN) == []


def test_where_nobody_is_known_it_must_be_said_who_notes_it(table, people, monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_000)
    assert subcommand.operator() == ""
    said = people("consent", ANN, "granted", "--evidence", "letter", code=2)
    assert "say --by NAME" in said
    assert table.gateway.stores().consents.events_of(ANN) == []
