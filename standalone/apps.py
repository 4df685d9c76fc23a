"""The public functions under one address, as they are reached in production."""

import importlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Request, Response
from werkzeug.exceptions import HTTPException

from lib.runtime import wiring
from lib.twilio import locality
from lib.twilio.refusals import RefusalCount
from simulator.guard import refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Function = Callable[[Request], Response]

MEDIA = "/whatsapp/media/"
"""What addresses of media begin with."""

FUNCTIONS = Path(__file__).resolve().parent.parent / "functions"

_log = logging.getLogger(__name__)


def public_app(*, unsigned: bool = False) -> "WSGIApplication":
    """Return the app that serves the public functions under ``/whatsapp/``.

    Where requests are ``unsigned`` it takes those of this machine only.

    They are called as they are, without the framework that calls them in production: its app
    would take longer than they do (docs/decisions/0032).
    """
    routes = {f"/whatsapp/{name}": _load(name) for name in ("webhook", "status", "health")}
    media = _load("media")

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        function = media if path.startswith(MEDIA) else routes.get(path.rstrip("/"), _not_found)
        request = Request(environ)
        if unsigned and (reason := refusal(request)):
            refusals = wiring.gateway().refused()
            return refused(reason, refusals)(environ, start_response)
        return _answer(function, request)(environ, start_response)

    return serve


def refused(reason: str, refusals: RefusalCount) -> Response:
    """Return what strangers are told, and how Twilio is let in; the log tells it, too."""
    count = refusals.count("stranger")
    if refusals.may_tell():
        cause = locality.WAY_OUT.replace("\n", " ")
        facts = {"code": "stranger", "reason": reason, "count": count, "cause": cause}
        _log.warning("request refused", extra=facts)
    return Response(f"{reason}.\n{locality.WAY_OUT}\n", 403, mimetype="text/plain")


def _load(name: str) -> "Function":
    function: Function = getattr(importlib.import_module(f"functions.{name}.main"), name)
    return function


def _answer(function: "Function", request: Request) -> "WSGIApplication":
    try:
        return function(request)
    except HTTPException as error:
        return error
    except Exception:  # noqa: BLE001 - whatever it is, Twilio must hear of it, and bring it again
        _log.exception("request failed")
        return Response(status=500)


def _not_found(_request: Request) -> Response:
    where = "POST /whatsapp/webhook, POST /whatsapp/status, GET /whatsapp/health"
    return Response(f"Not here. There is {where}.\n", status=404)
