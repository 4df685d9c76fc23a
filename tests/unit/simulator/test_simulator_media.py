"""The stand-in's media that go wrong, as a plain client sees them."""

import zlib

import pytest
import requests
from urllib3.exceptions import HTTPError

from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from simulator.twilio.media import Medium
from simulator.twilio.messages import INBOUND

SID, TOKEN = "AC" + "a" * 32, "token"
DATA = b"0123456789" * 100


class Twilio:
    def __init__(self, account, url):
        self.account = account
        self.url = url
        medium = account.media.add(Medium("image/png", DATA))
        message = account.messages.add(
            SID,
            "whatsapp:+14155238886",
            "whatsapp:+15551234567",
            "",
            direction=INBOUND,
            media=(medium.sid,),
        )
        self.media_url = f"{url}{message.uri}/Media/{medium.sid}"

    def fault(self, **fault):
        answer = requests.post(f"{self.url}/simulator/faults", json=fault, timeout=5)
        return answer.status_code, answer.text

    def asked(self, **options):
        return requests.get(self.media_url, auth=(SID, TOKEN), timeout=20, **options)


@pytest.fixture
def twilio():
    account = Account(SID, TOKEN, frozenset({"+14155238886"}))
    with serve(create_app(account)) as server:
        yield Twilio(account, server.url)
        account.close()


@pytest.mark.parametrize("location", ["https://example.com/x?y", "http://169.254.169.254/", "/x"])
def test_a_redirect_leads_wherever_it_is_told(twilio, location):
    twilio.fault(fault="redirect", operation="media", location=location)
    answer = twilio.asked(allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, location)
    assert twilio.asked().content == DATA


def test_who_may_not_ask_is_not_redirected(twilio):
    twilio.fault(fault="redirect", operation="media", location="https://example.com/")
    assert requests.get(twilio.media_url, timeout=5).status_code == 401


def test_a_redirect_without_a_location_is_a_loop(twilio):
    twilio.fault(fault="redirect", operation="storage", times=99)
    with pytest.raises(requests.TooManyRedirects):
        twilio.asked()


def test_an_address_may_have_expired(twilio):
    twilio.fault(fault="expired", operation="media")
    assert twilio.asked().status_code == 403
    assert twilio.asked().content == DATA


def test_half_of_a_medium_comes(twilio):
    twilio.fault(fault="cut_within", operation="storage")
    answer = twilio.asked(stream=True)
    assert answer.headers["Content-Length"] == "1000"
    assert answer.raw.read(500) == DATA[:500]
    with pytest.raises(HTTPError):
        answer.raw.read(1)


@pytest.mark.parametrize("fault", [{"fault": "endless"}, {"fault": "drip", "seconds": 0.01}])
def test_a_medium_without_end_ends_when_everything_is_forgotten(twilio, fault):
    twilio.fault(operation="storage", **fault)
    parts = twilio.asked(stream=True).iter_content(1 << 16)
    assert next(parts)
    twilio.account.faults.clear()
    assert sum(map(len, parts)) < 1 << 26


def test_a_type_may_be_wrong(twilio):
    twilio.fault(fault="wrong_type", operation="storage", content_type="text/html")
    answer = twilio.asked()
    assert (answer.content, answer.headers["Content-Type"]) == (DATA, "text/html")


def test_more_may_come_than_announced(twilio):
    twilio.fault(fault="longer", operation="storage")
    assert twilio.asked().content == DATA


def test_a_gigabyte_comes_compressed_whatever_was_asked_for(twilio):
    twilio.fault(fault="gzip_bomb", operation="storage")
    answer = twilio.asked(headers={"Accept-Encoding": "identity"}, stream=True)
    packed = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 2 * 1024 * 1024
    unpack = zlib.decompressobj(zlib.MAX_WBITS + 16)
    part = len(unpack.decompress(packed))
    parts = len(packed) // (len(packed) - len(unpack.unused_data))
    assert part * parts == 1024 * 1024 * 1024


def test_an_error_of_the_storage_concerns_one_person_if_so_wanted(twilio):
    twilio.fault(fault="error", operation="storage", status=503, match="+15550000000")
    assert twilio.asked().content == DATA
    twilio.fault(fault="error", operation="storage", status=502, match="+15551234567")
    assert twilio.asked().status_code == 502


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "redirect"},
        {"fault": "redirect", "operation": "typing"},
        {"fault": "expired", "operation": "storage"},
        {"fault": "cut_within", "operation": "media"},
        {"fault": "endless", "operation": "create"},
        {"fault": "drip", "operation": "storage", "seconds": -1},
        {"fault": "wrong_type", "operation": "storage", "content_type": 1},
        {"fault": "gzip_bomb"},
        {"fault": "longer", "operation": "nowhere"},
    ],
    ids=str,
)
def test_a_fault_where_it_makes_no_sense_is_refused(twilio, fault):
    status, said = twilio.fault(**fault)
    assert status == 400
    assert said.strip()
    assert twilio.account.faults.armed() == []
