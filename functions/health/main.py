"""Health: which of the settings are there."""

import json
from collections.abc import Mapping

import functions_framework
from flask import Request, Response

from lib.errors import ConfigurationError
from lib.runtime import wiring


@functions_framework.http
def health(request: Request) -> Response:
    """Answer a GET with the health document."""
    if request.method not in {"GET", "HEAD"}:
        return Response(status=405, headers={"Allow": "GET, HEAD"})
    try:
        return _json(wiring.health())
    except ConfigurationError as error:
        return _json({"status": "unhealthy", "problems": str(error).splitlines()}, status=503)


def _json(document: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(document) + "\n", status=status, mimetype="application/json")
