"""Media at Twilio's own hosts, over TLS: a proxy takes every name for itself and answers for it."""

import contextlib
import socket
import threading

import pytest

from lib.media.errors import MediaRefusedError
from lib.twilio.media import MediaFetcher
from tests.certificates import certificate_in, server_context
from tests.peer import answer

SID, TOKEN = "AC" + "c" * 32, "the-token"
URL = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/MM{'1' * 32}/Media/ME{'2' * 32}"
CDN = f"https://mms.twiliocdn.com/{SID}/5f?Expires=1&Signature=a~b"
S3 = f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/5f"
NAMES = ("*.twilio.com", "*.twiliocdn.com", "s3-external-1.amazonaws.com", "example.com")


def to(location):
    return answer(307, b"", f"Location: {location}")


class Internet:
    """Answers one request after another, whoever is asked; remembers who was, and for what."""

    def __init__(self, listener, context):
        self.answers = []
        self.asked = []
        self._listener = listener
        self._context = context

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            host = connection.recv(65536).split()[1].decode()
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            with self._context.wrap_socket(connection, server_side=True) as inner:
                while head := inner.recv(65536):
                    self.asked.append((host, head))
                    inner.sendall(self.answers.pop(0))

    def hosts(self):
        return [host for host, _ in self.asked]

    def hosts_that_saw_credentials(self):
        return {host for host, head in self.asked if b"authorization" in head.lower()}


@pytest.fixture
def internet(tmp_path, monkeypatch):
    certificate = certificate_in(tmp_path, *NAMES)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for name in ("https_proxy", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")
        internet = Internet(listener, server_context(certificate))
        threading.Thread(target=internet.run, daemon=True).start()
        yield internet
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def fetcher():
    return MediaFetcher(SID, TOKEN, SID, pauses=(0.01, 0.01))


@pytest.mark.parametrize("storage", [CDN, S3])
def test_credentials_go_to_the_api_alone(internet, fetcher, storage):
    internet.answers += [
        answer(404, b"{}"),
        answer(302, b"", f"Location: {storage}", "Set-Cookie: a=b"),
        answer(200, b"OggS", "Content-Type: audio/ogg"),
    ]
    fetched = fetcher.fetch(URL)
    assert (fetched.data, fetched.content_type) == (b"OggS", "audio/ogg")
    host = storage.split("/")[2]
    assert internet.hosts() == ["api.twilio.com:443", "api.twilio.com:443", f"{host}:443"]
    assert internet.hosts_that_saw_credentials() == {"api.twilio.com:443"}
    assert internet.asked[-1][1].startswith(f"GET {storage.partition(host)[2]} HTTP".encode())
    last = internet.asked[-1][1].lower()
    assert b"cookie" not in last
    assert b"accept-encoding: identity\r\n" in last


def test_a_second_redirect_is_followed_without_credentials(internet, fetcher):
    internet.answers += [to(CDN), to("https://media.twiliocdn.com/x"), answer(200, b"data")]
    assert fetcher.fetch(URL).data == b"data"
    assert internet.hosts_that_saw_credentials() == {"api.twilio.com:443"}


@pytest.mark.parametrize(
    "location",
    [
        "https://example.com/x",
        "http://169.254.169.254/computeMetadata/v1/",
        "http://127.0.0.1:8080/",
        "https://localhost/",
        "https://s3-external-1.amazonaws.com/example/x",
        CDN.replace("https", "http"),
        URL,
        "https://api.twilio.com/2010-04-01/Accounts.json",
    ],
)
@pytest.mark.parametrize("before", [[], [to(CDN)]], ids=["api", "storage"])
def test_nobody_else_is_asked_anything(internet, fetcher, location, before):
    internet.answers += [*before, to(location), answer(200, b"theirs")]
    with pytest.raises(MediaRefusedError):
        fetcher.fetch(URL)
    expected = ["api.twilio.com:443", "mms.twiliocdn.com:443"]
    assert internet.hosts() == expected[: 1 + len(before)]
    assert internet.hosts_that_saw_credentials() == {"api.twilio.com:443"}


def test_a_path_is_one_of_whoever_names_it(internet, fetcher):
    internet.answers += [to(CDN), to("/there"), answer(200, b"data")]
    assert fetcher.fetch(URL).data == b"data"
    assert internet.asked[-1][1].startswith(b"GET /there HTTP/1.1\r\n")
    internet.answers += [to("/there")]
    with pytest.raises(MediaRefusedError):
        fetcher.fetch(URL)


def test_a_medium_is_deleted_at_the_api(internet, fetcher):
    internet.answers += [answer(204, b"")]
    fetcher.delete(URL)
    ((host, head),) = internet.asked
    assert host == "api.twilio.com:443"
    assert head.startswith(b"DELETE " + URL[22:].encode() + b".json HTTP/1.1\r\n")


def test_a_deletion_is_not_redirected(internet, fetcher):
    internet.answers += [to(CDN)]
    with pytest.raises(MediaRefusedError):
        fetcher.delete(URL)
    assert internet.hosts() == ["api.twilio.com:443"]
