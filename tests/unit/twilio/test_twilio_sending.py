"""TwilioSender against the stand-in for Twilio, over HTTP."""

import contextlib
import logging
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask, Response, request

from lib.errors import (
    SendConfigurationError,
    SendError,
    SendInDoubtError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    SendUnreachableError,
)
from lib.twilio.sender import TwilioSender
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from tests.processes import free_port

pytestmark = pytest.mark.slow

SID = "AC" + "a" * 32
TOKEN = "token-of-the-account"
NUMBER = "+14155238886"
PERSON = "+15551234567"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account(SID, TOKEN, frozenset({NUMBER}), api_keys={"SK1": "secret"})
    yield account
    account.close()


@pytest.fixture
def url(account: Account) -> Iterator[str]:
    with serve(create_app(account)) as server:
        yield server.url


@pytest.fixture
def sender(url: str) -> TwilioSender:
    return TwilioSender(SID, TOKEN, NUMBER, base_url=url, timeout=5)


def add_fault(url: str, **fault: Any) -> None:
    answer = requests.post(f"{url}/simulator/faults", json=fault, timeout=10)
    assert answer.status_code == 204, answer.text


def caught(action: Callable[[], object]) -> SendError:
    with pytest.raises(SendError) as info:
        action()
    return info.value


# --- sending ---------------------------------------------------------------------------


def test_a_chunk_is_sent_as_a_whatsapp_message(sender: TwilioSender, account: Account) -> None:
    sid = sender.send(PERSON, "Grüße 👋\n*bold* & <more>")

    (message,) = account.messages.all()
    assert message.sid == sid
    assert message.to == f"whatsapp:{PERSON}"
    assert message.sender == f"whatsapp:{NUMBER}"
    assert message.body == "Grüße 👋\n*bold* & <more>"
    assert message.status_callback == ""


@pytest.mark.parametrize("number", [NUMBER, f"whatsapp:{NUMBER}", f"whatsapp: {NUMBER} "])
def test_the_senders_number_may_carry_the_channel(url: str, account: Account, number: str) -> None:
    TwilioSender(SID, TOKEN, number, base_url=url).send(PERSON, "x")

    assert account.messages.all()[0].sender == f"whatsapp:{NUMBER}"


def test_a_business_scoped_id_is_an_address_like_any_other(
    sender: TwilioSender, account: Account
) -> None:
    sender.send("US.1A2B3C", "x")

    assert account.messages.all()[0].to == "whatsapp:US.1A2B3C"


def test_the_status_callback_goes_with_every_message(url: str, account: Account) -> None:
    callback = "http://127.0.0.1:9/status#rc=2"

    TwilioSender(SID, TOKEN, NUMBER, base_url=url, status_callback=callback).send(PERSON, "x")

    assert account.messages.all()[0].status_callback == callback


def test_an_api_key_takes_the_place_of_the_token(url: str) -> None:
    sender = TwilioSender(SID, "", NUMBER, api_key_sid="SK1", api_key_secret="secret", base_url=url)

    assert sender.send(PERSON, "x")


def test_the_environment_of_the_process_changes_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", SID)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)

    assert TwilioSender(SID, TOKEN, NUMBER, base_url=url).send(PERSON, "x")
    with pytest.raises(SendConfigurationError):
        TwilioSender(SID, "", NUMBER, base_url=url).send(PERSON, "x")


def test_threads_share_one_sender(sender: TwilioSender, account: Account) -> None:
    with ThreadPoolExecutor(8) as pool:
        sids = set(pool.map(lambda number: sender.send(PERSON, str(number)), range(32)))

    assert {message.sid for message in account.messages.all()} == sids
    assert len(sids) == 32


