"""Health: which of the settings are there."""

import json

import functions_framework
from flask import Request, Response

from lib.runtime.health import document


@functions_framework.http
def health(request: Request) -> Response:
    """Answer a GET with the health document."""
    if request.method not in {"GET", "HEAD"}:
        return Response(status=405, headers={"Allow": "GET, HEAD"})
    found = document()
    status = 503 if "problems" in found else 200
    return Response(json.dumps(found) + "\n", status=status, mimetype="application/json")
