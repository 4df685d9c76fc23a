"""The media route, as the function has it and as one machine has it."""

import stat

import functions_framework
import pytest
from werkzeug.test import Client

from lib.ports.media_store import StoredMedium
from lib.runtime import wiring
from lib.runtime.gateway import Gateway
from lib.settings.config import Config
from lib.settings.google import GoogleSettings
from lib.settings.media import MediaSettings
from standalone.apps import public_app
from tests.bucket import BUCKET, bucket
from tests.processes import ROOT

SPOKEN = StoredMedium(b"ID3 spoken words", "audio/mpeg", "answer.mp3")
URL = "https://media.example"


def config(folder, **media):
    settings = MediaSettings(public_url=URL, bucket=BUCKET, signing_key="k" * 43, **media)
    return Config(media=settings, data_dir=folder)


@pytest.fixture(params=["function", "one machine"])
def route(request, tmp_path):
    """The store, and who asks the route."""
    with bucket() as played:
        google = GoogleSettings(storage_emulator=played.url.removeprefix("http://"))
        settings = config(tmp_path)
        if request.param == "function":
            gateway = Gateway(Config(media=settings.media, google=google))
            source = str(ROOT / "functions/media/main.py")
            client = functions_framework.create_app("media", source, "http").test_client()
        else:
            gateway = Gateway(settings, local=True)
            client = Client(public_app())
        wiring.install(gateway)
        yield gateway.media_store(), client
        wiring.forget()


EXPORT = StoredMedium(b"PK what is kept", "application/zip", "export.zip")


def exports():
    return wiring.gateway().kept_media().exports


def test_get_and_head_tell_all_that_twilio_needs(route):
    store, client = route
    path = store.put("+15550001111", "spoken", SPOKEN).removeprefix(URL)
    got, head = client.get(path), client.head(path)
    assert (got.status_code, got.data) == (200, b"ID3 spoken words")
    assert (head.status_code, head.data) == (200, b"")
    for answer in (got, head):
        assert answer.headers["Content-Type"] == "audio/mpeg"
        assert answer.headers["Content-Length"] == "16"
        assert answer.headers["Content-Disposition"] == 'inline; filename="answer.mp3"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_whatever_is_not_served_is_answered_alike(route):
    store, client = route
    path = store.put("+15550001111", "spoken", SPOKEN).removeprefix(URL)
    head, token, name = path.rpartition("/")[0], path.split("/")[-2], path.split("/")[-1]
    gone = store.put("+15550002222", "card", SPOKEN).removeprefix(URL)
    store.delete("+15550002222")
    wrong = [
        gone,
        f"{head}/other.mp3",
        f"{head}/",
        head,
        f"/whatsapp/media/{token[::-1]}/{name}",
        f"/whatsapp/media/{'A' * 5000}/{name}",
        f"/whatsapp/media/..%2f..%2f{token}/{name}",
        "/whatsapp/media/",
        f"/whatsapp/media/{token}%00/{name}",
        f"/whatsapp/media/{token}/%ff.mp3",
    ]
    answers = [client.get(one) for one in wrong]
    assert {one.status_code for one in answers} == {404}
    assert {one.data for one in answers} == {b"Not here.\n"}
    assert len({str(sorted(one.headers.items())) for one in answers}) == 1


def test_an_export_is_saved_as_often_as_its_address_is_opened(route):
    _, client = route
    path = exports().put("+15550001111", "export", EXPORT).removeprefix(URL)
    for answer in (client.get(path), client.get(path), client.head(path)):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="export.zip"'
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get(path).data == b"PK what is kept"


def test_an_export_that_is_not_there_says_how_to_get_one(route):
    store, client = route
    path = exports().put("+15550001111", "export", EXPORT).removeprefix(URL)
    token = path.split("/")[-2]
    # A medium's address opens no export, nor the other way round.
    other = store.put("+15550001111", "export", EXPORT).removeprefix(URL)
    exports().delete("+15550001111")
    wrong = [path, other, path.replace(token, token[::-1]), path.replace(token, "A" * 5000)]
    answers = [client.get(one) for one in wrong]
    assert {one.status_code for one in answers} == {404}
    assert len({one.data for one in answers}) == 1
    assert "Send <b>/export</b>" in answers[0].text
    assert answers[0].headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading_is_let_in(route, method):
    _, client = route
    assert client.open("/whatsapp/media/x/y.mp3", method=method).status_code == 405


def test_a_bucket_that_does_not_answer_is_asked_for_later(tmp_path, capsys):
    source = str(ROOT / "functions/media/main.py")
    with bucket() as played:
        google = GoogleSettings(storage_emulator=played.url.removeprefix("http://"))
        gateway = Gateway(Config(media=config(tmp_path).media, google=google))
        wiring.install(gateway)
        path = gateway.media_store().put("+1555", "x", SPOKEN).removeprefix(URL)
        played.faults = [403]
        client = functions_framework.create_app("media", source, "http").test_client()
        assert client.get(path).status_code == 503
        wiring.forget()
    (line,) = [one for one in capsys.readouterr().out.splitlines() if '"severity": "ERROR"' in one]
    assert '"message": "medium not served"' in line
    assert path.split("/")[-2] not in line


@pytest.mark.parametrize("missing", ["bucket", "public_url", "signing_key"])
def test_a_function_that_lacks_something_says_so_and_serves_nothing(tmp_path, capsys, missing):
    media = config(tmp_path).media._replace(**{missing: ""})
    wiring.install(Gateway(Config(media=media)))
    source = str(ROOT / "functions/media/main.py")
    client = functions_framework.create_app("media", source, "http").test_client()
    assert client.get("/whatsapp/media/x/y.mp3").status_code == 503
    assert f"not set: MEDIA_{missing.upper()}" in capsys.readouterr().out
    wiring.forget()


def test_a_machine_that_nobody_reaches_keeps_and_serves_nothing(tmp_path):
    gateway = Gateway(Config(data_dir=tmp_path), local=True)
    wiring.install(gateway)
    assert gateway.media_store() is None
    assert Client(public_app()).get("/whatsapp/media/x/y.mp3").status_code == 404
    assert list(tmp_path.iterdir()) == []
    wiring.forget()


@pytest.mark.parametrize("found", [b"", b"short"])
def test_a_key_that_was_cut_is_not_used(tmp_path, found):
    (tmp_path / "media-key").write_bytes(found)
    settings = Config(media=MediaSettings(public_url=URL), data_dir=tmp_path)
    Gateway(settings, local=True).media_store()
    assert len((tmp_path / "media-key").read_bytes()) == 43


def test_the_key_of_one_machine_is_made_once_and_is_for_us_alone(tmp_path):
    settings = Config(media=MediaSettings(public_url=URL), data_dir=tmp_path)
    url = Gateway(settings, local=True).media_store().put("+1555", "x", SPOKEN)
    file = tmp_path / "media-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_bytes()) == 43
    later = Gateway(settings, local=True).media_store()
    assert later.find("+1555", "x") == url
    assert {one.name for one in tmp_path.iterdir()} == {"media-key", "media"}
