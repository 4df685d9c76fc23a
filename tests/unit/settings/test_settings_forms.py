"""The forms of settings: what is believed, what is refused, and how it is told."""

import json

import functions_framework
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import ConfigurationError
from lib.runtime import wiring
from lib.settings import roles
from lib.settings.config import environment, load, read
from lib.settings.limits import LimitsSettings
from lib.settings.reader import Settings
from tests.processes import ROOT

SID = "AC" + "0123456789abcdef" * 2
OTHER = "0123456789abcdef" * 2
REAL = {
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": OTHER,
    "TWILIO_WHATSAPP_NUMBER": "whatsapp:+14155238886",
    "TWILIO_WEBHOOK_URL": "https://gate.example/whatsapp/webhook#rc=3&rp=ct,rt,5xx",
    "TWILIO_STATUS_CALLBACK_URL": "https://gate.example/whatsapp/status",
}
PLAYED = {"TWILIO_API_BASE_URL": "http://127.0.0.1:4010"}
SIDS = {
    "TWILIO_ACCOUNT_SID": "AC",
    "TWILIO_API_KEY_SID": "SK",
    "TWILIO_KNOCK_CONTENT_SID": "HX",
}
SECRETS = (
    "TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN_SECONDARY",
    "TWILIO_WEBHOOK_SHARED_KEY",
    "ASSISTANT_API_KEY",
)


def complaints(**settings):
    """What is said of settings beside those of a real account, one line a setting."""
    try:
        load({**REAL, **settings})
    except ConfigurationError as error:
        return str(error).splitlines()
    return []


def refused(name, value):
    """The one complaint about a setting; it never repeats the value."""
    lines = complaints(**{name: value})
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{name} ")
    others = complaints(**{name: "?"})
    assert len(value) < 4 or value not in lines[0] or value in others[0]
    return lines[0]


def test_what_twilio_s_console_shows_is_taken():
    assert complaints() == []
    assert load(REAL).twilio.whatsapp_number == "+14155238886"
    assert load(REAL).twilio.webhook_url == REAL["TWILIO_WEBHOOK_URL"]
    key = {"TWILIO_API_KEY_SID": f"SK{OTHER}", "TWILIO_API_KEY_SECRET": "xY9" * 10}
    assert complaints(**key, TWILIO_KNOCK_CONTENT_SID=f"HX{OTHER.upper()}") == []


@pytest.mark.parametrize("name", SIDS)
@pytest.mark.parametrize(
    "value",
    [
        "abc",
        "AC",
        SID[:-1],
        f"{SID}0",
        f"ac{OTHER}",
        f"AC{OTHER[:-1]}g",
        f"MG{OTHER}",
        OTHER,
        f"A C{OTHER}",
        f"{SID} {SID}",
        "your_account_sid",
        "<sid>",
        f"AC{'x' * 32}",
        "AC...",
        "٣" * 34,
    ],
)
def test_a_sid_has_its_form(name, value):
    secret = {"TWILIO_API_KEY_SECRET": "xY9" * 10}
    lines = complaints(**secret, **{name: value})
    assert len(lines) == 1
    assert lines[0].startswith(f"{name} ")
    assert "https://console.twilio.com" in lines[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TWILIO_ACCOUNT_SID", f"SK{OTHER}", "names an API key"),
        ("TWILIO_ACCOUNT_SID", f"MG{OTHER}", "names a Messaging Service"),
        ("TWILIO_API_KEY_SID", SID, "names an account"),
        ("TWILIO_KNOCK_CONTENT_SID", SID, "names an account"),
        ("TWILIO_WHATSAPP_NUMBER", f"MG{OTHER}", "names a Messaging Service"),
        ("TWILIO_AUTH_TOKEN", SID, "is a SID, which is no secret"),
    ],
)
def test_what_was_taken_for_something_else_is_told(name, value, words):
    more = {"TWILIO_API_KEY_SECRET": "xY9" * 10} if name == "TWILIO_API_KEY_SID" else {}
    (line,) = complaints(**more, **{name: value})
    assert words in line


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_no_other_text_is_an_account(text):
    plain = text.strip()
    if plain and plain != "test_account_sid":
        assert refused("TWILIO_ACCOUNT_SID", plain)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "value",
    [
        "your_auth_token",
        "YOUR-TOKEN",
        "<token>",
        "to ken",
        f'"{OTHER}"',
        f"'{OTHER}",
        f"“{OTHER}”",
        "xxxxxxxx",
        "…",
        "changeme",
        "${TOKEN}",
        "tøken",
        "{{token}}",
        "sk-...",
        "sk-proj-xxxxxxxx",
        "0123...",
        f"{OTHER}\u200b",
    ],
)
def test_a_token_is_no_example_and_has_no_quotes_or_blanks(name, value):
    assert refused(name, value)


