"""The tick: a private HTTP function that Cloud Scheduler calls every minute.

It queues again what was left lying, so that nobody has to write for it to go on.
"""

import logging

import functions_framework
from flask import Request, Response, jsonify

from lib.errors import GatewayError
from lib.runtime import wiring
from lib.turn.overdue import pick_up

_log = logging.getLogger(__name__)


@functions_framework.http
def tick(request: Request) -> Response:
    """Look after unfinished work once."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    try:
        gateway = wiring.gateway()
        picked_up = pick_up(gateway.requeuer())
        gateway.erase()
        return jsonify(picked_up=picked_up)
    except GatewayError as error:
        _log.error("tick failed", extra={"code": error.code, "reason": str(error)})
        return Response(status=503)
