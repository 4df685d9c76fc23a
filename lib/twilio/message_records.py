"""Deleting messages and their media at Twilio.

A message is listed by To and by From, and deleted by ``DELETE Messages/{Sid}.json``, its media by
``DELETE Messages/{Sid}/Media/{Sid}.json``. One that is not in its final state yet is refused with
the error 20009. Source: Twilio, "Messages resource", "Media resource", and the errors' dictionary.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from lib.errors import GatewayError
from lib.web.client import Client
from lib.web.errors import ExchangeError
from lib.web.message import Response
from lib.web.proxy import basic

PACE = 0.05
"""Seconds between two requests: answers go out meanwhile."""

_PAGE = 200
_SECONDS = 10.0
_NOT_FINAL = 20009
_GONE = frozenset({200, 204, 404})


class RecordsError(GatewayError):
    """Messages at Twilio could not be listed or deleted; the same may work later."""

    code: ClassVar[str] = "message_records"
    retryable: ClassVar[bool] = True


class TwilioRecords:
    """Deletes the messages of an account. ``username`` and ``password`` log in to its API."""

    def __init__(
        self,
        username: str,
        password: str,
        account_sid: str,
        base_url: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._login = {"Authorization": basic(username, password)}
        self._base = base_url.rstrip("/")
        self._path = f"/2010-04-01/Accounts/{account_sid}/Messages"
        self._pause = pause
        self._client = Client()

    def erase(
        self,
        address: str,
        received_until: datetime,
        sent_until: datetime,
        seconds: float,
        since: datetime | None = None,
    ) -> int:
        """Delete what was received and sent; see the port."""
        end = time.monotonic() + seconds
        left = 0
        for field, until in (("From", received_until), ("To", sent_until)):
            for message in list(self._messages(field, f"whatsapp:{address}", end)):
                if _is_of(message, since, until):
                    late = time.monotonic() > end
                    left += late or not self._delete(message)
        return left

    def _messages(self, field: str, address: str, end: float) -> Iterator[dict[str, Any]]:
        path = f"{self._path}.json?{urlencode({field: address, 'PageSize': _PAGE})}"
        while path:
            if time.monotonic() > end:
                raise RecordsError("no time to list all messages")
            page = self._json(path)
            yield from _dicts(page.get("messages"))
            path = _following(page, f"{self._path}.json?")

    def _delete(self, message: dict[str, Any]) -> bool:
        """Delete a message, its media first; whether it is gone."""
        sid = str(message.get("sid", ""))
        if not sid.isalnum():
            raise RecordsError("a message without its id")
        if str(message.get("num_media", "0")) != "0":
            listed = self._json(f"{self._path}/{sid}/Media.json", or_gone=True)
            for medium in _dicts(listed.get("media_list")):
                self._gone(f"{self._path}/{sid}/Media/{medium.get('sid')}.json")
        return self._gone(f"{self._path}/{sid}.json")

    def _gone(self, path: str) -> bool:
        self._pause(PACE)
        response = self._request("DELETE", path)
        if response.status in _GONE:
            return True
        if _code(response) == _NOT_FINAL:
            return False
        raise RecordsError(f"Twilio answered with HTTP status {response.status}")

    def _json(self, path: str, *, or_gone: bool = False) -> dict[str, Any]:
        response = self._request("GET", path)
        if or_gone and response.status == 404:  # noqa: PLR2004 - HTTP's own number
            return {}
        if response.status != 200:  # noqa: PLR2004 - as above
            raise RecordsError(f"Twilio answered with HTTP status {response.status}")
        return _object(response)

    def _request(self, method: str, path: str) -> Response:
        try:
            return self._client.request(method, self._base + path, self._login, b"", _SECONDS)
        except ExchangeError as error:
            raise RecordsError(f"no complete answer: {type(error).__name__}") from None


def _is_of(message: dict[str, Any], since: datetime | None, until: datetime) -> bool:
    """Whether a message is from a time that is erased; one without a time is left alone."""
    try:
        # Twilio tells whole seconds, rounded down.
        created = parsedate_to_datetime(str(message.get("date_created")))
    except ValueError:
        return False
    return created <= until and (since is None or created >= since)


def _following(page: dict[str, Any], path: str) -> str:
    """Return the path of the next page, which lies where this one did; nothing behind the last."""
    found = page.get("next_page_uri")
    if not found:
        return ""
    if not isinstance(found, str) or not found.startswith(path):
        raise RecordsError("the next page lies elsewhere")
    return found


def _code(response: Response) -> object:
    try:
        return _object(response).get("code")
    except RecordsError:
        return None


def _object(response: Response) -> dict[str, Any]:
    try:
        found = json.loads(response.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RecordsError("Twilio's answer is none")
    return found


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
