"""The gateway's public paths, passed on to its process."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import urllib3
from werkzeug.wrappers import Request, Response

from lib.twilio.refusals import RefusalCount
from simulator.guard import refusal
from standalone.apps import refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/whatsapp/"

_LARGEST_REQUEST = 1024 * 1024
_TIMEOUT = urllib3.Timeout(connect=2.0, read=30.0)
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "content-length", "server", "date"}
)

Overhear = Callable[[Mapping[str, str]], None]
"""Told the form of a message that somebody other than the simulator posted."""


def proxy(port: int, overhear: Overhear, others: "WSGIApplication") -> "WSGIApplication":
    """Return an app that passes ``/whatsapp/...`` on to this port and leaves the rest to others.

    A message posted by hand lacks the id that Twilio would give it; it gets one here, so that
    the page can show what becomes of it.
    """
    refusals = RefusalCount()
    # One connection a request: one that is kept could be cut by a worker that has died since.
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port, timeout=_TIMEOUT, retries=False)

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not str(environ.get("PATH_INFO", "")).startswith(PREFIX):
            return others(environ, start_response)
        request = Request(environ)
        reason = refusal(request)
        if reason:
            return refused(reason, refusals)(environ, start_response)
        request.max_content_length = _LARGEST_REQUEST
        return _passed_on(pool, request, overhear)(environ, start_response)

    return serve


def _passed_on(pool: urllib3.HTTPConnectionPool, request: Request, overhear: Overhear) -> Response:
    body = request.get_data(parse_form_data=False)
    if request.path.rstrip("/") == f"{PREFIX}webhook" and request.method == "POST":
        body = _numbered(request, body, overhear)
    headers = {
        name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP
    }
    target = str(request.environ.get("REQUEST_URI") or request.full_path.rstrip("?"))
    try:
        answer = pool.urlopen(
            request.method,
            target,
            body=body or None,
            headers={**headers, "Connection": "close"},
            redirect=False,
            decode_content=False,
        )
    except urllib3.exceptions.HTTPError:
        return Response("The gateway's process is not there.\n", 502)
    kept = [
        (name, value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP
    ]
    passed_on = Response(answer.data, answer.status, kept)
    if request.method == "HEAD":  # the length of what is not sent
        passed_on.headers["Content-Length"] = answer.headers.get("Content-Length", "0")
    return passed_on


def _numbered(request: Request, body: bytes, overhear: Overhear) -> bytes:
    """Give a message typed by hand an id, and tell of it."""
    if "I-Twilio-Idempotency-Token" in request.headers:
        return body
    if request.mimetype != "application/x-www-form-urlencoded":
        return body
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    if not form.get("MessageSid") and "X-Twilio-Signature" not in request.headers:
        form["MessageSid"] = f"SM{secrets.token_hex(16)}"
        body += b"&" + urlencode({"MessageSid": form["MessageSid"]}).encode()
    if form.get("MessageSid"):
        overhear(form)
    return body
