"""The functions' own apps under one address, as they are reached in production."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import functions_framework
from flask import Flask
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FUNCTIONS = Path(__file__).resolve().parent.parent / "functions"


def load(name: str) -> Flask:
    """Return a function's app as functions-framework makes it.

    The signature type must be given: the framework leaves that of the app made before in the
    environment, where the next one would pick it up.
    """
    source = FUNCTIONS / name / "main.py"
    make: Callable[[str, str, str], Flask] = functions_framework.create_app
    app = make(name, str(source), "http")
    for leftover in ("FUNCTION_TARGET", "FUNCTION_SIGNATURE_TYPE", "FUNCTION_SOURCE"):
        os.environ.pop(leftover, None)
    return app


def public_app() -> "WSGIApplication":
    """Return the app that serves the three public functions under ``/whatsapp/``."""
    routes = {
        "/whatsapp/webhook": load("webhook"),
        "/whatsapp/status": load("status"),
        "/whatsapp/health": load("health"),
    }

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        app = routes.get(path.rstrip("/"))
        return (app or _not_found)(environ, start_response)

    return serve


def _not_found(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    where = "POST /whatsapp/webhook, POST /whatsapp/status, GET /whatsapp/health"
    return Response(f"Not here. There is {where}.\n", status=404)(environ, start_response)
