"""WhatsApp messages through Twilio's REST API."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from lib.errors import SendInDoubtError, SendRetryableError, SendTooLongError
from lib.model import Menu, OutboundMedia
from lib.ports.sender import Form
from lib.twilio.http import BoundedHttpClient
from lib.twilio.send_errors import describe, send_error

if TYPE_CHECKING:
    from lib.twilio.menu_contents import MenuContents

MOST_UNITS = 1600
"""Twilio's limit for a body, in UTF-16 units: the strictest reading of its documents."""

CLOCK_SKEW = timedelta(seconds=60)
"""How far Twilio's clock, which tells whole seconds, may be behind ours."""

# The SDK falls back to the process's environment unless it is given one that is not empty.
_NO_ENVIRONMENT = {"": ""}


class TwilioSender:
    """Sends as one WhatsApp sender of one account; one connection pool for all threads.

    ``from_number`` may carry ``whatsapp:``. An API key, where given, replaces the account's
    token. ``base_url`` replaces ``https://api.twilio.com``. ``timeout`` is the limit of one
    request, in seconds. ``menu_contents`` gives what menus are made of, when the first one is sent;
    without it their texts are sent.
    """

    def __init__(  # noqa: PLR0913 - a vendor's settings, all plain values
        self,
        account_sid: str,
        auth_token: str,
        from_number: str,
        *,
        api_key_sid: str = "",
        api_key_secret: str = "",
        base_url: str = "",
        status_callback: str = "",
        reopening_content: str = "",
        menu_contents: "Callable[[], MenuContents] | None" = None,
        timeout: float = 10.0,
    ) -> None:
        self._account_sid = account_sid
        self._credentials = (
            (api_key_sid, api_key_secret) if api_key_sid else (account_sid, auth_token)
        )
        self._from = _channel_address(from_number)
        self._base_url = base_url
        self._options = {"status_callback": status_callback} if status_callback else {}
        self._reopening_content = reopening_content
        self._menu_contents = menu_contents
        self._http = BoundedHttpClient(timeout)
        self._lock = threading.Lock()
        self._messages: Any = None

    def load(self) -> None:
        """Load the SDK, which whoever sends first otherwise waits for."""
        self._connected()

    def send(self, address: str, text: str, form: Form | None = None) -> str:
        """Send one chunk and return its SID; see the port for the errors."""
        if isinstance(form, Menu):
            if sid := self._send_menu(address, form):
                return sid
        elif form is not None:
            return self._send_media(address, form)
        if _units(text) > MOST_UNITS:
            raise SendTooLongError(f"longer than {MOST_UNITS} UTF-16 units")
        return self._create(address, body=text)

    def _send_menu(self, address: str, menu: Menu) -> str:
        if self._menu_contents is None:
            return ""
        from lib.twilio.menu_sending import send_menu  # noqa: PLC0415 - only where there is one

        return send_menu(menu, self._menu_contents(), partial(self._create, address))

    def _send_media(self, address: str, media: OutboundMedia) -> str:
        from lib.twilio.media_sending import content_of  # noqa: PLC0415 - only where there is one

        return self._create(address, **content_of(media))

    def _create(self, address: str, **content: Any) -> str:
        messages = self._connected()
        try:
            message = messages.create(
                to=_channel_address(address), from_=self._from, **content, **self._options
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the chunk may be on its way
            raise send_error(error, self._http.retry_after) from None
        if not message.sid:
            raise SendInDoubtError("Twilio answered without a SID")
        return str(message.sid)

    def reopen_window(self, address: str) -> bool:
        """Send the template that asks a person to write; see the port."""
        if not self._reopening_content:
            return False
        messages = self._connected()
        try:
            messages.create(
                to=_channel_address(address), from_=self._from, content_sid=self._reopening_content
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told as an error of ours
            raise send_error(error) from None
        return True

    def find(
        self,
        address: str,
        text: str,
        since: datetime,
        form: Form | None = None,
    ) -> list[str]:
        """Look for messages with these words created after ``since``; see the port.

        One that Twilio took and could not deliver is found, too: it was sent, and its status
        callback tells the rest.
        """
        messages = self._connected()
        try:
            recent = self._newest_first(messages, address, since - CLOCK_SKEW)
            is_sought = _sought(text, form)
            return [str(m.sid) for m in recent if is_sought(m)][::-1]
        except Exception as error:  # noqa: BLE001 - whatever it is, the doubt remains
            raise SendRetryableError(describe(error)) from None

    def _newest_first(self, messages: Any, address: str, earliest: datetime) -> Iterator[Any]:
        # Without a date: Twilio filters by the date sent, which a queued message lacks. Nobody
        # sends one person more than the limit while one chunk of theirs is in doubt.
        to = _channel_address(address)
        listed = messages.stream(to=to, from_=self._from, page_size=50, limit=200)
        return takewhile(lambda message: message.date_created >= earliest, listed)

    def _connected(self) -> Any:
        with self._lock:
            if self._messages is None:
                self._messages = self._connect()
            return self._messages

    def _connect(self) -> Any:
        from twilio.rest import Client  # noqa: PLC0415 - slow and large: only where one sends

        username, password = self._credentials
        client = Client(
            username,
            password,
            self._account_sid,
            http_client=self._http,
            environment=_NO_ENVIRONMENT,
        )
        if self._base_url:
            client.api.base_url = self._base_url
        return client.messages


def _channel_address(address: str) -> str:
    return f"whatsapp:{address.removeprefix('whatsapp:').strip()}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sought(text: str, form: Form | None) -> Callable[[Any], bool]:
    """Return what tells whether a message is the one that is looked for."""
    if isinstance(form, OutboundMedia):
        from lib.twilio.media_sending import is_sent_as  # noqa: PLC0415 - seldom needed

        return partial(is_sent_as, form)
    # White space at the ends or in a row is not promised to survive.
    words = [one.split() for one in ((text, form.body) if form else (text,))]
    return lambda message: str(message.body or "").split() in words