def test_the_sdk_is_not_loaded_before_the_first_send() -> None:
    program = (
        "import sys; from lib.twilio.sender import TwilioSender\n"
        "TwilioSender('AC1', 'token', '+14155238886')\n"
        "sys.exit('twilio.rest' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_1600_utf16_units_are_sent(sender: TwilioSender) -> None:
    assert sender.send(PERSON, "👋" * 800)


@pytest.mark.parametrize("text", ["x" * 1601, "👋" * 800 + "x"])
def test_more_than_1600_utf16_units_never_reach_the_wire(
    sender: TwilioSender, account: Account, text: str
) -> None:
    with pytest.raises(SendTooLongError):
        sender.send(PERSON, text)

    assert account.messages.all() == []


def test_half_a_surrogate_pair_is_refused_for_good(sender: TwilioSender) -> None:
    with pytest.raises(SendPermanentError):
        sender.send(PERSON, "broken \ud83d")


# --- errors ----------------------------------------------------------------------------

KINDS_BY_CODE: dict[type[SendError], list[int]] = {
    SendConfigurationError: [20003, 20005, 20404, 21212, 21606, 63007, 63038],
    SendRetryableError: [20429, 21611, 30001, 63018],
    SendTooLongError: [21617, 21658],
    SendPermanentError: [
        *(21603, 21604, 21619, 21654, 21655, 21656),
    ],
    SendUnreachableError: [21211, 21610, 21910, 30016, 63003, 63014, 63024, 63031],
}
KINDS_BY_STATUS: list[tuple[int, type[SendError]]] = [
    (301, SendConfigurationError),
    (400, SendPermanentError),
    (401, SendConfigurationError),
    (403, SendConfigurationError),
    (404, SendConfigurationError),
    (405, SendConfigurationError),
    (408, SendRetryableError),
    (422, SendPermanentError),
    (429, SendRetryableError),
]


@pytest.mark.parametrize("form", ["json", "problem"])
@pytest.mark.parametrize("status", [400, 404, 429])
@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for kind, codes in KINDS_BY_CODE.items() for code in codes]
)
def test_a_known_code_has_its_meaning_whatever_the_status(
    url: str, sender: TwilioSender, code: int, kind: type[SendError], status: int, form: str
) -> None:
    add_fault(url, fault="error", code=code, status=status, body=form)

    error = caught(lambda: sender.send(PERSON, "x"))

    assert type(error) is kind
    assert error.provider_code == str(code)
    said = f"Twilio answered with code {code}, HTTP status {status}: "
    assert str(error).startswith(said)
    assert str(error).endswith(".")


@pytest.mark.parametrize(("status", "kind"), KINDS_BY_STATUS)
def test_an_unknown_code_is_judged_by_its_status(
    url: str, sender: TwilioSender, status: int, kind: type[SendError]
) -> None:
    add_fault(url, fault="error", code=99999, status=status)

    error = caught(lambda: sender.send(PERSON, "x"))

    assert (type(error), error.provider_code) == (kind, "99999")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("code", [20500, 20003, 20429, 21211, 21617])
def test_a_server_error_leaves_doubt_whatever_its_code(
    url: str, sender: TwilioSender, code: int, status: int
) -> None:
    add_fault(url, fault="error", code=code, status=status)

    assert type(caught(lambda: sender.send(PERSON, "x"))) is SendInDoubtError


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, SendPermanentError),
        (401, SendConfigurationError),
        (404, SendConfigurationError),
        (429, SendRetryableError),
        (502, SendInDoubtError),
    ],
)
def test_an_error_that_is_not_json_is_judged_by_its_status(
    url: str, sender: TwilioSender, status: int, kind: type[SendError]
) -> None:
    add_fault(url, fault="error", status=status, body="html")

    error = caught(lambda: sender.send(PERSON, "x"))

    assert type(error) is kind
    assert error.provider_code == str(status)


@pytest.mark.parametrize(
    ("settings", "address", "kind", "code"),
    [
        ({"auth_token": "wrong"}, PERSON, SendConfigurationError, "20003"),
        ({"account_sid": "AC" + "b" * 32}, PERSON, SendConfigurationError, "20003"),
        ({"from_number": "+14155550000"}, PERSON, SendConfigurationError, "63007"),
        ({"from_number": "nonsense"}, PERSON, SendConfigurationError, "21212"),
        ({}, "nonsense", SendUnreachableError, "21211"),
        ({}, NUMBER, SendUnreachableError, "63031"),
        ({"status_callback": "/status"}, PERSON, SendPermanentError, "21609"),
    ],
)
def test_what_is_wrong_with_a_real_request_is_named(
    url: str, settings: dict[str, str], address: str, kind: type[SendError], code: str
) -> None:
    given = {"account_sid": SID, "auth_token": TOKEN, "from_number": NUMBER} | settings

    error = caught(lambda: TwilioSender(**given, base_url=url).send(address, "x"))

    assert type(error) is kind
    assert error.provider_code == code


def test_an_empty_chunk_is_refused_for_good(sender: TwilioSender) -> None:
    error = caught(lambda: sender.send(PERSON, ""))

    assert (type(error), error.provider_code) == (SendPermanentError, "21619")


@pytest.mark.parametrize(("fault", "stored"), [("cut_before", 0), ("cut_after", 1)])
def test_a_cut_connection_leaves_doubt_and_is_not_tried_again(
    url: str, sender: TwilioSender, account: Account, fault: str, stored: int
) -> None:
    add_fault(url, fault=fault)

    with pytest.raises(SendInDoubtError):
        sender.send(PERSON, "x")

    assert len(account.messages.all()) == stored


