"""The responder: a private HTTP function that Pub/Sub pushes queued messages to.

204 tells Pub/Sub that the message is dealt with; any 5xx asks for it again later.
"""

import logging

import functions_framework
from flask import Request, Response

from lib.conversation.respond import Responder, bury_push, respond
from lib.errors import GatewayError
from lib.queue.envelope import decode_push
from lib.runtime import wiring

_log = logging.getLogger(__name__)


@functions_framework.http
def responder(request: Request) -> Response:
    """Answer one queued message."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    try:
        settled = _settle(request.get_data(), wiring.responder())
    except GatewayError as error:
        _log.error("message postponed", extra={"code": error.code, "reason": str(error)})
        settled = False
    return Response(status=204 if settled else 503)


def _settle(body: bytes, parts: Responder) -> bool:
    try:
        return respond(decode_push(body), parts)
    except GatewayError as error:
        if error.retryable:
            raise
        bury_push(body, f"{error.code}: {error}", parts)
        return True
