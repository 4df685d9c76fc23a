"""Everything the chat page shows and may do, joined in one place."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from simulator.assistants.faults import AssistantFaults
from simulator.page import bench
from simulator.page.hub import Hub
from simulator.page.story import Stories
from simulator.page.views import (
    contact_view,
    error_views,
    message_view,
    moment,
    step_view,
)
from simulator.twilio.account import Account
from simulator.twilio.bus import Event, Forgotten, Step, Typing
from simulator.twilio.contacts import Contact
from simulator.twilio.inbound import Phones
from simulator.twilio.media import MOST_BYTES
from simulator.twilio.messages import INBOUND, Message

LONGEST_BODY = 4096
"""UTF-16 units a person can write in one message. Source: WhatsApp's own limit."""


class Gateway(Protocol):
    """The gateway process as the page sees it. ``state`` is ``up``, ``down`` or ``starting``."""

    state: str

    def kill(self) -> None:
        """Kill it at once, as ``kill -9`` does; it comes back by itself."""


@dataclass(slots=True)
class ChatPage:
    """What happens, turned into events for the pages; what pages ask for, carried out.

    ``twice`` is how many of the next messages the webhook will get twice.
    """

    account: Account
    phones: Phones
    gateway: Gateway
    assistants: AssistantFaults | None = None
    hub: Hub = field(default_factory=Hub)
    stories: Stories = field(default_factory=Stories)
    twice: int = 0
    _bench: list[dict[str, Any]] = field(default_factory=list, init=False)
    _arrived: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.account.bus.watch(self.see)
        self.account.faults.kill = self.gateway.kill

    def see(self, event: Event) -> None:
        """Tell the pages what happened at Twilio."""
        with self.hub.lock:
            match event:
                case Message():
                    self._see_message(event)
                case Contact():
                    self.hub.tell("contact", contact_view(event))
                case Step():
                    self._add(event)
                    self.tell_bench()
                case Typing():
                    until = moment(event.until)
                    self.hub.tell("typing", {"contact": event.address, "until": until})
                case Forgotten():
                    self.stories.clear()
                    self._arrived.clear()
                    self.hub.tell("reset", {})
                    self.hub.tell("snapshot", self.snapshot())

    def read(self, line: Mapping[str, Any]) -> None:
        """Take notice of a line of the gateway's log."""
        with self.hub.lock:
            step, moved = self.stories.read(line)
            if moved and (message := self.account.messages.get(moved)):
                self._see_message(message)
            if step is not None:
                self._add(step)

    def gateway_changed(self, title: str, *, ok: bool) -> None:
        """Tell the pages, and every story that is not at its end, what the gateway does."""
        with self.hub.lock:
            self.hub.tell("gateway", self._gateway())
            for trace in list(self.stories.working):
                self._add(Step(trace, "worker", title, datetime.now(UTC), ok=ok))

    def snapshot(self) -> dict[str, Any]:
        """Everything a page needs that has just been opened."""
        number = self.phones.business
        return {
            "business": {"name": "Your gateway", "number": number},
            "gateway": self._gateway(),
            "contacts": [contact_view(one) for one in self.account.contacts.known()],
            "messages": [self._view(one) for one in self.account.messages.all()],
            "traces": {
                trace: [step_view(step) for step in steps]
                for trace, steps in self.stories.steps.items()
            },
            "bench": bench.views(self),
            "errors": error_views(),
            "limits": {"body": LONGEST_BODY, "file": MOST_BYTES},
        }

    def forget(self) -> None:
        """Let all pages begin anew, with the contacts that are there."""
        self.see(Forgotten())

    def tell_bench(self) -> None:
        """Tell the pages what is armed, if that has changed."""
        with self.hub.lock:
            now = bench.views(self)
            if now != self._bench:
                self._bench = now
                self.hub.tell("bench", now)

    def _gateway(self) -> dict[str, Any]:
        return {"state": self.gateway.state, "since": moment(datetime.now(UTC))}

    def _see_message(self, message: Message) -> None:
        self.stories.meet(message)
        self.hub.tell("message", self._view(message))
        arrived = message.direction != INBOUND and message.status in {"delivered", "read"}
        if arrived and message.sid not in self._arrived:
            # As on a phone: what arrives ends the indicator, and it may be shown anew afterwards.
            self._arrived.add(message.sid)
            self.hub.tell("typing", {"contact": message.person, "until": None})
        self.tell_bench()

    def _view(self, message: Message) -> dict[str, Any]:
        trace, awaited = self.stories.trace_of(message.sid), self.stories.is_awaited(message.sid)
        return message_view(message, self.account.media, trace, awaited=awaited)

    def _add(self, step: Step) -> None:
        trace = self.stories.add(step)
        if trace:
            self.hub.tell("steps", {"trace": trace, "steps": [step_view(step)]})


def log_reader(chat_page: ChatPage) -> Callable[[str], None]:
    """Return what takes the gateway's lines as text; what is no JSON is passed over."""

    def read(line: str) -> None:
        try:
            document = json.loads(line)
        except ValueError:
            return
        if isinstance(document, dict):
            chat_page.read(document)

    return read