@pytest.mark.parametrize("value", [OTHER, "local-token", "simulated", "test_auth_token", "t"])
def test_any_other_token_may_be_one(value):
    assert complaints(TWILIO_AUTH_TOKEN=value) == []


@pytest.mark.parametrize("value", ["", " ", "\t\u00a0"])
def test_a_blank_token_is_a_missing_one(value):
    config = load({**REAL, "TWILIO_AUTH_TOKEN": value})
    assert roles.missing("standalone", config) == ("TWILIO_AUTH_TOKEN",)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("whatsapp:+14155238886", "+14155238886"),
        ("+14155238886", "+14155238886"),
        ("WhatsApp: +49 (30) 1234-5678", "+493012345678"),
        ("0049 30 12345678", "+493012345678"),
    ],
)
def test_a_number_is_understood_as_people_write_it(written, number):
    assert load({**REAL, "TWILIO_WHATSAPP_NUMBER": written}).twilio.whatsapp_number == number


@pytest.mark.parametrize(
    "value",
    [
        "4155238886",
        "whatsapp:",
        "+",
        "+1",
        "+0123456789",
        "whatsapp:4155238886",
        "US.1A2B3C",
        "hello",
        "+14155238886,+14155238887",
        "sms:+14155238886",
        "+1415523888600000",
        "messenger:1",
        "+1x5",
        "+44 (0)20 7946 0958",
    ],
)
def test_a_number_without_its_country_is_refused(value):
    assert "+14155238886" in refused("TWILIO_WHATSAPP_NUMBER", value)


@pytest.mark.parametrize(
    "name", ["TWILIO_WEBHOOK_URL", "TWILIO_STATUS_CALLBACK_URL", "ASSISTANT_API_URL"]
)
@pytest.mark.parametrize(
    "value",
    [
        "gate.example/whatsapp",
        "ftp://gate.example",
        "https://",
        "https:///whatsapp",
        "https//gate",
        "https://<your host>/whatsapp/webhook",
        "https://gate example/",
        "https://gate.example/a b",
        "https://https://gate.example",
        "https://gate.example:0/",
        "https://gate.example:port/",
        "https://gate..example/",
        "https://-gate/",
        "https://gate.example,other.example/",
        "https://[::1",
        "https://gate.example/\xa0x",
        "https://gate.example/\nx",
        "https://" + "a" * 2050,
        "https://your-host/whatsapp/webhook",
        "https://your_domain.example/whatsapp/webhook",
        "https://xxxx.ngrok.app/whatsapp/webhook",
        "https://{host}/whatsapp/webhook",
    ],
)
def test_a_url_is_a_url(name, value):
    assert "http" in refused(name, value)


@pytest.mark.parametrize(
    "value",
    [
        "https://<tunnel>/v1",
        "http://your-server:8000/v1",
        "https://your-project.example",
        "https://...",
    ],
)
def test_the_address_of_an_example_is_told_as_one(value):
    assert "example" in refused("ASSISTANT_API_URL", value)


@pytest.mark.parametrize(
    "host", ["yourself.example", "xx.example", "my-your-host.example", "xxl.de"]
)
def test_a_host_that_reads_like_an_example_may_be_one(host):
    assert complaints(ASSISTANT_API_URL=f"https://{host}/v1", ASSISTANT_MODEL="m") == []


@pytest.mark.parametrize("name", ["ASSISTANT_API_URL", "TWILIO_API_BASE_URL"])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("https://gate.example/v1?api-version=2024-10-21", "before ? and #"),
        ("https://gate.example/v1/chat/completions?a=b", "before ? and #"),
        ("https://gate.example/v1#top", "before ? and #"),
        ("https://ann:word@gate.example/v1", "a name and a password"),
    ],
)
def test_a_base_is_what_paths_are_appended_to(name, value, words):
    assert words in refused(name, value)


@pytest.mark.parametrize(
    "host",
    [
        "192.168.0.5",
        "10.0.0.1",
        "172.16.3.4",
        "0.0.0.0",  # noqa: S104 - to refuse it
        "169.254.1.1",
        "100.64.0.1",
        "[fd00::1]",
        "tunnel",
        "gate.local",
        "gate.internal",
        "GATE.LAN",
    ],
)
def test_a_public_url_is_one_that_twilio_can_reach(host):
    url = f"https://{host}/whatsapp/webhook"
    assert "Twilio cannot reach" in refused("TWILIO_WEBHOOK_URL", url)
    assert complaints(TWILIO_WEBHOOK_URL=url, **PLAYED) == []


