"""The table of what ends: nothing is kept that it does not name, and whoever deletes agrees."""

import ast
import json
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from lib.storage.keeping import Keeping, is_to_be_renewed
from lib.storage.retention import RETENTION, ends
from tests.processes import ROOT

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKED = {"query", "newest"}
FOLDERS = ("lib", "operations", "standalone", "functions")


@cache
def trees():
    """What knows of documents at all, in the gateway and its commands, by its module."""
    read = {path: path.read_text() for name in FOLDERS for path in (ROOT / name).rglob("*.py")}
    return {path: ast.parse(text) for path, text in read.items() if "documents" in text}


def constants():
    """Each text that a module of the gateway gives a name to, by that name."""
    named = {}
    for tree in trees().values():
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                named.update(
                    {one.id: node.value.value for one in node.targets if isinstance(one, ast.Name)}
                )
    return named


def places():
    """Whatever the gateway and its commands use as the name of a collection, with its module."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name == "Key" or (name in ASKED and len(node.args) + len(node.keywords) > 1):
                    yield node.args[0], path


def collections():
    named = constants()
    for place, path in places():
        if isinstance(place, ast.Constant) and isinstance(place.value, str):
            yield place.value, path
        elif isinstance(place, ast.Name) and place.id.isupper():
            yield named[place.id], path


def test_nothing_is_kept_where_nothing_is_said_of_its_end():
    found = dict(collections())
    assert len(found) > 10
    assert {name: path for name, path in found.items() if name not in RETENTION} == {}


@pytest.mark.parametrize("name", RETENTION)
def test_what_has_no_end_says_why(name):
    rule = RETENTION[name]
    assert rule.ends or rule.stays
    assert rule.otherwise is None or not rule.stays


def test_firestore_deletes_what_carries_an_end_and_nothing_else():
    asked = json.loads((ROOT / "firestore.indexes.json").read_text())["fieldOverrides"]
    expiring = {one["collectionGroup"] for one in asked if one.get("ttl")}
    assert expiring == {name for name, rule in RETENTION.items() if rule.expires}
    assert {one["fieldPath"] for one in asked} == {"expire_at"}


@pytest.mark.parametrize("name", RETENTION)
def test_the_page_about_data_names_every_collection(name):
    assert f"`{name}`" in (ROOT / "docs/data-protection.md").read_text()


def test_ends_follow_the_settings():
    given = ends(Keeping(history=30, letters=10, sessions=20), NOON)
    days = {name: (end - NOON).days for name, end in given.items()}
    assert days == {
        "messages": 30,
        "dead_letters": 10,
        "whatsapp_sessions": 20,
        "whatsapp_contacts": 20 + 30,
        "whatsapp_consents": 20 + 30 + 3 * 365,
        "whatsapp_deliveries": 7,
        "whatsapp_stops": 1,
        "whatsapp_counters": 7,
        "whatsapp_invitations": 366,
    }


def test_what_is_kept_for_ever_is_given_no_end():
    given = ends(Keeping(history=0, letters=0, sessions=0), NOON)
    kept = {"messages", "dead_letters", "whatsapp_sessions", "whatsapp_contacts"}
    assert not given.keys() & (kept | {"whatsapp_consents", "whatsapp_turns", "whatsapp_erasures"})


@pytest.mark.parametrize("pause", [1, 3, 10, 29, 30, 31, 200, 399])
@pytest.mark.parametrize("sessions", [1, 7, 400])
def test_a_link_outlives_the_session_that_it_leads_to(pause, sessions):
    keeping = Keeping(sessions=sessions)
    written, link = NOON, keeping.end_beside_session(NOON)
    for _ in range(50):
        assert keeping.end_of_session(written) < link
        later = written + timedelta(days=pause)
        if later >= keeping.end_of_session(written):
            return  # the session is over
        if is_to_be_renewed(written, later):
            link = keeping.end_beside_session(later)
        written = later
