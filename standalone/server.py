"""Starting and stopping the one process."""

import logging
import signal
import sys
import threading
from contextlib import ExitStack
from types import FrameType
from typing import NoReturn

from waitress.server import WSGIServer, create_server

from lib.errors import StoreError
from lib.runtime import wiring
from lib.runtime.config import Config
from lib.runtime.wiring import Gateway
from simulator.assistants import app as assistants
from simulator.server import serve
from simulator.terminal import Terminal
from simulator.twilio import app as twilio
from standalone import settings
from standalone.apps import load, public_app, push_to
from standalone.ownership import owning

GRACE = 4.0
"""Seconds that answers in hand get at shut-down; the whole must end within ten."""

LARGEST_REQUEST = 1024 * 1024
"""Bytes; the webhook's own limit is lower and answers more politely."""

_SWEEP_INTERVAL = 3600.0
_log = logging.getLogger(__name__)


def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT, then finish or hand back what is in hand."""
    signal.signal(signal.SIGTERM, _exit)
    signal.signal(signal.SIGINT, _exit)
    with ExitStack() as stack:
        stack.enter_context(owning(config.data_dir))
        declared = settings.on_loopback(config)
        config = _with_stand_ins(declared, stack)
        gateway = Gateway(config, local=True, declared=declared)
        wiring.install(gateway)
        server = _listen(config)
        stack.callback(server.close)
        _start_work(gateway, stack)
        _welcome(f"http://{config.host}:{server.effective_port}", config)
        server.run()
        _log.info("stopping")


def _listen(config: Config) -> WSGIServer:
    try:
        return create_server(
            public_app(),
            host=config.host,
            port=config.port,
            threads=16,
            max_request_body_size=LARGEST_REQUEST,
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
    except OSError as error:
        raise OSError(f"{config.host}:{config.port}: {error.strerror}") from None


def _with_stand_ins(config: Config, stack: ExitStack) -> Config:
    if settings.wants_simulator(config):
        account = settings.simulated_account(Terminal(sys.stderr).show)
        simulator = stack.enter_context(serve(twilio.create_app(account)))
        stack.callback(account.close)
        config = settings.with_simulator(config, simulator.url)
    if not config.assistant.url:
        demo = stack.enter_context(serve(assistants.create_app()))
        config = settings.with_demo_assistant(config, demo.url)
    return config


def _start_work(gateway: Gateway, stack: ExitStack) -> None:
    gateway.receiver()
    gateway.responder()
    store = gateway.local_store()
    stack.callback(gateway.database().close)
    store.expire_leases()
    queue = gateway.local_queue()
    queue.start(push_to(load("responder")))
    stack.callback(queue.stop, GRACE)
    stopped = threading.Event()
    stack.callback(stopped.set)

    def sweep() -> None:
        while not stopped.wait(_SWEEP_INTERVAL):
            try:
                store.sweep(wiring.now())
            except StoreError as error:
                _log.warning("sweep failed", extra={"code": error.code, "reason": str(error)})

    threading.Thread(target=sweep, name="sweep", daemon=True).start()


def _exit(_signal: int, _frame: FrameType | None) -> NoReturn:
    # The server takes this as the order to stop; a second signal must not cut the stopping.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


def _welcome(url: str, config: Config) -> None:
    simulated = config.twilio.account_sid == settings.SIMULATED.account_sid
    who = "the built-in simulator; replies appear here" if simulated else "Twilio"
    sys.stderr.write(
        f"WhatsApp gateway at {url}  (WhatsApp: {who}; data in {config.data_dir})\n"
        "Try it from another terminal:\n"
        f"  curl {url}/whatsapp/health\n"
        f"  curl -X POST {url}/whatsapp/webhook"
        " --data-urlencode 'From=whatsapp:+15551234567' --data-urlencode 'Body=Hello'\n"
        "Ctrl-C stops it.\n"
    )
    sys.stderr.flush()
