"""Media, fetched from a Twilio that is well or not, over HTTP."""

import logging
import threading
import time
import tracemalloc
from types import SimpleNamespace

import pytest

from lib.media.errors import (
    MediaError,
    MediaGoneError,
    MediaLateError,
    MediaRefusedError,
    MediaTooLargeError,
)
from lib.stopping import Stop, StoppedError
from lib.twilio.media import MediaFetcher
from lib.twilio.refusals import RefusalCount
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.faults import parse_fault
from simulator.twilio.media import Medium
from simulator.twilio.messages import INBOUND
from tests.peer import answer, hang_up, peer, say_nothing, then_hang_up
from tests.processes import wait_for

pytestmark = pytest.mark.slow

SID, TOKEN = "AC" + "a1" * 16, "the-token"
KEY, SECRET = "SK" + "b" * 32, "the-secret"
PDF = b"%PDF-1.7 " + bytes(range(256)) * 400
OTHER_PATH = f"/2010-04-01/Accounts/{SID}/Messages/MM{'0' * 32}/Media/ME{'0' * 32}"


class Twilio:
    """The stand-in with one medium, and what it was asked."""

    def __init__(self, account):
        self.account = account
        self.asked = []
        self.app = create_app(account)
        self.message = self.give(Medium("application/pdf", PDF, "Rechnung März.pdf"))

    def __call__(self, environ, start_response):
        headers = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
        self.asked.append(
            SimpleNamespace(
                method=environ["REQUEST_METHOD"],
                host=environ["HTTP_HOST"].partition(":")[0],
                path=environ["PATH_INFO"],
                headers=headers,
            )
        )
        return self.app(environ, start_response)

    def give(self, medium):
        self.medium = self.account.media.add(medium)
        self.message = self.account.messages.add(
            SID,
            "whatsapp:+14155238886",
            "whatsapp:+15551234567",
            "",
            direction=INBOUND,
            status="received",
            media=(self.medium.sid,),
        )
        return self.message

    @property
    def media_url(self):
        return f"{self.url}{self.message.uri}/Media/{self.medium.sid}"

    def fault(self, **fault):
        self.account.faults.add(parse_fault({"operation": "media", **fault}))

    def hosts(self):
        return [one.host for one in self.asked]


@pytest.fixture
def twilio():
    account = Account(SID, TOKEN, frozenset({"+14155238886"}), {KEY: SECRET})
    twilio = Twilio(account)
    with serve(twilio) as server:
        twilio.url = server.url
        yield twilio
        account.close()


@pytest.fixture
def fetcher(twilio):
    return MediaFetcher(SID, TOKEN, SID, twilio.url, pauses=(0.01, 0.02))


@pytest.mark.parametrize("login", [(SID, TOKEN), (KEY, SECRET)])
def test_a_medium_comes_from_the_storage_which_sees_no_credentials(twilio, login):
    fetched = MediaFetcher(*login, SID, twilio.url).fetch(twilio.media_url)
    assert (fetched.data, fetched.content_type) == (PDF, "application/pdf")
    assert fetched.name == "Rechnung März.pdf"
    api, storage = twilio.asked
    assert (api.host, storage.host) == ("127.0.0.1", "localhost")
    assert "HTTP_AUTHORIZATION" in api.headers
    assert not {"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_REFERER"} & storage.headers.keys()
    assert storage.headers["HTTP_ACCEPT_ENCODING"] == "identity"


def test_nothing_of_a_medium_is_told_by_its_representation(twilio, fetcher):
    told = repr(fetcher.fetch(twilio.media_url))
    assert "PDF-1.7" not in told
    assert "Rechnung" not in told


def test_an_empty_medium_is_empty(twilio, fetcher):
    twilio.give(Medium("image/jpeg", b""))
    assert fetcher.fetch(twilio.media_url).data == b""


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "code": 20404, "status": 404, "times": 2},
        {"fault": "error", "code": 20404, "status": 404, "times": 2, "operation": "storage"},
        {"fault": "error", "code": 20500, "status": 503, "body": "html"},
        {"fault": "error", "code": 20500, "status": 502, "operation": "storage", "body": "html"},
        {"fault": "error", "code": 20429, "status": 429},
        {"fault": "cut_before"},
        {"fault": "cut_after"},
        {"fault": "cut_before", "operation": "storage"},
        {"fault": "cut_within", "operation": "storage"},
        {"fault": "expired"},
    ],
    ids=str,
)
def test_what_passes_is_waited_for_and_asked_with_credentials_again(twilio, fetcher, fault):
    twilio.fault(**fault)
    assert fetcher.fetch(twilio.media_url).data == PDF
    asked = [one for one in twilio.asked if one.host == "127.0.0.1"]
    assert len(asked) == fault.get("times", 1) + 1
    assert all("HTTP_AUTHORIZATION" in one.headers for one in asked)
    assert not any("HTTP_AUTHORIZATION" in one.headers for one in twilio.asked if one not in asked)


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "code": 20404, "status": 404, "times": 3},
        {"fault": "expired", "times": 3},
    ],
    ids=str,
)
def test_what_is_absent_three_times_is_gone(twilio, fetcher, fault):
    twilio.fault(**fault)
    with pytest.raises(MediaGoneError):
        fetcher.fetch(twilio.media_url)
    assert twilio.account.faults.armed() == []


