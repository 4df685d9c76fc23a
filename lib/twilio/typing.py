"""Twilio's typing indicator: the person sees that somebody writes, and that theirs was read.

Source: Twilio, "Typing indicators resource" (v2, public beta): shown for 25 seconds or until a
message arrives. It is decoration: it has a thread of its own, and whatever fails is passed over.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from lib.errors import ShortageError
from lib.shortage import start_thread
from lib.web.client import Client
from lib.web.errors import ExchangeError
from lib.web.proxy import basic

INTERVAL = 20.0
"""Seconds after which the indicator is asked for again, before it fades."""

ARRIVAL = 2.0
"""Seconds that a message takes to a phone, mostly. It ends the indicator there, not when it is
sent: what is asked for before that is gone with its arrival."""

_TIMEOUT = 3.0
_LONGEST_WAIT = 0.5
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
_BASE_URL = "https://messaging.twilio.com"
_log = logging.getLogger(__name__)


class TwilioTyping:
    """Shows the indicator of one account. ``base_url`` replaces Twilio's own.

    ``arrival`` is how many seconds a message takes to its phone.
    """

    def __init__(
        self, username: str, password: str, base_url: str = "", arrival: float = ARRIVAL
    ) -> None:
        self._headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": basic(username, password),
        }
        self._arrival = arrival
        self._client = Client()
        self._url = f"{base_url or _BASE_URL}/v2/Indicators/Typing.json"
        # What wakes the thread that shows it, by message.
        self._wakes: dict[str, threading.Event] = {}

    @contextmanager
    def __call__(self, message_id: str) -> Iterator[None]:
        """Show it while the block runs. See the port."""
        if not _SID.fullmatch(message_id):
            yield
            return
        over, wake = threading.Event(), threading.Event()
        try:
            thread = start_thread(partial(self._show, message_id, over, wake), "typing")
        except ShortageError as error:
            _log.debug("typing indicator failed", extra={"reason": str(error)})
            yield
            return
        self._wakes[message_id] = wake
        try:
            yield
        finally:
            self._wakes.pop(message_id, None)
            over.set()
            wake.set()
            # A request still under way might show the indicator after the answer.
            thread.join(_LONGEST_WAIT)

    def again(self, message_id: str) -> None:
        """Show it again once what was sent has arrived. See the port."""
        wake = self._wakes.get(message_id)
        if wake is not None:
            wake.set()

    def _show(self, message_id: str, over: threading.Event, wake: threading.Event) -> None:
        # Asked for once at least, also where the block is over by then.
        while True:
            self._ask(message_id)
            if over.is_set():
                return
            if wake.wait(INTERVAL):
                wake.clear()
                over.wait(self._arrival)
            if over.is_set():
                return

    def _ask(self, message_id: str) -> None:
        form = urlencode({"messageId": message_id, "channel": "whatsapp"}).encode()
        try:
            answer = self._client.request("POST", self._url, self._headers, form, _TIMEOUT)
        except ExchangeError as error:
            _log.debug("typing indicator failed", extra={"reason": str(error)})
        except Exception:  # noqa: BLE001 - decoration: whatever it is, nobody misses it
            _log.debug("typing indicator failed", exc_info=True)
        else:
            _log.debug("typing indicator asked for", extra={"status": answer.status})
