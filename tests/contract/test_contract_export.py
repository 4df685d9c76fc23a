"""What a person is given of everything that is kept of them, on both databases."""

import json
from collections import defaultdict
from datetime import UTC, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from lib.export.export import PERSONS, LinkedExports, Sources, write_export
from lib.media.kept.addresses import Addresses, end_of
from lib.media.kept.folder import FolderStore
from lib.media.kept.lifetime import EXPORTS
from lib.stopping import Stop
from lib.turn.erasing import erase
from tests.lives import Killed, Person, a_world, kept_by

BASE = "https://gate.example"


@pytest.fixture
def world(backend, tmp_path):
    with a_world(backend, tmp_path) as world:
        yield world


class Exports:
    """A folder of exports that counts what is done with it as a step."""

    def __init__(self, folder, world):
        self.folder = FolderStore(
            folder, Addresses(BASE, b"k" * 32, lambda: world.now, EXPORTS), lambda: world.now
        )
        self.steps = world.steps

    def find(self, owner, key):
        self.steps()
        return self.folder.find(owner, key)

    def put(self, owner, key, medium):
        self.steps()
        url = self.folder.put(owner, key, medium)
        self.steps()
        return url

    def open(self, url):
        return self.folder.open(*url.split("/")[-2:])


def english(phrase):
    return str(phrase)


def person(who, world):
    return world.stores.conversations.read(who.phone, who.user_id)


def exported(who, world):
    """An export as its two readable files, and how much is in it."""
    known = person(who, world)
    sources = Sources(world.stores, world.media, lambda: world.now)
    file = BytesIO()
    counts = write_export(file, known, known.session, sources, english, PERSONS, Stop())
    with ZipFile(file) as archive:
        return json.loads(archive.read("export.json")), archive.read("index.html").decode(), counts


def kept_ids(backend):
    """The documents that say something, by collection; a blanked turn says nothing."""
    ids = defaultdict(set)
    for collection, document_id, document in kept_by(backend):
        if collection != "whatsapp_turns" or "payload" in document:
            ids[collection].add(document_id)
    return ids


SECTIONS = {
    "messages": "messages",
    "whatsapp_consents": "consents",
    "whatsapp_sessions": "sessions",
    "whatsapp_contacts": "links",
    "whatsapp_turns": "turns",
    "whatsapp_deliveries": "deliveries",
    "dead_letters": "dead_letters",
    "whatsapp_stops": "stops",
}


def test_what_an_erasure_would_take_is_what_is_given(backend, world):
    """One list for both: a collection that is in one of them is in the other."""
    ann, ben = Person(1, world), Person(2, world)
    ann.live()
    ben.live()
    given, page, counts = exported(ann, world)
    before = kept_ids(backend)
    erase(ann.ask(), world.eraser)
    after = kept_ids(backend)
    taken = {name: ids - after[name] for name, ids in before.items() if ids - after[name]}
    assert set(taken) == set(SECTIONS)
    for collection, ids in taken.items():
        section = SECTIONS[collection]
        assert {one["id"] for one in given[section]} == ids, section
        assert counts[section] == len(ids)
    for word in ben.traces():
        assert word not in json.dumps(given) + page
    assert ann.word in page


def test_times_are_told_with_their_zone_and_messages_as_such(world):
    ann = Person(1, world)
    ann.live()
    given, _, _ = exported(ann, world)
    assert given["made_at"] == world.now.astimezone(UTC).isoformat()
    turn = given["turns"][0]
    assert turn["message"]["text"] == f"my {ann.word}"
    assert turn["parts"][0]["text"] == f"my {ann.word}"
    assert turn["created_at"].endswith("+00:00")
    assert [one["content_type"] for one in given["media"]] == ["text/plain"]


def test_permissions_are_those_of_the_person(backend, world):
    ann = Person(1, world)
    ann.live()
    for email, field in ((f"{ann.phone}@whatsapp.user", "mine"), ("*", "everybodys")):
        backend.keep("user_permissions", email, {"assistants": [field], "email": "ann@corp.test"})
    backend.keep("user_permissions", "ann@corp.test", {"assistants": ["account"]})
    backend.keep("user_permissions", "ben@corp.test", {"assistants": ["others"]})
    given, page, _ = exported(ann, world)
    assert [one["assistants"] for one in given["permissions"]] == [["mine"], ["account"]]
    assert "mine" in page
    assert given["person"]["account"] == "ann@corp.test"


@pytest.mark.slow
def test_one_that_is_killed_at_any_step_gives_one_link_in_the_end(world, tmp_path):
    ann = Person(1, world)
    ann.live()
    known = person(ann, world)
    exports = Exports(tmp_path / "exports", world)
    for last in range(1, 200):
        exports.folder.delete(ann.phone)
        sources = Sources(world.stores, world.media, lambda: world.now)
        export = LinkedExports(sources, exports, end_of)
        world.steps.kill_at(last)
        try:
            export(known, known.session, english, Stop())
            break
        except Killed:
            world.steps.last = None
        link = LinkedExports(sources, exports, end_of)(known, known.session, english, Stop())
        again = LinkedExports(sources, exports, end_of)(known, known.session, english, Stop())
        assert link == again
        assert exports.open(link.url) is not None
        assert len(list((tmp_path / "exports").rglob("*.*"))) == 0
        assert sum(one.is_file() for one in (tmp_path / "exports").rglob("*")) == 1
    assert 10 < last < 199
    assert link.ends_at - world.now <= timedelta(hours=1)
