"""The public functions through the framework that runs them in production."""

import json
import sys
import time
from urllib.parse import urlencode

import functions_framework
import pytest

from lib.runtime import wiring
from lib.runtime.gateway import Gateway
from lib.settings.config import Config
from lib.settings.limits import LimitsSettings
from lib.settings.twilio import TwilioSettings
from tests.processes import ROOT
from tests.sample import FORM_TYPE, samples, sha256, sid, sign

TOKEN = "function-token"
URL = "https://gate.example/hook"
STATUS_URL = "https://gate.example/status"
TWILIO = TwilioSettings(
    "AC" + "1" * 32,
    TOKEN,
    whatsapp_number="+14155238886",
    webhook_url=URL,
    status_callback_url=STATUS_URL,
)
FORM = samples("inbound")["text"]["form"]
FROM = FORM["From"].removeprefix("whatsapp:")


@pytest.fixture
def gateway(tmp_path):
    installed = Gateway(Config(twilio=TWILIO, data_dir=tmp_path / "data"), local=True)
    wiring.install(installed)
    yield installed
    installed.database().close()


def client(name):
    make = functions_framework.create_app
    return make(name, str(ROOT / "functions" / name / "main.py"), "http").test_client()


def post(app, form, url=URL, **options):
    headers = {"X-Twilio-Signature": sign(TOKEN, url, form)}
    return app.post("/", data=urlencode(form), content_type=FORM_TYPE, headers=headers, **options)


SIDS = ("MessageSid", "SmsMessageSid", "SmsSid")
MESSAGES = {label: one for label, one in samples("inbound").items() if "message" in one}
BY_HAND = {label for label, one in MESSAGES.items() if "SmsSid" not in one["form"]}


@pytest.mark.parametrize("label", sorted(MESSAGES.keys() - BY_HAND))
def test_every_message_is_queued_before_it_is_answered(gateway, label):
    answer = post(client("webhook"), MESSAGES[label]["form"])
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert answer.text.endswith("<Response/>")
    assert gateway.local_queue().depth() == 1


@pytest.mark.parametrize("label", sorted(samples("inbound").keys() - MESSAGES.keys()))
def test_what_is_no_message_to_be_answered_is_passed_over_and_counted(gateway, label, caplog):
    sample = samples("inbound")[label]
    app = client("webhook")
    caplog.set_level("INFO")
    for count in (1, 2):
        answer = post(app, sample["form"])
        assert (answer.status_code, answer.text.endswith("<Response/>")) == (200, True)
        assert caplog.records[-1].reason == sample["passed_over"]
        assert caplog.records[-1].count == count
    assert gateway.local_queue().depth() == 0


def test_a_message_takes_few_steps_of_ours(gateway):
    app, called = client("webhook"), []
    home = str(ROOT / "lib")

    def count(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(home):
            called.append(frame.f_code.co_name)

    post(app, FORM)
    sys.setprofile(count)
    try:
        post(app, FORM | dict.fromkeys(SIDS, f"SM{2:032x}"))
    finally:
        sys.setprofile(None)
    assert gateway.local_queue().depth() == 2
    assert len(called) <= 124, called


def test_a_status_callback_at_the_webhook_is_no_message(gateway):
    answer = post(client("webhook"), samples("status")["read"]["form"])
    assert answer.status_code == 200
    assert gateway.local_queue().depth() == 0


@pytest.mark.parametrize(
    ("body", "content_type", "signature", "status"),
    [
        (urlencode(FORM), FORM_TYPE, "", 403),
        (urlencode(FORM), FORM_TYPE, "AAAA", 403),
        (urlencode({**FORM, "From": ""}), FORM_TYPE, sign(TOKEN, URL, {**FORM, "From": ""}), 400),
        (b"", FORM_TYPE, sign(TOKEN, URL, {}), 400),
        (b"", "", sign(TOKEN, URL, {}), 403),
        (b"x" * 1_000_000, FORM_TYPE, sign(TOKEN, URL, {}), 413),
        (json.dumps(FORM), "application/json", sign(TOKEN, URL, {}), 403),
        (b"\x00\xff\xfe%ZZ%00=&&==", FORM_TYPE, "AAAA", 403),
        (b"--x\r\n", "multipart/form-data; boundary=x", sign(TOKEN, URL, {}), 403),
    ],
)
def test_anything_unproven_is_refused_and_garbage_too(
    gateway, body, content_type, signature, status
):
    answer = client("webhook").post(
        "/", data=body, content_type=content_type, headers={"X-Twilio-Signature": signature}
    )
    assert answer.status_code == status
    assert answer.data == b""
    assert gateway.local_queue().depth() == 0


def test_proven_json_is_no_message(gateway):
    body = json.dumps(FORM)
    query = f"bodySHA256={sha256(body.encode())}"
    signature = sign(TOKEN, f"{URL}?{query}", {})
    headers = {"X-Twilio-Signature": signature}
    answer = client("webhook").post(
        f"/?{query}", data=body, content_type="application/json", headers=headers
    )
    assert answer.status_code == 400


def test_only_posts_are_taken(gateway):
    for name in ("webhook", "status"):
        answer = client(name).get("/")
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "POST"


def test_a_message_that_cannot_be_queued_is_not_acknowledged(gateway, tmp_path):
    gateway.database().close()
    (tmp_path / "data").rename(tmp_path / "away") if (tmp_path / "data").exists() else None
    (tmp_path / "data").write_text("a file where the folder should be")
    started = time.monotonic()
    assert post(client("webhook"), FORM).status_code == 503
    # Twilio waits fifteen seconds.
    assert time.monotonic() - started < 15


def test_without_settings_nothing_is_taken():
    wiring.install(Gateway(Config(), local=True))
    assert post(client("webhook"), FORM).status_code == 503
    assert post(client("status"), FORM).status_code == 503


def test_a_delivery_status_is_kept(gateway):
    app = client("status")
    for label in ("delivered", "sent"):
        assert post(app, samples("status")[label]["form"], STATUS_URL).status_code == 204
    form = samples("status")["read"]["form"]
    assert app.post("/", data=urlencode(form), content_type=FORM_TYPE).status_code == 403


def test_health_has_the_four_names_and_no_values(gateway):
    answer = client("health").get("/")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "healthy",
        "twilio_configured": True,
        "environment_vars": {
            "TWILIO_ACCOUNT_SID": True,
            "TWILIO_AUTH_TOKEN": True,
            "TWILIO_WHATSAPP_NUMBER": True,
            "GOOGLE_CLOUD_PROJECT": False,
        },
        "media_urls": "off: no public address: set TWILIO_WEBHOOK_URL, or MEDIA_PUBLIC_URL",
        "refused_requests": {},
    }


