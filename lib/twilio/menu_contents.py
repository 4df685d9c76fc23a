"""The contents that menus are sent with: each created once, kept, and found again.

Source: Twilio, "Content API": rich messages are sent by the id of a content that was created
before; within the 24-hour window nobody has to approve it.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lib.errors import SendError, StoreError
from lib.twilio.menu_form import Form
from lib.web.client import Client
from lib.web.errors import ExchangeError
from lib.web.message import Response
from lib.web.proxy import basic

PATIENCE = 2.0
"""Seconds that a menu may take before it is sent: its worker has no more of the lease for it."""

PAUSE = 600.0
"""Seconds without menus of a form that did not work: nobody asks for it with each message."""

_BASE_URL = "https://content.twilio.com"
_CREATED = 201
_OK = 200
_SID = re.compile(r"HX[0-9a-f]{32}")
# Twilio: "The ContentSid does not exist", "The ContentSid is invalid".
_GONE = frozenset({"21654", "21655"})
_log = logging.getLogger(__name__)


class _UnusableError(Exception):
    """Twilio gave no content. The text names no word that was sent or received."""


class MenuContents:
    """The contents of one account, for all threads. ``base_url`` replaces Twilio's own.

    ``find`` and ``keep`` remember the content of a form's name beyond this process. What they
    forget is found again in Twilio's own list. ``patience`` and ``pause`` are in seconds.
    """

    def __init__(
        self,
        username: str,
        password: str,
        *,
        find: Callable[[str], str],
        keep: Callable[[str, str], None],
        base_url: str = "",
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self.patience = patience
        self._pause_seconds = pause
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": basic(username, password),
        }
        self._url = f"{base_url or _BASE_URL}/v1/Content"
        self._client = Client()
        self._find, self._keep = find, keep
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._gone: set[str] = set()
        self._paused_until: dict[str, float] = {}
        self._renewed_until: dict[str, float] = {}

    def content_of(self, form: Form) -> str:
        """Return the id of a form's content; empty where its menus are not sent for now."""
        if time.monotonic() < self._paused_until.get(form.name, 0.0):
            return ""
        return self._known.get(form.name) or self._learn(form)

    def refused(self, form: Form, content: str, error: SendError) -> bool:
        """Take notice that no message was made of a content; whether another one may do.

        One that was deleted at Twilio is created anew, but not again and again.
        """
        if content in self._gone:  # another thread has noticed, and makes the next one
            return True
        self._known.pop(form.name, None)
        now = time.monotonic()
        if error.provider_code in _GONE:
            self._gone.add(content)
            if now >= self._renewed_until.get(form.name, 0.0):
                self._renewed_until[form.name] = now + self._pause_seconds
                return True
        self._pause(form, str(error))
        return False

    def _learn(self, form: Form) -> str:
        with self._alone() as alone:
            if not alone:
                return ""
            if known := self._known.get(form.name):
                return known
            try:
                content = self._kept(form) or self._made(form)
            except (StoreError, ExchangeError, _UnusableError) as error:
                self._pause(form, str(error))
                return ""
            self._known[form.name] = content
            return content

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Let one thread at a time create contents, and nobody wait for it for long."""
        alone = self._lock.acquire(timeout=self.patience)
        try:
            yield alone
        finally:
            if alone:
                self._lock.release()

    def _kept(self, form: Form) -> str:
        kept = self._find(form.name)
        return "" if kept in self._gone else kept

    def _made(self, form: Form) -> str:
        deadline = time.monotonic() + self.patience
        content = self._listed(form, deadline) or self._created(form, deadline)
        try:
            self._keep(form.name, content)
        except StoreError as error:
            _log.warning("content of a menu not kept", extra={"code": error.code})
        return content

    def _listed(self, form: Form, deadline: float) -> str:
        """Look for a content among the account's, of which one page has up to 1,000."""
        answer = self._ask("GET", f"{self._url}?PageSize=1000", b"", deadline)
        if answer.status != _OK:
            raise _UnusableError(_described(answer))
        listed = _document(answer).get("contents")
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict) and one.get("friendly_name") == form.name:
                content = _sid(one)
                if content and content not in self._gone:
                    return content
        return ""

    def _created(self, form: Form, deadline: float) -> str:
        answer = self._ask("POST", self._url, form.content, deadline)
        content = _sid(_document(answer)) if answer.status == _CREATED else ""
        if not content:
            raise _UnusableError(_described(answer))
        _log.info("content of a menu created", extra={"form": form.name})
        return content

    def _ask(self, method: str, url: str, body: bytes, deadline: float) -> Response:
        seconds = deadline - time.monotonic()
        return self._client.request(method, url, self._headers, body, seconds)

    def _pause(self, form: Form, reason: str) -> None:
        now = time.monotonic()
        if now < self._paused_until.get(form.name, 0.0):
            return
        self._paused_until[form.name] = now + self._pause_seconds
        facts = {"form": form.name, "reason": reason, "seconds": self._pause_seconds}
        _log.warning("menus are sent as text for a while", extra=facts)


def _document(answer: Response) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _sid(resource: dict[str, Any]) -> str:
    sid = resource.get("sid")
    return sid if isinstance(sid, str) and _SID.fullmatch(sid) else ""


def _described(answer: Response) -> str:
    code = _document(answer).get("code")
    known = f"code {code}, " if isinstance(code, int) else ""
    return f"Twilio answered with {known}HTTP status {answer.status}"
