"""Media that others fetch by an address of ours: Twilio, to send them, or an assistant."""

import logging

import functions_framework
from flask import Request, Response

from lib.errors import GatewayError
from lib.inbound.serve_media import serve_media
from lib.runtime import wiring

_log = logging.getLogger(__name__)


@functions_framework.http
def media(request: Request) -> Response:
    """Answer with the medium of an address."""
    if request.method not in {"GET", "HEAD"}:
        return Response(status=405, headers={"Allow": "GET, HEAD"})
    try:
        kept = wiring.gateway().kept_media()
        served = serve_media(request.path, kept.served(), kept.exports)
    except GatewayError as error:
        _log.error("medium not served", extra={"code": error.code, "reason": str(error)})
        return Response(status=503)
    return Response(served.body, served.status, served.headers)
