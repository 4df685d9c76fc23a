"""The leanest webhook that checks, publishes and waits for the confirmation: all by hand."""

import base64
import hmac
import http.client
import json
import os
import threading

import functions_framework
from flask import Request

_TOKEN = os.environ["TWILIO_AUTH_TOKEN"].encode()
_URL = os.environ["TWILIO_WEBHOOK_URL"]
_HOST = os.environ["PUBSUB_EMULATOR_HOST"]
_TOPIC = f"/v1/projects/{os.environ['GOOGLE_CLOUD_PROJECT']}/topics/{os.environ['PUBSUB_TOPIC']}"
_thread = threading.local()


@functions_framework.http
def leanest(request: Request) -> tuple[str, int]:
    """Queue the form as it is."""
    form = request.form
    base = _URL + "".join(name + form[name] for name in sorted(form))
    expected = base64.b64encode(hmac.digest(_TOKEN, base.encode(), "sha1")).decode()
    if not hmac.compare_digest(expected, request.headers.get("X-Twilio-Signature", "")):
        return "no", 403
    message = {
        "data": base64.b64encode(json.dumps(form).encode()).decode(),
        "attributes": {"message_id": form["MessageSid"]},
        "orderingKey": form["From"],
    }
    return ("", 200) if _publish(json.dumps({"messages": [message]})) else ("no", 503)


def _publish(body: str) -> bool:
    """Whether Pub/Sub confirmed it, over this thread's own connection."""
    connection: http.client.HTTPConnection | None = getattr(_thread, "connection", None)
    if connection is None:
        connection = _thread.connection = http.client.HTTPConnection(_HOST, timeout=10)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"{_TOPIC}:publish", body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status == http.client.OK
