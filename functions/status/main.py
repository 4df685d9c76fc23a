"""The status callback: Twilio tells what became of a message that was sent."""

import logging

import functions_framework
from flask import Request, Response

from lib.errors import GatewayError, WebhookError
from lib.inbound.record import record
from lib.runtime import wiring
from lib.twilio.request import http_request

_log = logging.getLogger(__name__)


@functions_framework.http
def status(request: Request) -> Response:
    """Keep one delivery status."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    try:
        record(http_request(request), wiring.gateway().recorder())
    except WebhookError as error:
        return Response(status=error.status)
    except GatewayError as error:
        _log.error("status not kept", extra={"code": error.code, "reason": str(error)})
        return Response(status=503)
    return Response(status=204)
