"""Each of the two stores by itself: files for us alone, and a bucket that has its moods."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import StoreError
from lib.google import tokens
from lib.media.kept.addresses import Addresses
from lib.media.kept.bucket import BucketStore
from lib.media.kept.folder import FolderStore
from lib.media.kept.objects import Objects
from lib.ports.media_store import StoredMedium
from tests.bucket import BUCKET, bucket
from tests.peer import answer, peer, say_nothing, token

ANN = "+15550001111"
START = datetime(2026, 11, 28, 12, tzinfo=UTC)
SPOKEN = StoredMedium(b"spoken", "audio/mpeg", "answer.mp3")


class Clock:
    now = START

    def __call__(self):
        return self.now


def folder_store(folder, clock=None, **limits):
    clock = clock or Clock()
    return FolderStore(folder, Addresses("https://g.example", b"key", clock), clock, **limits)


def files(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def opened(store, url):
    return store.open(*url.split("/")[-2:])


def test_a_file_is_for_us_alone_and_its_name_tells_nothing(tmp_path):
    folder = tmp_path / "media"
    folder_store(folder).put(ANN, "spoken", SPOKEN)
    (file,) = files(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "1555" not in str(file.relative_to(tmp_path))


def test_what_is_older_than_a_day_is_deleted_within_an_hour_of_use(tmp_path):
    clock = Clock()
    store = folder_store(tmp_path / "media", clock)
    store.put(ANN, "old", SPOKEN)
    clock.now = START + timedelta(hours=23, minutes=30)
    store.put(ANN, "new", SPOKEN)
    clock.now = START + timedelta(hours=24, minutes=10)
    store.put(ANN, "newer", SPOKEN)
    assert len(files(tmp_path)) == 3  # looked through 40 minutes ago
    clock.now = START + timedelta(hours=24, minutes=31)
    store.put(ANN, "newest", SPOKEN)
    assert len(files(tmp_path)) == 3
    assert store.find(ANN, "new")
    assert not store.find(ANN, "old")


def test_a_sweep_leaves_no_file_that_a_crash_cut_and_no_empty_folder(tmp_path):
    clock = Clock()
    store = folder_store(tmp_path / "media", clock)
    store.put(ANN, "spoken", SPOKEN)
    (file,) = files(tmp_path)
    draft = file.with_name(".half")
    draft.write_bytes(b"ha")
    os.utime(draft, (START.timestamp(), START.timestamp()))
    clock.now = START + timedelta(days=1)
    store.sweep()
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.parametrize("limits", [{"most_files": 3}, {"most_kept": 3 * 6}])
def test_a_full_folder_takes_no_more_until_something_is_over(tmp_path, limits):
    clock = Clock()
    store = folder_store(tmp_path / "media", clock, **limits)
    for number in range(3):
        store.put(ANN, str(number), SPOKEN)
    with pytest.raises(StoreError) as raised:
        store.put(ANN, "3", SPOKEN)
    assert not raised.value.retryable
    assert len(files(tmp_path)) == 3
    clock.now = START + timedelta(days=1)
    assert opened(store, store.put(ANN, "later", SPOKEN)) == SPOKEN


def test_a_store_that_starts_counts_what_is_there(tmp_path):
    folder_store(tmp_path / "media").put(ANN, "first", SPOKEN)
    with pytest.raises(StoreError):
        folder_store(tmp_path / "media", most_files=1).put(ANN, "second", SPOKEN)


def test_many_at_once_lose_nothing(tmp_path):
    clock = Clock()
    store = folder_store(tmp_path / "media", clock)
    urls = []

    def work(name):
        for number in range(20):
            urls.append(store.put(f"{ANN}{name}", str(number), SPOKEN))
            store.sweep()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [opened(store, url) for url in urls] == [SPOKEN] * 80


def test_a_folder_that_cannot_be_had_is_told_with_the_way_out(tmp_path):
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(StoreError, match=r"a medium cannot be kept: .*Move it away"):
        folder_store(tmp_path / "media").put(ANN, "x", SPOKEN)


@pytest.mark.parametrize("found", [b"", b"{}\nx", b"[1]\nx", b"nothing of ours"])
def test_a_file_of_somebody_else_is_no_medium(tmp_path, found):
    store = folder_store(tmp_path / "media")
    url = store.put(ANN, "x", SPOKEN)
    files(tmp_path)[0].write_bytes(found)
    with pytest.raises(StoreError):
        opened(store, url)


def bucket_store(url, owner=None):
    clock = lambda: datetime.now(UTC)  # noqa: E731 - the one that is
    return BucketStore(
        Objects(BUCKET, url, owner), Addresses("https://g.example", b"k", clock), clock
    )


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(status):
    with bucket() as played:
        played.faults = [status]
        store = bucket_store(played.url)
        url = store.put(ANN, "x", SPOKEN)
        played.faults = [status]
        assert opened(store, url) == SPOKEN
        assert len(played.asked) == 4


@pytest.mark.parametrize(("faults", "tries"), [([403], 1), ([400], 1), ([302], 1), ([503] * 9, 3)])
def test_what_does_not_pass_is_a_store_error(faults, tries):
    with bucket() as played:
        played.faults = list(faults)
        with pytest.raises(StoreError, match=f"HTTP {faults[0]}"):
            bucket_store(played.url).put(ANN, "x", SPOKEN)
        assert len(played.asked) == tries
        assert played.objects == {}


def test_a_bucket_that_is_not_there_is_told():
    with peer(answer(404, b"{}")) as server, pytest.raises(StoreError, match="no such bucket"):
        bucket_store(server.url).put(ANN, "x", SPOKEN)


@pytest.mark.parametrize("said", [b"[]", b"<html>", b"{}", b'{"timeCreated": 3}'])
def test_an_answer_that_is_none_is_a_store_error(said):
    with peer(answer(200, said)) as server, pytest.raises(StoreError):
        bucket_store(server.url).find(ANN, "x")


def test_a_server_that_says_nothing_is_left_in_time():
    with peer(say_nothing) as server:
        with pytest.raises(StoreError, match="LateError"):
            list(Objects(BUCKET, server.url, None, seconds=1.5).names(""))
        assert server.connections == 2


def test_a_token_that_is_refused_is_got_anew():
    with peer(token("first"), token("second")) as metadata, bucket() as played:
        store = bucket_store(played.url, tokens.of_metadata_server(metadata.host))
        played.faults = [401]
        store.put(ANN, "x", SPOKEN)
        assert played.logins == ["Bearer first", "Bearer second"]


def test_without_an_identity_nothing_is_asked():
    with peer(answer(200, b"{}")) as metadata, bucket() as played:
        store = bucket_store(played.url, tokens.of_metadata_server(metadata.host))
        with pytest.raises(StoreError, match="was not asked"):
            store.put(ANN, "x", SPOKEN)
        assert played.asked == []