@pytest.mark.parametrize(("fault", "stored"), [("time_out", 0), ("delay", 1)])
def test_silence_beyond_the_time_limit_leaves_doubt(
    url: str, account: Account, fault: str, stored: int
) -> None:
    add_fault(url, fault=fault)
    sender = TwilioSender(SID, TOKEN, NUMBER, base_url=url, timeout=1)

    with pytest.raises(SendInDoubtError):
        sender.send(PERSON, "x")

    assert len(account.messages.all()) == stored


def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    error = caught(lambda: sender_at(f"http://127.0.0.1:{free_port()}").send(PERSON, "x"))

    assert type(error) is SendRetryableError


def test_a_host_that_does_not_exist_means_that_nothing_was_sent() -> None:
    error = caught(lambda: sender_at("http://no-such-host.invalid").send(PERSON, "x"))

    assert type(error) is SendRetryableError


def test_a_connection_that_never_opens_means_that_nothing_was_sent() -> None:
    # A listener whose queue is full lets further connections wait.
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        sender = sender_at(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.3)
        error = caught(lambda: sender.send(PERSON, "x"))

    assert type(error) is SendRetryableError
    assert "TimeoutError" in str(error)


@pytest.mark.parametrize("base_url", ["nonsense", "ftp://127.0.0.1", "http://"])
def test_a_base_url_that_is_none_is_a_matter_of_configuration(base_url: str) -> None:
    error = caught(lambda: sender_at(base_url).send(PERSON, "x"))

    assert type(error) is SendConfigurationError


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "null", '"SM1"', "<html></html>", '{"sid": null}', '{"sid": "SM1"']
)
def test_a_success_without_a_sid_leaves_doubt(body: str) -> None:
    with serve(answering(body, 201)) as server, pytest.raises(SendInDoubtError):
        sender_at(server.url).send(PERSON, "x")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[]", "400"),
        ('{"code": null, "message": null}', "400"),
        ('{"code": "21619", "message": "x"}', "21619"),
        ('{"code": {"a": 1}, "message": "x"}', "400"),
        ('{"type": 1, "title": 2, "status": 400, "code": "x"}', "400"),
    ],
)
def test_an_odd_error_body_is_still_an_error(body: str, code: str) -> None:
    with serve(answering(body, 400)) as server:
        error = caught(lambda: sender_at(server.url).send(PERSON, "x"))

    assert (type(error), error.provider_code) == (SendPermanentError, code)


def test_an_answer_that_drips_is_cut_off_in_time() -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(2000):
            yield b" "
            time.sleep(0.05)

    started = time.monotonic()
    with serve(answering(drip, 201)) as server, pytest.raises(SendInDoubtError):
        sender_at(server.url, timeout=1).send(PERSON, "x")

    assert time.monotonic() - started < 30


def test_headers_that_drip_are_cut_off_in_time() -> None:
    def drip(listener: socket.socket) -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 201 Created\r\nX-A: ")
            for _ in range(2000):
                connection.sendall(b"a")
                time.sleep(0.05)

    started = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        sender = sender_at(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=1)
        with pytest.raises(SendInDoubtError):
            sender.send(PERSON, "x")

    assert time.monotonic() - started < 30


def test_an_answer_that_is_too_large_is_cut_off() -> None:
    def flood() -> Iterator[bytes]:
        yield b'{"sid": "SM1"}'
        for _ in range(80):
            yield b" " * 65536

    with serve(answering(flood, 201)) as server, pytest.raises(SendInDoubtError):
        sender_at(server.url).send(PERSON, "x")


def test_an_answer_shorter_than_announced_leaves_doubt() -> None:
    app = answering(lambda: iter([b'{"sid": "SM1"}']), 201, {"Content-Length": "999"})

    with serve(app) as server, pytest.raises(SendInDoubtError):
        sender_at(server.url).send(PERSON, "x")


def sender_at(base_url: str, timeout: float = 5) -> TwilioSender:
    return TwilioSender(SID, TOKEN, NUMBER, base_url=base_url, timeout=timeout)


def answering(body: Any, status: int, headers: dict[str, str] | None = None) -> Flask:
    app = Flask("odd")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        return Response(body() if callable(body) else body, status, headers)

    return app


