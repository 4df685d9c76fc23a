"""The webhook: Twilio posts every inbound message here."""

import logging

import functions_framework
from flask import Request, Response

from lib.errors import GatewayError, WebhookError
from lib.inbound.receive import receive
from lib.runtime import wiring
from lib.twilio.request import http_request

# Anything else in the body would be sent to the person as a message.
NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

_log = logging.getLogger(__name__)


@functions_framework.http
def webhook(request: Request) -> Response:
    """Queue the message in a request from Twilio."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    try:
        receive(http_request(request), wiring.gateway().receiver())
    except WebhookError as error:
        return Response(status=error.status)
    except GatewayError as error:
        _log.critical("message not queued", extra={"code": error.code, "reason": str(error)})
        return Response(status=503)
    return Response(NO_REPLY, mimetype="text/xml")