@pytest.mark.parametrize(
    "value", ["/vac/{id}", "/vac/<id>", "/vac/ {assistant_id}", "/vac/{assistant_id", "/{a}/{b}"]
)
def test_a_path_has_no_other_name_to_fill_in(value):
    assert "{assistant_id}" in refused("ASSISTANT_API_PATH", value)


@pytest.mark.parametrize(
    "value", ["/ask", "/a/{assistant_id}/{assistant_id}?stream=1", "/{assistant_id}"]
)
def test_a_path_may_name_the_assistant_anywhere(value):
    assert complaints(ASSISTANT_API_PATH=value) == []


@pytest.mark.parametrize("value", ["<model>", "your_model", "...", "${MODEL}"])
def test_a_model_is_none_of_an_example(value):
    assert "example" in refused("ASSISTANT_MODEL", value)


@pytest.mark.parametrize(
    "value", ["http://127.0.0.1", "127.0.0.1:1956", "no such", "[::1]", "a/b", "localhost:80", "*"]
)
def test_a_host_to_listen_on_is_one(value):
    assert "this machine" in refused("HOST", value)


@pytest.mark.parametrize(
    "value", ["127.0.0.1", "::", "::1", "127.0.0.2", "gate-1.example", "fe80::1%eth0"]
)
def test_any_address_may_be_listened_on(value):
    assert complaints(HOST=value) == []


def test_the_two_public_urls_are_not_mixed_up():
    swapped = {
        "TWILIO_WEBHOOK_URL": REAL["TWILIO_STATUS_CALLBACK_URL"],
        "TWILIO_STATUS_CALLBACK_URL": REAL["TWILIO_WEBHOOK_URL"],
    }
    assert len(complaints(**swapped)) == 2
    assert "underscore" in refused("TWILIO_WEBHOOK_URL", "https://my_gate.example/whatsapp/webhook")
    own = "https://gate.example/hooks/a?b=1"
    assert complaints(TWILIO_WEBHOOK_URL=own, TWILIO_STATUS_CALLBACK_URL=f"{own}&c") == []


def test_what_people_write_does_not_travel_open():
    url = "http://gate.example/whatsapp/webhook"
    assert "https" in refused("TWILIO_WEBHOOK_URL", url)
    assert complaints(TWILIO_WEBHOOK_URL=url, **PLAYED) == []
    rig = {"TWILIO_API_BASE_URL": "http://twilio:4010", "TWILIO_WEBHOOK_URL": "http://my_gate/a"}
    assert complaints(**rig) == []
    assert complaints(TWILIO_WEBHOOK_URL="http://localhost:1956/whatsapp/webhook") == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "65536", "from 0 to 65535"),
        ("PORT", "-1", "from 0 to 65535"),
        ("PORT", "19 56", "a whole number"),
        ("PORT", "1_956", "a whole number"),
        ("PORT", "٣", "a whole number"),
        ("ASSISTANT_API_TIMEOUT", "121", "a number above 0, up to 120"),
        ("SEND_SETTLE_SECONDS", "0", "a number above 0, up to 60"),
        ("ASSISTANT_API_TIMEOUT", "nan", "a number"),
        ("MESSAGES_PER_MINUTE", "many", "a whole number from 0 to 1000000000"),
        ("GOOGLE_CLOUD_PROJECT", "your_project_id", "example"),
        ("GOOGLE_CLOUD_PROJECT", "projects/mine", "slashes"),
        ("PUBSUB_TOPIC", "projects/p/topics/t", "slashes"),
        ("DEFAULT_ASSISTANT_ID", "my assistant", "blanks"),
        ("DATA_DIR", '"data"', "quote"),
    ],
)
def test_numbers_and_names_have_their_limits(name, value, words):
    assert words in refused(name, value)


def test_everything_is_named_in_one_go_each_once():
    wrong = {"TWILIO_ACCOUNT_SID": "abc", "TWILIO_AUTH_TOKEN": "'a'", "PORT": "high"}
    wrong |= {"TWILIO_WHATSAPP_NUMBER": "soon", "TWILIO_WEBHOOK_URL": "gate"}
    assert sorted(line.split()[0] for line in complaints(**wrong)) == sorted(wrong)


READER = Settings({})
read(READER)
NAMES = sorted(READER.names)
ODD = [
    "http://[",
    "http://[::1]:x",
    "https://\x00",
    "//",
    "http://a@b@c:1/",
    "\ud800",
    "\u0660" * 8,
]


@given(st.sampled_from(NAMES), st.text(max_size=60) | st.sampled_from(ODD))
def test_whatever_is_set_is_taken_or_named_and_never_repeated(name, value):
    try:
        load({**REAL, name: value})
    except ConfigurationError as error:
        said = str(error)
        assert len(value) < 12 or value not in said
        assert name in said


