"""Assistants and permissions as other programs may have written them."""

import pytest

from lib.model import Assistant, Permissions
from lib.storage.catalogue.documents import (
    assistant_document,
    permissions_document,
    read_assistant,
    read_permissions,
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
    [Permissions(), Permissions(blocked=True), Permissions(assistants=frozenset({"b", "a"}))],
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