ABSENT = {"fault": "error", "code": 20404, "status": 404}
BUSY = {"fault": "error", "code": 20503, "status": 503}
CUT = {"fault": "cut_before"}


@pytest.mark.parametrize(
    "faults",
    [(BUSY, BUSY, ABSENT), (ABSENT, CUT, ABSENT), (CUT, BUSY, CUT, ABSENT, BUSY, ABSENT)],
    ids=lambda faults: " ".join(one["fault"] for one in faults),
)
def test_other_troubles_do_not_count_as_absence(twilio, fetcher, faults):
    for fault in faults:
        twilio.fault(**fault)
    assert fetcher.fetch(twilio.media_url).data == PDF
    assert twilio.account.faults.armed() == []


def test_what_is_absent_three_times_is_gone_whatever_is_between(twilio, fetcher):
    for fault in (BUSY, ABSENT, CUT, ABSENT, BUSY, ABSENT):
        twilio.fault(**fault)
    with pytest.raises(MediaGoneError):
        fetcher.fetch(twilio.media_url)
    assert twilio.account.faults.armed() == []


def test_a_medium_that_twilio_does_not_know_yet_is_there_four_seconds_later(twilio):
    twilio.fault(fault="error", code=20404, status=404, times=2)
    started = time.monotonic()
    fetched = MediaFetcher(SID, TOKEN, SID, twilio.url).fetch(twilio.media_url)
    assert fetched.data == PDF
    assert time.monotonic() - started >= 4


def test_a_deleted_medium_is_gone(twilio, fetcher):
    fetcher.delete(twilio.media_url)
    assert twilio.account.media.get(twilio.medium.sid) is None
    assert (twilio.asked[-1].method, twilio.asked[-1].path[-5:]) == ("DELETE", ".json")
    with pytest.raises(MediaGoneError):
        fetcher.fetch(twilio.media_url)


def test_what_is_deleted_already_may_be_deleted_again(twilio, fetcher):
    fetcher.delete(twilio.media_url)
    fetcher.delete(twilio.media_url)


def test_only_media_of_ours_are_deleted(twilio, fetcher):
    with pytest.raises(MediaRefusedError):
        fetcher.delete(f"{twilio.url}{twilio.message.uri}")
    assert twilio.asked == []


@pytest.mark.parametrize("fault", [{"times": 999}, {"times": 999, "operation": "storage"}], ids=str)
def test_what_does_not_pass_in_time_is_late(twilio, fetcher, fault):
    twilio.fault(fault="error", code=20500, status=500, **fault)
    with pytest.raises(MediaLateError):
        fetcher.fetch(twilio.media_url, seconds=0.5)


@pytest.mark.parametrize(("status", "error"), [(500, MediaLateError), (404, MediaGoneError)])
def test_a_try_that_would_be_too_late_is_not_waited_for(twilio, status, error):
    twilio.fault(fault="error", code=20500, status=status, times=9)
    started = time.monotonic()
    with pytest.raises(error):
        MediaFetcher(SID, TOKEN, SID, twilio.url, pauses=(30,)).fetch(twilio.media_url, seconds=20)
    assert time.monotonic() - started < 25


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "time_out", "seconds": 30},
        {"fault": "time_out", "seconds": 30, "operation": "storage"},
        {"fault": "drip", "seconds": 0.02, "operation": "storage"},
    ],
    ids=str,
)
def test_one_deadline_is_that_of_all_hops(twilio, fetcher, fault):
    twilio.fault(**fault)
    started = time.monotonic()
    with pytest.raises(MediaLateError):
        fetcher.fetch(twilio.media_url, seconds=1)
    assert 1 <= time.monotonic() - started < 25


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials_are_an_error_for_operators_and_not_tried_again(
    twilio, fetcher, status, caplog
):
    twilio.fault(fault="error", code=20003, status=status, times=9)
    with pytest.raises(MediaError) as caught:
        fetcher.fetch(twilio.media_url)
    assert caught.value.code == "media_configuration"
    assert str(status) in str(caught.value)
    assert len(twilio.asked) == 1
    assert [one.levelno for one in caplog.records if one.name.startswith("lib")] == [logging.ERROR]


