"""The responder: a private HTTP function that Pub/Sub pushes queued messages to.

204 tells Pub/Sub that the message is dealt with; any 5xx asks for it again later. What came
too often arrives a last time, under ``/dead-letters``, from the dead-letter subscription.
"""

import logging

import functions_framework
from flask import Request, Response

from lib.conversation.respond import respond
from lib.errors import GatewayError
from lib.queue.envelope import decode_push
from lib.runtime import wiring

_log = logging.getLogger(__name__)


@functions_framework.http
def responder(request: Request) -> Response:
    """Answer one queued message."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    given_up = request.path.rstrip("/").endswith("/dead-letters")
    try:
        settled = _settle(request.get_data(), given_up=given_up)
    except GatewayError as error:
        _log.error("message postponed", extra={"code": error.code, "reason": str(error)})
        settled = False
    return Response(status=204 if settled else 503)


def _settle(body: bytes, *, given_up: bool) -> bool:
    try:
        if given_up:
            wiring.give_up(body, "came too often")
            return True
        return respond(decode_push(body), wiring.responder())
    except GatewayError as error:
        if error.retryable:
            raise
        wiring.keep(body, f"{error.code}: {error}")
        return True
