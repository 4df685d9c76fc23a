"""Health: which of the settings are there."""

import functions_framework
from flask import Request, Response, jsonify

from lib.errors import ConfigurationError
from lib.runtime import wiring


@functions_framework.http
def health(request: Request) -> Response:
    """Answer a GET with the health document."""
    if request.method not in {"GET", "HEAD"}:
        return Response(status=405, headers={"Allow": "GET, HEAD"})
    try:
        return jsonify(wiring.health())
    except ConfigurationError as error:
        response = jsonify(status="unhealthy", problems=str(error).splitlines())
        response.status_code = 503
        return response