def test_a_token_that_is_wrong_is_never_shown_to_the_storage(twilio):
    with pytest.raises(MediaError) as caught:
        MediaFetcher(SID, "wrong", SID, twilio.url).fetch(twilio.media_url)
    assert caught.value.code == "media_configuration"
    assert twilio.hosts() == ["127.0.0.1"]


FOREIGN = [
    "https://example.com/secret-path?secret=1",
    "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
    "http://metadata.google.internal/computeMetadata/v1/",
    "https://mms.twiliocdn.com.example.com/x",
    "//example.com/x",
    "http://[::1]:1/",
    "file:///etc/passwd",
    "ftp://localhost/x",
    "javascript:alert(1)",
    "http://user:word@localhost/",
    "http://localhost.:80/",
    "https://xn--twiliocdn-.com/",
]
# A server of Python's would not send them.
MALFORMED = [
    "",
    "http://[broken/",
    "http://loc\\alhost/",
    "\\\\localhost/",
    "/\x01",
    "/\xe9",
    "/a b",
    "/\t/x",
]


@pytest.mark.parametrize("location", FOREIGN)
def test_a_redirect_to_a_stranger_is_refused_and_told_by_its_host_only(
    twilio, location, caplog, monkeypatch
):
    refusals = RefusalCount()
    twilio.fault(fault="redirect", location=location)
    with peer(hang_up) as way_out:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, way_out.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1,localhost,::1")
        with pytest.raises(MediaRefusedError) as caught:
            MediaFetcher(SID, TOKEN, SID, twilio.url, refusals=refusals).fetch(twilio.media_url)
        assert way_out.connections == 0
    assert len(twilio.asked) == 1
    (record,) = [one for one in caplog.records if one.name.startswith("lib")]
    assert record.levelno == logging.ERROR
    assert refusals.all() == {"media_host": 1}
    told = str(vars(record)) + str(caught.value)
    assert not any(word in told for word in ("secret", "computeMetadata", "passwd", TOKEN))


def test_another_server_of_this_machine_is_a_stranger_to_twilio_s(twilio, fetcher):
    with peer(answer(200, b"theirs")) as other:
        for url in (f"{other.url}/x", f"http://localhost:{other.host.partition(':')[2]}/x"):
            twilio.fault(fault="redirect", location=url)
            with pytest.raises(MediaRefusedError):
                fetcher.fetch(twilio.media_url)
        assert other.connections == 0


def test_a_stranger_that_the_storage_names_is_refused_too(twilio, fetcher):
    twilio.fault(fault="redirect", operation="storage", location="https://example.com/")
    with pytest.raises(MediaRefusedError, match=r"example\.com"):
        fetcher.fetch(twilio.media_url)


def test_a_loop_ends_after_three_redirects(twilio, fetcher):
    twilio.fault(fault="redirect", operation="storage", times=99)
    with pytest.raises(MediaRefusedError):
        fetcher.fetch(twilio.media_url)
    assert twilio.hosts() == ["127.0.0.1", "localhost", "localhost", "localhost"]


def test_two_redirects_within_the_storage_are_followed(twilio, fetcher):
    twilio.fault(fault="redirect", operation="storage", times=2)
    assert fetcher.fetch(twilio.media_url).data == PDF


@pytest.mark.parametrize("header", ["X: y", *(f"Location: {one}" for one in MALFORMED)])
def test_a_redirect_to_nowhere_is_refused(header):
    redirect = answer(302, b"x", header, "Content-Type: text/plain")
    with peer(redirect) as there:
        with pytest.raises(MediaRefusedError):
            MediaFetcher(SID, TOKEN, SID, there.url).fetch(there.url + OTHER_PATH)
        assert len(there.requests) == 1


@pytest.mark.parametrize("kind", ["endless", "gzip_bomb"])
def test_what_is_too_large_is_given_up_within_bounded_memory(twilio, fetcher, kind):
    twilio.fault(fault=kind, operation="storage")
    tracemalloc.start()
    try:
        started = time.process_time()
        with pytest.raises(MediaTooLargeError):
            fetcher.fetch(twilio.media_url)
        assert time.process_time() - started < 5
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # With the part that the stand-in compresses, in the same process.
    assert most < 64 * 1024 * 1024