def test_a_real_account_has_budgets_unless_told_otherwise():
    budgets = LimitsSettings(questions_per_contact=100, questions_per_day=5000)
    assert load(REAL).limits == budgets
    assert load({**REAL, "TWILIO_API_BASE_URL": "https://api.twilio.com"}).limits == budgets
    for played in ({}, {**REAL, **PLAYED}, {"TWILIO_ACCOUNT_SID": "test_account_sid"}):
        assert load(played).limits == LimitsSettings()
    none = load({**REAL, "QUESTIONS_PER_CONTACT": "0", "QUESTIONS_PER_DAY": "0"}).limits
    assert (none.questions_per_contact, none.questions_per_day) == (0, 0)
    assert load({**REAL, "QUESTIONS_PER_DAY": "7"}).limits.questions_per_day == 7


def test_the_words_of_an_example_for_tests_name_no_account_and_are_not_for_google_cloud():
    example = {
        "TWILIO_ACCOUNT_SID": "test_account_sid",
        "TWILIO_AUTH_TOKEN": "test_auth_token",
        "TWILIO_WHATSAPP_NUMBER": "whatsapp:+14155238886",
        "GOOGLE_CLOUD_PROJECT": "test-project",
    }
    config = load(example)
    assert not roles.missing("standalone", config)
    assert not config.twilio.is_set
    with pytest.raises(ConfigurationError, match="TWILIO_ACCOUNT_SID is for tests only"):
        load({**example, "K_SERVICE": "webhook"})


def test_the_example_as_it_is_starts_the_demo_and_has_the_budgets_of_a_real_account():
    text = (ROOT / ".env.example").read_text()
    config = load(environment(ROOT / ".env.example"))
    assert not config.twilio.is_set
    assert not config.assistant.url
    assert "QUESTIONS_PER_CONTACT=100\n" in text
    assert "QUESTIONS_PER_DAY=5000\n" in text


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (b"\xef\xbb\xbfDATA_DIR=there\r\n", "there"),
        (b"DATA_DIR='there'\n", "there"),
        (b'export DATA_DIR = "there" # here\n', "there"),
    ],
)
def test_an_env_file_is_read_as_editors_leave_it(tmp_path, written, found):
    (tmp_path / ".env").write_bytes(written)
    assert environment(tmp_path / ".env")["DATA_DIR"] == found


def test_an_env_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / ".env").write_bytes("DATA_DIR=there".encode("utf-16"))
    with pytest.raises(ConfigurationError, match=r"\.env.*: save it as UTF-8"):
        environment(tmp_path / ".env")


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (b"TWILIO_ACCOUNT_SID: abc\n", 1),
        (b"# mine\n\nthis is no setting\nA=b\n", 3),
        (b'A=b\nTWILIO_AUTH_TOKEN="unclosed\nC=d\n', 2),
        (b"A=b\nTWILIO_ACCOUNT_SID\n", 2),
        (b"set A=b\n", 1),
        (b"A\0B=c\n", 1),
        (b"two words=c\n", 1),
        (b"=c\n", 1),
        (b"A=b\n{'TWILIO_ACCOUNT_SID': 'abc'}\n", 2),
    ],
)
def test_a_line_that_is_no_setting_is_named(tmp_path, written, line):
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(ConfigurationError, match=rf"\.env, line {line}: must be NAME=value"):
        environment(tmp_path / ".env")


def test_a_text_over_lines_and_blank_lines_are_settings(tmp_path):
    (tmp_path / ".env").write_bytes(b"\n  \n# a\nA='one\ntwo'\n\nexport B = c # d\nC=\n \n")
    found = environment(tmp_path / ".env")
    assert (found["A"], found["B"], found["C"]) == ("one\ntwo", "c", "")


def test_a_link_to_no_file_of_settings_is_named(tmp_path):
    (tmp_path / ".env").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read: .*link"):
        environment(tmp_path / ".env")


def test_a_setting_without_its_form_is_not_told_healthy(monkeypatch):
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "abc")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "your_auth_token")
    wiring.forget()
    source = str(ROOT / "functions/health/main.py")
    answer = functions_framework.create_app("health", source, "http").test_client().get("/")
    assert answer.status_code == 503
    document = json.loads(answer.data)
    problems = document.pop("problems")
    assert [line.split()[0] for line in problems] == ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]
    assert document == {
        "status": "unhealthy",
        "twilio_configured": False,
        "environment_vars": {
            "TWILIO_ACCOUNT_SID": True,
            "TWILIO_AUTH_TOKEN": True,
            "TWILIO_WHATSAPP_NUMBER": False,
            "GOOGLE_CLOUD_PROJECT": False,
        },
    }
