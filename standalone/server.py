"""Starting and stopping the gateway's process."""

import logging
import os
import signal
import socket
import sys
from contextlib import ExitStack
from datetime import timedelta
from types import FrameType
from typing import NoReturn

from lib.conversation.settle import settle
from lib.conversation.unfinished import pick_up
from lib.runtime import wiring
from lib.runtime.config import Config
from lib.runtime.gateway import Gateway, now
from lib.shortage import allow_descriptors, start_thread
from simulator.assistants import app as assistants
from simulator.assistants.demo import Demo
from simulator.server import serve
from standalone import settings
from standalone.apps import FUNCTIONS, public_app
from standalone.listener import address, listen, server_on
from standalone.ownership import owning
from standalone.settings import StandIns
from standalone.timer import every
from standalone.worker import READY

GRACE = 4.0
"""Seconds that answers in hand get at shut-down; the whole must end within ten."""

LARGEST_REQUEST = 1024 * 1024
"""Bytes; the webhook's own limit is lower and answers more politely."""

_THREADS = 16
# What the responder's function would answer.
_SETTLED, _POSTPONED = 204, 503
_SWEEP_INTERVAL = 3600.0
_TICK_INTERVAL = 20.0
_log = logging.getLogger(__name__)


def run(config: Config, stand_ins: StandIns, listener: socket.socket | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish or hand back what is in hand.

    With a ``listener`` the process is a worker: it serves from it, and ends with its parent.
    """
    allow_descriptors()
    with ExitStack() as stack:
        stack.enter_context(owning(config.data_dir))
        declared = settings.on_loopback(config)
        config = stand_ins.fill(declared)
        if not config.assistant.url:
            demo = stack.enter_context(serve(assistants.create_app(Demo(FUNCTIONS.parent))))
            config = StandIns(assistants_url=demo.url).fill(config)
        gateway = Gateway(config, local=True, declared=declared)
        wiring.install(gateway)
        public = stack.enter_context(listener or listen(config.host, config.port))
        server = server_on(public, public_app(), threads=_THREADS, largest_request=LARGEST_REQUEST)
        stack.callback(server.close)
        _start_work(gateway, stack)
        if listener is None:
            _welcome(address(public), config)
        else:
            _end_with_parent()
        _log.info(READY)
        server.run()
        _log.info("stopping")


def stop_on_signals() -> None:
    """Let SIGTERM and SIGINT end the running server in good order."""
    signal.signal(signal.SIGTERM, _exit)
    signal.signal(signal.SIGINT, _exit)


def _start_work(gateway: Gateway, stack: ExitStack) -> None:
    gateway.receiver()
    gateway.load_first_answer()
    responder = gateway.responder()
    store = gateway.local_store()
    stack.callback(gateway.database().close)
    store.expire_leases(timedelta(seconds=gateway.config.turn.settling))
    queue = gateway.local_queue()
    queue.start(lambda body: _SETTLED if settle(body, responder) else _POSTPONED)
    stack.callback(queue.stop, GRACE)
    overseer = gateway.overseer()
    every(_SWEEP_INTERVAL, "sweep", lambda: store.sweep(now()), stack)
    every(_TICK_INTERVAL, "tick", lambda: pick_up(overseer), stack)


def _end_with_parent() -> None:
    """End as at SIGTERM when standard input does: the parent holds its other end."""

    def watch() -> None:
        # Not through sys.stdin, whose lock a waiting thread would hold at the very end.
        try:
            while os.read(sys.stdin.fileno(), 1024):
                pass
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    start_thread(watch, "parent")


def _exit(_signal: int, _frame: FrameType | None) -> NoReturn:
    # The server takes this as the order to stop; a second signal must not cut the stopping.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


def _welcome(url: str, config: Config) -> None:
    sys.stderr.write(
        f"WhatsApp gateway at {url}  (data in {config.data_dir})\n"
        f"  curl {url}/whatsapp/health\n"
        "Ctrl-C stops it.\n"
    )
    sys.stderr.flush()