def test_forged_requests_are_counted(gateway):
    for _ in range(3):
        headers = {"X-Twilio-Signature": "forged"}
        body = urlencode(FORM)
        answer = client("webhook").post("/", data=body, content_type=FORM_TYPE, headers=headers)
        assert answer.status_code == 403
    client("status").post("/", data="x", content_type=FORM_TYPE)
    assert client("health").get("/").json["refused_requests"] == {"signature": 4}


@pytest.mark.parametrize(
    ("limits", "queued"),
    [
        (LimitsSettings(), 1),
        (LimitsSettings(allowed=frozenset({FROM})), 1),
        (LimitsSettings(allowed=frozenset({"+15550000000"})), 0),
        (LimitsSettings(blocked=frozenset({FROM})), 0),
        (LimitsSettings(allowed=frozenset({FROM}), blocked=frozenset({FROM})), 0),
    ],
)
def test_who_may_not_write_is_passed_over_in_silence(gateway, limits, queued):
    gateway.config = gateway.config._replace(limits=limits)
    answer = post(client("webhook"), FORM)
    assert (answer.status_code, answer.text.endswith("<Response/>")) == (200, True)
    assert gateway.local_queue().depth() == queued


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("+525512345678", "+5215512345678"),
        ("+5511987654321", "+551187654321"),
        ("+5491123456789", "+541123456789"),
    ],
)
@pytest.mark.parametrize(("kind", "queued"), [("allowed", 1), ("blocked", 0)])
def test_a_list_holds_for_both_forms_of_a_number(gateway, listed, written, kind, queued):
    for name, address in ((listed, written), (written, listed)):
        gateway.database().close()
        limits = LimitsSettings(**{kind: frozenset({name})})
        gateway.config, gateway.parts = gateway.config._replace(limits=limits), {}
        before = gateway.local_queue().depth()
        form = {**FORM, "From": f"whatsapp:{address}"} | dict.fromkeys(SIDS, sid(name))
        assert post(client("webhook"), form).status_code == 200
        assert gateway.local_queue().depth() == before + queued


@pytest.mark.parametrize(
    ("blocked", "queued"),
    [({FROM}, 1), ({"US.1A2B3C"}, 1), ({FROM, "US.1A2B3C"}, 0), ({"+15550000000"}, 1)],
)
def test_a_blocked_name_beside_another_one_is_left_to_the_responder(gateway, blocked, queued):
    limits = LimitsSettings(blocked=frozenset(blocked))
    gateway.config = gateway.config._replace(limits=limits)
    form = {**FORM, "ExternalUserId": "US.1A2B3C"}
    assert post(client("webhook"), form).status_code == 200
    assert gateway.local_queue().depth() == queued


@pytest.mark.parametrize("label", ["failed", "undelivered"])
def test_a_failed_send_is_explained_and_queued_behind_its_contact_s_messages(gateway, label):
    form = samples("status")[label]["form"]
    for _ in range(2):
        assert post(client("status"), form, STATUS_URL).status_code == 204
    kept = gateway.stores().deliveries.find(form["MessageSid"])
    assert kept.error_code == form["ErrorCode"]
    assert kept.explanation.endswith(".")
    assert kept.cause is not None
    assert gateway.local_queue().depth() == 2


def test_a_status_on_its_way_is_no_work_for_anybody(gateway):
    for label in ("sent", "delivered", "read"):
        post(client("status"), samples("status")[label]["form"], STATUS_URL)
    assert gateway.local_queue().depth() == 0