@pytest.mark.parametrize(("more", "too_large"), [(0, False), (1, True)])
def test_sixteen_megabytes_are_taken_and_a_byte_more_is_not(twilio, fetcher, more, too_large):
    data = bytes(16 * 1024 * 1024 + more)
    twilio.give(Medium("video/mp4", data))
    if too_large:
        with pytest.raises(MediaTooLargeError):
            fetcher.fetch(twilio.media_url)
    else:
        assert fetcher.fetch(twilio.media_url).data == data


def test_a_length_that_is_too_large_is_not_even_read():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n"
    with (
        peer(lambda connection: (connection.sendall(head), say_nothing(connection))) as there,
        pytest.raises(MediaTooLargeError),
    ):
        MediaFetcher(SID, TOKEN, SID, there.url).fetch(there.url + OTHER_PATH, seconds=60)


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e9", "٣", "", "x", "0, 0"])
def test_a_length_that_is_none_counts_for_nothing(length):
    """The response ends with its connection then."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()
    with peer(then_hang_up(head)) as there:
        fetched = MediaFetcher(SID, TOKEN, SID, there.url).fetch(there.url + OTHER_PATH)
        assert fetched.data == b""


def test_what_is_longer_than_announced_spoils_nothing_that_follows(twilio, fetcher):
    twilio.fault(fault="longer", operation="storage", times=5)
    for _ in range(5):
        assert fetcher.fetch(twilio.media_url).data == PDF
    twilio.give(Medium("text/plain", b"the next one"))
    assert fetcher.fetch(twilio.media_url).data == b"the next one"


def test_a_type_is_what_the_storage_says_right_or_wrong(twilio, fetcher):
    twilio.fault(fault="wrong_type", operation="storage", content_type="Text/HTML; charset=x")
    fetched = fetcher.fetch(twilio.media_url)
    assert (fetched.data, fetched.content_type) == (PDF, "text/html")


@pytest.mark.parametrize("kind", ["", "pdf", "a/b/c", "a b/c", "é/b", "a" * 200 + "/b"])
def test_a_type_that_is_none_is_empty(kind):
    answered = answer(200, b"x", f"Content-Type: {kind}")
    with peer(answered) as there:
        fetched = MediaFetcher(SID, TOKEN, SID, there.url).fetch(there.url + OTHER_PATH)
        assert fetched.content_type == ""


def test_a_server_s_own_time_for_the_next_try_is_kept():
    busy = answer(429, b"", "Retry-After: 30")
    with peer(busy, answer(200, b"late")) as there:
        with pytest.raises(MediaLateError):
            MediaFetcher(SID, TOKEN, SID, there.url).fetch(there.url + OTHER_PATH)
        assert len(there.requests) == 1


@pytest.mark.parametrize("status", [204, 206, 304, 400, 405, 410, 451])
def test_any_other_answer_means_that_there_is_none(status):
    with peer(answer(status, b"")) as there:
        with pytest.raises(MediaGoneError, match=str(status)):
            MediaFetcher(SID, TOKEN, SID, there.url).fetch(there.url + OTHER_PATH)
        assert len(there.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "code": 20404, "status": 404, "times": 9},
        {"fault": "time_out", "seconds": 30},
        {"fault": "drip", "seconds": 0.02, "operation": "storage"},
    ],
    ids=str,
)
def test_an_order_to_stop_ends_every_wait(twilio, fault):
    twilio.fault(**fault)
    fetcher = MediaFetcher(SID, TOKEN, SID, twilio.url, pauses=(60,))
    stop, raised = Stop(), []

    def fetch():
        try:
            fetcher.fetch(twilio.media_url, stop, seconds=600)
        except StoppedError as error:
            raised.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    wait_for(lambda: len(twilio.asked) == (2 if fault.get("operation") else 1))
    stop.give()
    thread.join(30)
    assert len(raised) == 1


def test_nobody_at_the_other_end_is_late_not_an_unknown_error():
    with peer(hang_up) as gone:
        url = gone.url
    with pytest.raises(MediaLateError):
        MediaFetcher(SID, TOKEN, SID, url).fetch(url + OTHER_PATH, seconds=0.5)


def test_a_proxy_of_another_kind_is_an_error_for_operators(monkeypatch):
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(MediaError) as caught:
        MediaFetcher(SID, TOKEN, SID).fetch(f"https://api.twilio.com{OTHER_PATH}")
    assert caught.value.code == "media_configuration"
