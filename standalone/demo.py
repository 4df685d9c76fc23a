"""The gateway with everything around it played: Twilio, phones, and a page to look at it all.

The gateway is a process of its own, so that it can be killed like one in production.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from lib.address import parse_address
from lib.errors import AddressError
from lib.runtime import local_data, log
from lib.settings import roles
from lib.settings.assistant import AssistantSettings
from lib.settings.config import Config
from lib.shortage import allow_descriptors
from simulator import llm
from simulator.assistants import app as assistants
from simulator.assistants.demo import Demo
from simulator.assistants.faults import AssistantFaults
from simulator.page.app import create_app
from simulator.page.chat_page import ChatPage, log_reader
from simulator.server import serve
from simulator.terminal import Terminal
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from simulator.twilio.contacts import new_user_id
from simulator.twilio.inbound import Phones
from simulator.twilio.messages import INBOUND, Message
from standalone import banner, lines, settings
from standalone.connections import Server
from standalone.listener import server_on
from standalone.proxy import proxy
from standalone.settings import StandIns
from standalone.shutdown import stop_on_signals
from standalone.sockets import address, listen
from standalone.worker import Worker

ROOT = Path(__file__).resolve().parent.parent
DEMO_CATALOGUE = ROOT / "simulator" / "assistants" / "demo.yaml"

PACE = 0.45
"""Seconds between two delivery statuses, so that an eye can follow the ticks."""

DEMO_TIMEOUT = 20.0
"""Seconds a demo assistant gets unless a time is set: a hang should heal while one looks."""

_THREADS = 32
_LARGEST_UPLOAD = 17 * 1024 * 1024
_RETRIES = "#rc=5&rp=ct,rt,5xx"
_log = logging.getLogger(__name__)


def run(config: Config, *, model: bool = False) -> int:
    """Serve the page and keep the gateway running until told to stop; return the exit code.

    With ``model`` a small language model answers instead of the demo assistants.
    """
    config = settings.on_loopback(config)
    roles.require_loopback(config)
    allow_descriptors()
    log.configure(config)
    with ExitStack() as stack:
        public = stack.enter_context(listen(config.host, config.port))
        private = stack.enter_context(listen("127.0.0.1", 0))
        account = _account(config, Terminal(sys.stderr).show)
        twilio_url = _play_twilio(account, stack)
        stand_ins = StandIns(twilio_url=twilio_url, public_url=address(public))
        faults, who = None, banner.assistant_of(config)
        if model:
            stand_ins = _with_model(stand_ins, stack)
            who = "a small language model on this machine"
        elif not config.assistant.url:
            who = "demo assistants, played on this machine"
            faults = AssistantFaults()
            stand_ins = _with_demo(stand_ins, config, faults, stack)
        phones = _phones(account, stand_ins, address(public))
        stack.callback(phones.close)
        worker = Worker(stand_ins.arguments(), private, lambda _line: None)
        chat_page = ChatPage(account, phones, worker, faults)
        _connect(worker, chat_page)
        app = proxy(private.getsockname()[1], _overhear(chat_page), create_app(chat_page))
        server = server_on(public, app, threads=_THREADS, largest_request=_LARGEST_UPLOAD)
        # Closed after the worker has ended, and with it the last request that is passed on.
        stack.callback(server.close)
        stack.callback(worker.stop)
        code = worker.start()
        if code is not None:
            return code
        stop_on_signals(partial(_stop, chat_page, server))
        banner.show(banner.of_demo(address(public), who, local_data.folder_of(config)))
        server.run()
        _log.info("stopping")
    return 0


def _stop(chat_page: ChatPage, server: Server) -> None:
    # The server waits for the requests in hand, and an open page's never ends by itself.
    chat_page.hub.close()
    server.stop()


def _play_twilio(account: Account, stack: ExitStack) -> str:
    account.carrier.pace = PACE
    api = stack.enter_context(serve(twilio.create_app(account)))
    stack.callback(account.close)
    return api.url


def _with_model(stand_ins: StandIns, stack: ExitStack) -> StandIns:
    sys.stderr.write("Loading the language model ...\n")
    url = stack.enter_context(llm.serving())
    return replace(stand_ins, assistants_url=url, catalogue=str(llm.CATALOGUE))


def _with_demo(
    stand_ins: StandIns, config: Config, faults: AssistantFaults, stack: ExitStack
) -> StandIns:
    demo = stack.enter_context(serve(assistants.create_app(Demo(ROOT), faults)))
    stack.callback(faults.clear)
    own = config.assistant.file != AssistantSettings().file or config.assistant.file.exists()
    timed = config.assistant.timeout != AssistantSettings().timeout
    return replace(
        stand_ins,
        assistants_url=demo.url,
        catalogue="" if own else str(DEMO_CATALOGUE),
        timeout=0.0 if timed else DEMO_TIMEOUT,
    )


def _phones(account: Account, stand_ins: StandIns, public: str) -> Phones:
    business = next(iter(account.senders))
    webhook = f"{public}/whatsapp/webhook{_RETRIES}"
    contacts = account.contacts
    contacts.change("+15551234567", name="Ann", user_id=new_user_id())
    contacts.change("+4915550001111", name="Jörg", user_id=new_user_id("DE"))
    hidden = new_user_id()
    contacts.change(hidden, name="Sam", user_id=hidden)
    return Phones(account, business, webhook, stand_ins.twilio_url)


def _connect(worker: Worker, chat_page: ChatPage) -> None:
    read = log_reader(chat_page)

    def on_line(line: str) -> None:
        lines.echo(line)
        read(line)

    worker.on_line = on_line
    worker.changed = lambda title, ok: chat_page.gateway_changed(title, ok=ok)


def _overhear(chat_page: ChatPage) -> Callable[[Mapping[str, str]], None]:
    """Return what shows messages that are posted by hand as if a phone had sent them."""

    def overhear(form: Mapping[str, str]) -> None:
        account = chat_page.account
        try:
            person = parse_address(form.get("From", ""))
        except AddressError:
            return
        if not form.get("Body") or account.messages.get(form["MessageSid"]):
            return
        name = account.contacts.get(person).name or form.get("ProfileName", "")
        account.contacts.write(person)
        account.contacts.change(person, name=name)
        account.messages.add(
            account.sid,
            f"whatsapp:{chat_page.phones.business}",
            f"whatsapp:{person}",
            form["Body"],
            sid=form["MessageSid"],
            direction=INBOUND,
            status="received",
            receipt="sending",
        )
        account.messages.change(form["MessageSid"], receipt="delivered")

    return overhear


def _account(config: Config, on_message: Callable[[Message], None]) -> Account:
    """Return the account that the built-in simulator plays."""
    number = config.twilio.whatsapp_number or settings.SIMULATED.whatsapp_number
    return Account(
        sid=settings.SIMULATED.account_sid,
        auth_token=settings.SIMULATED.auth_token,
        senders=frozenset({number}),
        on_message=on_message,
    )
