"""Starting and stopping the gateway's process."""

import logging
import socket
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from lib.runtime import local_data, wiring
from lib.runtime.adapters import now
from lib.runtime.gateway import Gateway
from lib.settings.config import Config
from lib.shortage import allow_descriptors
from lib.turn.overdue import pick_up
from lib.turn.respond import handle_push
from standalone import banner, settings
from standalone.apps import FUNCTIONS, public_app
from standalone.listener import address, listen, server_on
from standalone.ownership import owning
from standalone.settings import StandIns
from standalone.shutdown import stop_on_signals
from standalone.timer import every
from standalone.worker import READY

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
_log = logging.getLogger(__name__)


def run(
    config: Config,
    stand_ins: StandIns,
    listener: socket.socket | None = None,
    *,
    adopt: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish or hand back what is in hand.

    With a ``listener`` the process is a worker: it serves from it.
    ``adopt`` is whether data of another account are this one's from now on.
    """
    allow_descriptors()
    with ExitStack() as stack:
        folder = local_data.folder_of(config)
        stack.enter_context(owning(folder))
        declared = settings.on_loopback(config)
        config = replace(stand_ins.fill(declared), data_dir=folder)
        if not config.assistant.url:
            config = StandIns(assistants_url=_demo(stack)).fill(config)
        gateway = Gateway(config, local=True, declared=declared)
        wiring.install(gateway)
        stack.callback(gateway.database().close)
        local_data.claim(gateway.sqlite(), declared, folder, adopt=adopt)
        public = stack.enter_context(listener or listen(config.host, config.port))
        app = public_app(unsigned=not config.twilio.validate_signature)
        server = server_on(public, app, threads=_THREADS, largest_request=LARGEST_REQUEST)
        stack.callback(server.close)
        _start_work(gateway, stack)
        if listener is None:
            banner.show(banner.of_account(declared, address(public), folder))
        stop_on_signals(server.stop)
        _log.info(READY)
        server.run()
        _log.info("stopping")


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
