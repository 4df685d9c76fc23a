"""Media that others fetch by address, in a folder and in a bucket."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import StoreError
from lib.media.kept.addresses import Addresses, end_of
from lib.media.kept.bucket import BucketStore
from lib.media.kept.folder import FolderStore
from lib.media.kept.lifetime import EXPORTS, MEDIA
from lib.media.kept.objects import Objects
from lib.ports.media_store import StoredMedium
from tests.bucket import BUCKET, bucket

ANN, JOE = "+15550001111", "+15550002222"
BASE, KEY = "https://gate.example", b"0123456789abcdef0123456789abcdef"
SPOKEN = StoredMedium(b"ID3 spoken words", "audio/mpeg", "answer.mp3")
CARD = StoredMedium(b"BEGIN:VCARD", "text/vcard", "Ann.vcf")


class Clock:
    """The time, which passes when it is told to."""

    def __init__(self):
        self.now = datetime(2026, 11, 28, 12, 0, 0, 250_000, tzinfo=UTC)

    def __call__(self):
        return self.now

    def wait(self, **span):
        self.now += timedelta(**span)


@contextmanager
def _store(kind, folder, clock, key=KEY, lifetime=MEDIA):
    addresses = Addresses(BASE, key, clock, lifetime)
    if kind == "folder":
        yield FolderStore(folder / "media", addresses, clock)
    else:
        with bucket(clock) as played:
            yield BucketStore(Objects(BUCKET, played.url, None), addresses, clock)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path, clock):
    with _store(request.param, tmp_path, clock) as made:
        yield made


def opened(store, url):
    """What is at a URL, asked for as the route does."""
    assert url.startswith("https://gate.example/whatsapp/media/")
    return store.open(*url.removeprefix("https://gate.example/whatsapp/media/").split("/"))


def test_what_is_put_is_served_as_it_was(store):
    assert opened(store, store.put(ANN, "spoken", SPOKEN)) == SPOKEN
    assert opened(store, store.put(ANN, "card", CARD)) == CARD


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=1, max_size=300))
@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_any_bytes_come_back(kind, tmp_path_factory, data):
    with _store(kind, tmp_path_factory.mktemp("kept"), Clock()) as store:
        medium = StoredMedium(data, "application/pdf", "a.pdf")
        assert opened(store, store.put(ANN, "x", medium)) == medium


def test_what_is_made_again_under_the_same_key_is_the_same_medium(store):
    first = store.put(ANN, "spoken", SPOKEN)
    again = store.put(ANN, "spoken", StoredMedium(b"once more", "audio/mpeg", "answer.mp3"))
    assert first == again
    assert opened(store, first).data == b"once more"
    assert store.delete(ANN) == 1


def test_a_medium_is_found_by_owner_and_key(store):
    url = store.put(ANN, "spoken", SPOKEN)
    assert store.find(ANN, "spoken") == url
    assert store.find(ANN, "other") == ""
    assert store.find(JOE, "spoken") == ""


def test_keys_of_one_are_not_those_of_another(store):
    """``+1`` with the key ``23`` is not ``+12`` with the key ``3``."""
    store.put("+1", "23", SPOKEN)
    assert store.find("+12", "3") == ""


def test_an_address_ends_after_a_day_and_is_given_to_nobody_in_its_last_hour(store, clock):
    url = store.put(ANN, "spoken", SPOKEN)
    clock.wait(hours=22)
    assert store.find(ANN, "spoken") == url
    clock.wait(hours=1, minutes=30)
    assert store.find(ANN, "spoken") == ""
    assert opened(store, url) == SPOKEN
    clock.wait(minutes=30)
    assert opened(store, url) is None
    assert opened(store, store.put(ANN, "spoken", SPOKEN)) == SPOKEN


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_an_export_lives_an_hour_and_is_the_same_one_as_long(kind, tmp_path, clock):
    with _store(kind, tmp_path, clock, lifetime=EXPORTS) as store:
        url = store.put(ANN, "export", CARD)
        # Nothing in it is a mark of WhatsApp's formatting.
        assert re.fullmatch(f"{BASE}/whatsapp/media/[0-9a-f]{{138}}/Ann.vcf", url)
        assert end_of(url) == datetime(2026, 11, 28, 13, 0, 0, tzinfo=UTC)
        clock.wait(minutes=58)
        assert store.find(ANN, "export") == url
        clock.wait(minutes=1, seconds=1)
        assert store.find(ANN, "export") == ""
        assert opened(store, url) == CARD
        clock.wait(minutes=1)
        assert opened(store, url) is None


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_what_lives_for_another_time_is_at_no_address_of_a_medium(kind, tmp_path, clock):
    with _store(kind, tmp_path, clock) as store:
        token, name = store.put(ANN, "export", CARD).split("/")[-2:]
    with _store(kind, tmp_path, clock, lifetime=EXPORTS) as exports:
        assert exports.open(token, name) is None
        assert exports.find(ANN, "export") == ""


def test_an_export_is_deleted_when_its_hour_is_over(tmp_path, clock):
    with _store("folder", tmp_path, clock, lifetime=EXPORTS) as store:
        store.put(ANN, "export", CARD)
        clock.wait(minutes=59)
        store.sweep()
        assert [one for one in tmp_path.rglob("*") if one.is_file()]
        clock.wait(minutes=1)
        store.sweep()
        assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_all_that_is_kept_of_one_is_told_with_its_time(store, clock):
    began = clock.now.replace(microsecond=0)
    assert list(store.kept(ANN)) == []
    for number in range(5):
        store.put(ANN, f"{number}", SPOKEN if number else CARD)
    store.put(JOE, "card", CARD)
    found = list(store.kept(ANN))
    assert sorted(medium.name for _, medium in found) == ["Ann.vcf", *["answer.mp3"] * 4]
    assert {medium for _, medium in found} == {SPOKEN, CARD}
    assert all(began <= at <= clock.now for at, _ in found)


def test_who_is_forgotten_has_no_media_and_nobody_else_loses_any(store):
    urls = [store.put(ANN, f"{number}", SPOKEN) for number in range(5)]
    theirs = store.put(JOE, "card", CARD)
    assert store.delete(ANN) == 5
    assert [opened(store, url) for url in urls] == [None] * 5
    assert opened(store, theirs) == CARD
    assert store.delete(ANN) == 0


FLAWS = {
    "another name": lambda token, _name: (token, "other.mp3"),
    "no name": lambda token, _name: (token, ""),
    "no token": lambda _token, name: ("", name),
    "cut": lambda token, name: (token[:-1], name),
    "longer": lambda token, name: (f"{token}A", name),
    "very long": lambda token, name: (token * 10_000, name),
    "swapped": lambda token, name: (name, token),
    "padded": lambda token, name: (f"{token[:-1]}=", name),
    "of another alphabet": lambda token, name: (token[:-1] + "١", name),
    "a line more": lambda token, name: (f"{token}\n", name),
    "above": lambda token, name: (token, f"../{name}"),
    "null": lambda token, name: (f"{token[:-1]}\0", name),
    "surrogate": lambda token, _name: (token, "\udcff.mp3"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_an_address_that_is_none_of_ours_leads_nowhere(store, flaw):
    token, name = store.put(ANN, "spoken", SPOKEN).split("/")[-2:]
    assert store.open(*FLAWS[flaw](token, name)) is None


def test_no_sign_of_an_address_can_be_changed(tmp_path, clock):
    with _store("folder", tmp_path, clock) as store:
        token, name = store.put(ANN, "spoken", SPOKEN).split("/")[-2:]
        for at, sign in enumerate(token):
            changed = token[:at] + ("A" if sign != "A" else "B") + token[at + 1 :]
            assert store.open(changed, name) is None, at


def test_another_key_signs_nothing_for_us(tmp_path, clock):
    with _store("folder", tmp_path, clock) as store:
        store.put(ANN, "spoken", SPOKEN)
    with _store("folder", tmp_path, clock, key=b"another") as other:
        forged = other.put(ANN, "spoken", SPOKEN)
    with _store("folder", tmp_path, clock) as store:
        assert opened(store, forged) is None


@pytest.mark.parametrize(
    "medium",
    [
        StoredMedium(b"", "audio/mpeg", "a.mp3"),
        StoredMedium(bytes(16 * 1024 * 1024 + 1), "audio/mpeg", "a.mp3"),
        StoredMedium(b"x", "", "a.mp3"),
        StoredMedium(b"x", "audio/mpeg\r\nX: y", "a.mp3"),
    ],
    ids=["empty", "too large", "no type", "two lines"],
)
def test_what_cannot_be_served_is_not_kept(store, medium):
    with pytest.raises(StoreError) as raised:
        store.put(ANN, "x", medium)
    assert not raised.value.retryable
    assert store.find(ANN, "x") == ""


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("answer.mp3", "answer.mp3"),
        ("Jörg Müller.vcf", "Jorg-Muller.vcf"),
        ("../../etc/passwd.pdf", "etc-passwd.pdf"),
        ('a"\r\nX: y.pdf', "a-X-y.pdf"),
        ("名刺.vcf", "file.vcf"),
        ("no ending", "no-ending.bin"),
        ("", "file.bin"),
        ("x" * 300 + ".pdf", "x" * 60 + ".pdf"),
        (".hidden", "file.hidden"),
        ("a.b/c d", "a.bcd"),
    ],
)
def test_a_name_is_one_that_an_address_and_a_header_can_hold(store, given_name, name):
    url = store.put(ANN, "x", StoredMedium(b"x", "application/pdf", given_name))
    assert url.rpartition("/")[2] == name
    assert opened(store, url).name == name


def test_an_address_tells_nobody_whose_it_is(store):
    url = store.put(ANN, "spoken", SPOKEN)
    assert "15550001111" not in url
    assert re.fullmatch(r"https://gate.example/whatsapp/media/[\w-]{92}/answer\.mp3", url)


def test_of_a_contact_only_what_was_kept_at_a_time_is_deleted(store, clock):
    for key in ("1", "2", "3"):
        store.put(ANN, key, SPOKEN)
        clock.wait(hours=1)
    third = clock.now - timedelta(minutes=61)
    assert store.delete(ANN, lambda at: at < third) == 2
    assert [bool(store.find(ANN, key)) for key in ("1", "2", "3")] == [False, False, True]
    assert store.delete(ANN) == 1
