"""The gateway's process at work: what it is made of, and what it does until it is told to stop."""

import socket
from contextlib import ExitStack
from datetime import timedelta

from lib.runtime import local_data, wiring
from lib.runtime.adapters import now
from lib.runtime.gateway import Gateway
from lib.settings.config import Config
from lib.turn.overdue import pick_up
from lib.turn.respond import handle_push
from standalone.apps import FUNCTIONS, public_app
from standalone.connections import Server
from standalone.listener import server_on
from standalone.settings import StandIns
from standalone.timer import every

GRACE = 4.0
"""Seconds that answers in hand get at shut-down; the whole must end within ten."""

LARGEST_REQUEST = 512 * 1024
"""Bytes; the webhook's own limit is lower and answers more politely.

More would go to files while it arrives, each with a descriptor of its own.
"""

_THREADS = 16
# What the responder's function would answer.
_SETTLED, _POSTPONED = 204, 503
_SWEEP_INTERVAL = 3600.0
_MEDIA_SWEEP_INTERVAL = 300.0
_TICK_INTERVAL = 20.0


def gateway_on(
    public: socket.socket, config: Config, declared: Config, stack: ExitStack, *, adopt: bool
) -> Server:
    """Return the server of a gateway that works until the stack is closed.

    ``declared`` is what the environment said before stand-ins were filled in.
    """
    if not config.assistant.url:
        config = StandIns(assistants_url=_demo(stack)).fill(config)
    gateway = Gateway(config, local=True, declared=declared)
    wiring.install(gateway)
    stack.callback(gateway.database().close)
    local_data.claim(gateway.sqlite(), declared, config.data_dir, adopt=adopt)
    app = public_app(unsigned=not config.twilio.validate_signature)
    server = server_on(public, app, threads=_THREADS, largest_request=LARGEST_REQUEST)
    stack.callback(server.close)
    _start_work(gateway, stack)
    return server


def _demo(stack: ExitStack) -> str:
    """Serve the demo assistants as long as the gateway; return where."""
    from simulator.assistants import app as assistants  # noqa: PLC0415 - most have their own
    from simulator.assistants.demo import Demo  # noqa: PLC0415 - as above
    from simulator.server import serve  # noqa: PLC0415 - as above

    return stack.enter_context(serve(assistants.create_app(Demo(FUNCTIONS.parent)))).url


def _start_work(gateway: Gateway, stack: ExitStack) -> None:
    gateway.receiver()
    gateway.load_first_answer()
    responder = gateway.responder()
    storage = gateway.sqlite()
    storage.expire_leases(timedelta(seconds=gateway.config.turn.settling))
    queue = gateway.local_queue()
    queue.start(lambda body: _SETTLED if handle_push(body, responder) else _POSTPONED)
    stack.callback(queue.stop, GRACE)
    requeuer = gateway.requeuer()
    every(_SWEEP_INTERVAL, "sweep", lambda: storage.sweep(now()), stack)
    every(_MEDIA_SWEEP_INTERVAL, "media sweep", lambda: gateway.kept_media().sweep(), stack)
    every(_TICK_INTERVAL, "tick", lambda: pick_up(requeuer), stack)
    every(_TICK_INTERVAL, "erasures", gateway.erase, stack)
