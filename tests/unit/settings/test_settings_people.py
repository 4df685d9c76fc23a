"""Settings about whom people talk to: what is taken, and what is refused by name."""

from base64 import b64encode

import pytest

from lib.errors import ConfigurationError
from lib.settings.config import load
from lib.settings.people import PeopleSettings
from standalone.settings import complaints

SECRET = "whsec_" + b64encode(b"k" * 24).decode()
HOOK = {"HANDOVER_URL": "https://support.company.org/hook", "HANDOVER_SECRET": SECRET}


def test_nothing_is_on_until_it_is_set():
    assert load({}).people == PeopleSettings()
    assert not load({}).people.has_humans


def test_everything_that_is_set_is_read():
    told = {
        **HOOK,
        "INTRODUCTION": "true",
        "PRIVACY_URL": "https://company.org/privacy",
        "HUMAN_CONTACT": "Write to help@company.org.",
        "HUMAN_HOURS": "Mo-Fr 09:00-17:30",
        "HUMAN_TIMEZONE": "Europe/Berlin",
    }
    people = load(told, complaints).people
    assert people == PeopleSettings(
        introduction=True,
        privacy_url="https://company.org/privacy",
        handover_url="https://support.company.org/hook",
        handover_key=b"k" * 24,
        human_contact="Write to help@company.org.",
        human_hours="Mo-Fr 09:00-17:30",
        human_timezone="Europe/Berlin",
    )
    assert people.has_humans
    assert "kkk" not in repr(people)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"HANDOVER_URL": "https://support.company.org"}, "HANDOVER_SECRET is needed beside"),
        ({**HOOK, "HANDOVER_SECRET": SECRET[6:]}, "HANDOVER_SECRET must be whsec_"),
        ({**HOOK, "HANDOVER_SECRET": "whsec_c2hvcnQ="}, "HANDOVER_SECRET must be whsec_"),
        ({**HOOK, "HANDOVER_SECRET": SECRET + "é"}, "HANDOVER_SECRET must be letters"),
        ({**HOOK, "HANDOVER_SECRET": SECRET + "*"}, "HANDOVER_SECRET must be whsec_"),
        ({**HOOK, "HANDOVER_URL": "http://support.company.org"}, "HANDOVER_URL must begin with"),
        ({**HOOK, "HANDOVER_URL": "support.company.org"}, "HANDOVER_URL must be an absolute"),
        ({"HUMAN_CONTACT": "x" * 501}, "HUMAN_CONTACT must have at most 500 characters"),
        ({"HUMAN_HOURS": "24/7"}, "HUMAN_TIMEZONE is needed beside HUMAN_HOURS"),
        (
            {"HUMAN_HOURS": "Mo-Fr 9-17", "HUMAN_TIMEZONE": "Europe/Berlin"},
            "HUMAN_HOURS cannot be read: hours, column 7: “9-17” is not understood",
        ),
        (
            {"HUMAN_HOURS": "24/7", "HUMAN_TIMEZONE": "Berlin"},
            "HUMAN_TIMEZONE cannot be read: timezone is unknown",
        ),
        ({"INTRODUCTION": "perhaps"}, "INTRODUCTION must be true or false"),
    ],
)
def test_what_is_wrong_is_told_by_name(told, words):
    with pytest.raises(ConfigurationError) as refused:
        load(told, complaints)
    assert words in str(refused.value)


def test_a_hook_on_this_machine_may_do_without_tls():
    assert load({**HOOK, "HANDOVER_URL": "http://127.0.0.1:8080/hook"}).people.handover_url
