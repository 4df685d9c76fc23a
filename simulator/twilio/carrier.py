"""The way of a message to the phone, reported by signed status callbacks.

Source: twilio.com/docs/messaging/guides/track-outbound-message-status. The first status sends
no callback; nothing is sent twice, and nothing leaves this machine.
"""

import logging
import queue
import threading
from urllib.parse import urldefrag, urlsplit

import requests

from simulator.twilio.messages import API_VERSION, Message, Messages
from simulator.twilio.signature import sign

_STEPS = ("sent", "delivered", "read")
_CHANNEL_SID = f"XE{0:032x}"
_SECONDS = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_log = logging.getLogger(__name__)


class Carrier:
    """Carries messages, one after another, in a thread that starts with the first of them."""

    def __init__(self, messages: Messages, auth_token: str) -> None:
        self._messages = messages
        self._auth_token = auth_token
        self._waiting: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, message: Message) -> None:
        """Carry the message as soon as the earlier ones have arrived."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="carrier", daemon=True)
                self._thread.start()
        self._waiting.put(message)

    def close(self) -> None:
        """Return when all that was taken has arrived."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        session = requests.Session()
        session.trust_env = False  # no proxy stands between two ports of one machine
        with session:
            while (message := self._waiting.get()) is not None:
                self._carry(message, session)

    def _carry(self, message: Message, session: requests.Session) -> None:
        for status in _STEPS:
            advanced = self._messages.advance(message.sid, status)
            if advanced is not None and advanced.status_callback:
                self._report(advanced, session)

    def _report(self, message: Message, session: requests.Session) -> None:
        url = message.status_callback
        if urlsplit(url).hostname not in _LOOPBACK:
            _log.warning("status callback not sent: it would leave this machine")
            return
        form = parameters(message)
        signature = {"X-Twilio-Signature": sign(url, form, self._auth_token)}
        try:
            answer = session.post(
                urldefrag(url).url,
                data=form,
                headers=signature | {"User-Agent": "TwilioProxy/1.1"},
                timeout=_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            _log.warning("status callback failed", extra={"reason": type(error).__name__})
        else:
            _log.debug("status callback sent", extra={"status": answer.status_code})


def parameters(message: Message) -> dict[str, str]:
    """Return the form that reports the message's status."""
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "ChannelInstallSid": _CHANNEL_SID,
        "ChannelPrefix": "whatsapp",
        "ChannelToAddress": f"{message.to.removeprefix('whatsapp:')[:-4]}XXXX",
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.status in {"delivered", "read"}:
        form["EventType"] = message.status.upper()
    return form
