"""The responder: a private HTTP function that Pub/Sub pushes queued messages to.

204 tells Pub/Sub that the message is dealt with; any 5xx asks for it again later. What came
too often arrives a last time, under ``/dead-letters``, from the dead-letter subscription.
"""

import logging

import functions_framework
from flask import Request, Response

from lib.errors import GatewayError
from lib.runtime import wiring
from lib.turn.respond import handle_push

_log = logging.getLogger(__name__)


@functions_framework.http
def responder(request: Request) -> Response:
    """Answer one queued message."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    body = request.get_data()
    try:
        if request.path.rstrip("/").endswith("/dead-letters"):
            wiring.gateway().give_up(body, "came too often")
            settled = True
        else:
            settled = handle_push(body, wiring.gateway().responder())
    except GatewayError as error:
        _log.error("message postponed", extra={"code": error.code, "reason": str(error)})
        settled = False
    return Response(status=204 if settled else 503)
