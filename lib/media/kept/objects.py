"""Objects of Cloud Storage: its JSON API, as far as kept media need it.

Sources: Cloud Storage JSON API, "Objects: insert", "get", "list" and "delete"; "Uploads and
downloads" (a multipart upload has the metadata and the bytes in one request). A small client of our
own: Google's takes longer to load than all that is done with it.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from lib.errors import StoreError
from lib.google.responses import StatusError
from lib.google.tokens import TokenError, Tokens
from lib.media.kept.lifetime import MOST_BYTES
from lib.web.direct import DirectClient
from lib.web.errors import ExchangeError, UnusableError
from lib.web.message import Response

SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
"""Of the access tokens, where they can be narrowed."""

_TRIES, _PAUSE = 3, 0.3
_MOST_ANSWERED = MOST_BYTES + 64 * 1024
_UNAUTHORIZED, _ABSENT = 401, 404


class Objects:
    """The objects of one bucket, for all threads. Every request may be made again.

    ``url`` is the server's, without a path. ``tokens`` say who asks; an emulator does not.
    A request has so many ``seconds``, with all its tries.
    """

    def __init__(
        self, bucket: str, url: str, tokens: Tokens | None, *, seconds: float = 12.0
    ) -> None:
        self._objects = f"/storage/v1/b/{quote(bucket, safe='')}/o"
        self._url = url
        self._tokens = tokens
        self._seconds = seconds
        self._client = DirectClient()

    def insert(self, name: str, content_type: str, told: Mapping[str, str], data: bytes) -> None:
        """Put an object there, in the place of one of the same name. ``told`` is its metadata.

        Raises:
            StoreError: it may not be there.
        """
        facts = {"name": name, "contentType": content_type, "metadata": dict(told)}
        mark = secrets.token_hex(16)
        parts = (
            f"--{mark}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(facts)}",
            f"\r\n--{mark}\r\nContent-Type: {content_type}\r\n\r\n",
        )
        body = "".join(parts).encode() + data + f"\r\n--{mark}--\r\n".encode()
        headers = {"Content-Type": f"multipart/related; boundary={mark}"}
        target = f"/upload{self._objects}?uploadType=multipart"
        if self._ask("POST", target, headers, body) is None:
            raise StoreError("there is no such bucket")

    def look(self, name: str) -> dict[str, Any] | None:
        """Return what is told of an object; None if there is none."""
        fields = urlencode({"fields": "timeCreated,metadata"})
        answer = self._ask("GET", f"{self._path(name)}?{fields}")
        return None if answer is None else _document(answer)

    def read(self, name: str) -> Response | None:
        """Return an object with its type among the headers; None if there is none."""
        return self._ask("GET", f"{self._path(name)}?alt=media")

    def names(self, prefix: str) -> Iterator[str]:
        """Return the names of all objects that begin so."""
        query = {"prefix": prefix, "fields": "items(name),nextPageToken"}
        while True:
            answer = self._ask("GET", f"{self._objects}?{urlencode(query)}")
            page = {} if answer is None else _document(answer)
            yield from [str(one["name"]) for one in page.get("items", [])]
            if not page.get("nextPageToken"):
                return
            query["pageToken"] = str(page["nextPageToken"])

    def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        self._ask("DELETE", self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._objects}/{quote(name, safe='')}"

    def _ask(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response | None:
        """Return a success, or None for what is not there; asked again where that may help."""
        end = time.monotonic() + self._seconds
        for tried in range(1, _TRIES + 1):
            answer = self._try(method, target, headers or {}, body, end)
            if isinstance(answer, Response):
                return None if answer.status == _ABSENT else answer
            if tried == _TRIES or time.monotonic() + _PAUSE * tried >= end:
                break
            time.sleep(_PAUSE * tried)
        raise StoreError(f"Cloud Storage did not do it: {answer}")

    def _try(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, end: float
    ) -> Response | str:
        """Return an answer that is one, or what went wrong where it may pass."""
        # A server that says nothing is left while there is time for another try.
        seconds = min(self._seconds / 2, end - time.monotonic())
        try:
            sent = {"Accept-Encoding": "identity", **headers, **self._login(seconds)}
            answer = self._client.request(
                method, self._url + target, sent, body, seconds, _MOST_ANSWERED
            )
        except (TokenError, UnusableError) as error:
            raise StoreError(f"Cloud Storage was not asked: {error}") from None
        except StatusError as error:
            return f"no token: {error}"
        except (ExchangeError, OSError) as error:
            return type(error).__name__
        return self._judged(answer)

    def _judged(self, answer: Response) -> Response | str:
        status = answer.status
        if status in {200, 204, _ABSENT}:
            return answer
        if status == _UNAUTHORIZED and self._tokens:
            self._tokens.forget()
        elif not StatusError(status).passing and status != 408:  # noqa: PLR2004 - Request Timeout
            raise StoreError(f"Cloud Storage refused it: HTTP {status}")
        return f"HTTP {status}"

    def _login(self, seconds: float) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.get(seconds)}"} if self._tokens else {}


def _document(answer: Response) -> dict[str, Any]:
    try:
        return dict(json.loads(answer.body))
    except (ValueError, TypeError):
        raise StoreError("Cloud Storage's answer is no document") from None
