"""Assistants and permissions as other programs may have written them."""

from datetime import UTC, datetime

import pytest

from lib.model import Assistant, Permissions
from lib.storage.catalogue.documents import (
    assistant_document,
    is_rule,
    permissions_document,
    read_assistant,
    read_permissions,
    unread_fields,
)

EXPERT = Assistant(
    id="python-expert",
    name="Python Expert",
    description="Knows Python.",
    enabled=False,
    backend="openai",
    settings={"model": "m", "n": "1"},
)


def test_an_assistant_comes_back_as_it_was_written():
    assert read_assistant("python-expert", assistant_document(EXPERT)) == EXPERT


def test_an_assistant_of_which_nothing_is_said_is_named_after_its_id():
    assert read_assistant("python-expert_2", {}) == Assistant("python-expert_2", "Python Expert 2")


def test_settings_stand_beside_the_other_fields_or_apart():
    document = {
        "id": "other",
        "model": "beside",
        "limit": 5,
        "stream": True,
        "settings": {"model": "apart", "temperature": 0.5, "none": None, "list": [1]},
    }
    assert read_assistant("x", document).settings == {
        "model": "apart",
        "limit": "5",
        "stream": "true",
        "temperature": "0.5",
    }


@pytest.mark.parametrize("settings", [None, "x", [1]])
def test_settings_that_are_no_map_are_none(settings):
    assert read_assistant("x", {"settings": settings}).settings == {}


@pytest.mark.parametrize(
    "permissions",
    [
        Permissions(),
        Permissions(blocked=True),
        Permissions(assistants=frozenset({"b", "a"})),
        Permissions(limits={"budget_per_day": 250_000, "questions_per_day": 5}),
        Permissions(limits={"budget_per_day": 0, "messages_per_minute": 0}),
        Permissions(limits={"budget_per_day": 10**15}),
        Permissions(limits={"budget_per_day": 1}),
    ],
)
def test_permissions_come_back_as_they_were_written(permissions):
    assert read_permissions(permissions_document(permissions)) == permissions


@pytest.mark.parametrize("document", [None, {}, {"assistants": "*"}, {"assistants": ["a", "*"]}])
def test_the_default_policy_allows_everything(document):
    assert read_permissions(document) == Permissions()


@pytest.mark.parametrize("odd", [5, {}, {"a": True}, [1, None], False])
def test_a_permission_that_cannot_be_understood_allows_nothing(odd):
    assert read_permissions({"assistants": odd}).assistants == frozenset()
    if odd is not False:
        assert read_permissions({"blocked": odd}).blocked


@pytest.mark.parametrize(
    ("told", "millionths"),
    [("0.25", 250_000), (0.25, 250_000), (2, 2_000_000), ("0", 0), (1e-9, 1), (0.1, 100_000)],
)
def test_a_budget_is_an_amount_as_text_or_number(told, millionths):
    document = {"limits": {"budget_per_day": told}}
    assert read_permissions(document).limits == {"budget_per_day": millionths}
    assert unread_fields(document) == ()


@pytest.mark.parametrize("name", ["messages_per_minute", "questions_per_day", "budget_per_day"])
@pytest.mark.parametrize("odd", [-1, "", "many", True, float("nan"), [1], {"a": 1}, -0.5, "1 EUR"])
def test_a_limit_that_cannot_be_understood_allows_next_to_nothing_and_is_named(name, odd):
    document = {"limits": {name: odd, "other": "x"}}
    assert read_permissions(document).limits == {name: 1}
    assert unread_fields(document) == (name,)


@pytest.mark.parametrize("document", [{}, {"limits": None}, {"limits": 5}, {"limits": {"a": -1}}])
def test_what_is_no_limit_is_not_named(document):
    assert unread_fields(document) == ()


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        (" 2026-12-31T18:00+01:00 ", datetime(2026, 12, 31, 17, tzinfo=UTC)),
        ("9999-12-31", datetime(9999, 12, 31, tzinfo=UTC)),
        (datetime(2026, 12, 31, 18, tzinfo=UTC), datetime(2026, 12, 31, 18, tzinfo=UTC)),
    ],
)
def test_an_end_is_a_time_or_a_text(told, until):
    document = {"blocked": True, "until": told}
    assert read_permissions(document) == Permissions(blocked=True, until=until)
    assert unread_fields(document) == ()


@pytest.mark.parametrize("odd", ["soon", "", "9999-12-31T23:00-05:00", 20261231, True, [], {}])
def test_an_end_that_cannot_be_understood_blocks_and_is_named(odd):
    document = {"email": "ann@firm.example", "until": odd}
    assert read_permissions(document).blocked
    assert is_rule(document)
    assert unread_fields(document) == ("until",)
