"""Status callbacks as Twilio posts them: signed, two for each message, over few connections."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from bench.messages import ACCOUNT_SID, TOKEN, posted
from bench.standins.http import content_length
from bench.standins.played import Send
from tests.sample import sign

_STATUSES = ("sent", "delivered")
_CONNECTIONS = 4


class Callbacks:
    """Tells a URL what became of messages; ``told`` is told whether each was taken."""

    def __init__(self, url: str, told: Callable[[bool], None]) -> None:
        self._url = url
        self._told = told
        self._queue: asyncio.Queue[Send] = asyncio.Queue()
        self._workers = [asyncio.create_task(self._work()) for _ in range(_CONNECTIONS)]

    def __call__(self, send: Send) -> None:
        """Report a message as sent, then as delivered."""
        self._queue.put_nowait(send)

    async def _work(self) -> None:
        # Not before there is something to tell: the gateway starts after this process.
        send = await self._queue.get()
        line = await self._connect()
        while True:
            for status in _STATUSES:
                taken, stays = await line.exchange(self._request(send, status))
                self._told(taken)
                if not stays:
                    line = await self._connect()
            send = await self._queue.get()

    async def _connect(self) -> "_Line":
        where = urlsplit(self._url)
        return _Line(*await asyncio.open_connection(where.hostname, where.port))

    def _request(self, send: Send, status: str) -> bytes:
        form = {
            "AccountSid": ACCOUNT_SID,
            "MessageSid": send.sid,
            "MessageStatus": status,
            "SmsSid": send.sid,
            "SmsStatus": status,
            "To": send.to,
        }
        signature = sign(TOKEN, self._url, form)
        return posted(self._url, urlencode(form).encode(), {"X-Twilio-Signature": signature})


class _Line:
    """One connection to the gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def exchange(self, request: bytes) -> tuple[bool, bool]:
        """Send a request; return whether it was taken, and whether the connection stays."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        await self._reader.readexactly(content_length(head))
        stays = b"connection: close" not in head.lower()
        if not stays:
            self._writer.close()
        return head.split(b" ", 2)[1].startswith(b"2"), stays