@pytest.mark.parametrize(
    "fault",
    [None, {"fault": "error"}, {"fault": "error", "body": "problem"}, {"fault": "cut_after"}],
)
def test_no_error_tells_whom_or_what_was_written(
    url: str, sender: TwilioSender, caplog: pytest.LogCaptureFixture, fault: dict[str, Any] | None
) -> None:
    caplog.set_level(logging.INFO)
    # Without a fault, Twilio's own sentence quotes the number, which is too long.
    number, words = PERSON + "0000000", "some words"
    for operation in ("create", "list") if fault else ():
        add_fault(url, **fault, operation=operation)
    errors = [caught(lambda: sender.send(number, words))]
    if fault:
        errors.append(caught(lambda: sender.find(number, words, LONG_AGO)))

    told = "".join("".join(traceback.format_exception(error)) for error in errors)
    for text in (told, repr(sender), caplog.text):
        assert "5551234567" not in text
        assert words not in text
        assert TOKEN not in text


# --- looking up ------------------------------------------------------------------------


def test_a_chunk_that_was_sent_is_found(sender: TwilioSender) -> None:
    started = datetime.now(UTC)
    sender.send(PERSON, "other")
    sid = sender.send(PERSON, "sought")
    sender.send("+15557654321", "sought")

    assert sender.find(PERSON, "sought", started) == [sid]


def test_a_chunk_that_was_not_sent_is_not_found(sender: TwilioSender) -> None:
    sender.send(PERSON, "other")
    sender.send("+15557654321", "sought")

    assert sender.find(PERSON, "sought", LONG_AGO) == []


def test_an_older_message_with_the_same_words_is_another_one(sender: TwilioSender) -> None:
    sender.send(PERSON, "Hello")
    now = datetime.now(UTC)

    assert sender.find(PERSON, "Hello", now + timedelta(seconds=62)) == []
    assert sender.find(PERSON, "Hello", now + timedelta(seconds=1)) != []


def test_messages_that_belong_to_other_chunks_are_passed_over(sender: TwilioSender) -> None:
    first, second = sender.send(PERSON, "same"), sender.send(PERSON, "same")

    assert sender.find(PERSON, "same", LONG_AGO) == [first, second]


def test_white_space_that_got_lost_on_the_way_does_not_hide_a_message(
    url: str, sender: TwilioSender
) -> None:
    sid = sender.send(PERSON, "one\n\ntwo")

    assert sender.find(PERSON, " one\n\n\ntwo \n", LONG_AGO) == [sid]


def test_a_message_is_found_beyond_the_first_page(sender: TwilioSender, account: Account) -> None:
    sid = sender.send(PERSON, "sought")
    for number in range(120):
        account.messages.add(SID, f"whatsapp:{PERSON}", f"whatsapp:{NUMBER}", str(number))

    assert sender.find(PERSON, "sought", LONG_AGO) == [sid]


def test_a_look_up_reads_a_bounded_number_of_pages(account: Account) -> None:
    pages: list[str] = []
    app = create_app(account)
    app.before_request(lambda: pages.append(request.path))
    for number in range(400):
        account.messages.add(SID, f"whatsapp:{PERSON}", f"whatsapp:{NUMBER}", str(number))

    with serve(app) as server:
        assert sender_at(server.url).find(PERSON, "sought", LONG_AGO) == []

    assert len(pages) == 4


def test_a_message_that_could_not_be_delivered_was_sent_nevertheless(
    sender: TwilioSender, account: Account
) -> None:
    sid = sender.send(PERSON, "sought")
    account.close()
    account.messages.advance(sid, "undelivered")

    assert sender.find(PERSON, "sought", LONG_AGO) == [sid]


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "status": 503},
        {"fault": "error", "status": 401, "code": 20003},
        {"fault": "error", "status": 429, "body": "problem"},
        {"fault": "error", "status": 400, "body": "html"},
        {"fault": "cut_before"},
        {"fault": "cut_after"},
        {"fault": "time_out", "seconds": 30},
    ],
)
def test_a_look_up_that_fails_leaves_the_doubt(url: str, fault: dict[str, Any]) -> None:
    add_fault(url, **fault, operation="list")

    error = caught(lambda: sender_at(url, timeout=0.5).find(PERSON, "x", LONG_AGO))

    assert type(error) is SendRetryableError
    if "status" in fault:
        assert str(fault["status"]) in str(error)


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"messages": [{}]}', '{"messages": 1}'])
def test_a_list_that_is_none_leaves_the_doubt(body: str) -> None:
    with serve(answering(body, 200)) as server, pytest.raises(SendRetryableError):
        sender_at(server.url).find(PERSON, "x", LONG_AGO)
