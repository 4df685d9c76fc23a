"""Twilio's own requests: signed forms to webhooks, repeated as the URL asks.

Nothing leaves this machine: only loopback addresses are called.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit
from uuid import uuid4

import requests

from simulator.twilio.overrides import Overrides, overrides
from simulator.twilio.signature import Signer

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LARGEST_ANSWER = 64 * 1024
_FIRST_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it: the HTTP status, or 0 and the reason."""

    status: int
    reason: str
    milliseconds: int
    content_type: str = ""
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's range of success

    @property
    def outcome(self) -> str:
        """The word that retry policies have for it; empty for a success."""
        if self.ok:
            return ""
        if self.status:
            return f"{self.status // 100}xx"
        return "ct" if "Connect" in self.reason else "rt"


class Caller:
    """Calls webhooks; each call has a connection of its own, as from a farm of machines."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def call(self, url: str, form: Mapping[str, str]) -> list[Exchange]:
        """Post the form until it is taken or the URL's overrides allow no more; never raises.

        Returns every exchange, the last one last; none if the URL is not on this machine.
        """
        if urlsplit(url).hostname not in _LOOPBACK:
            return []
        rules = overrides(url)
        deadline = time.monotonic() + rules.total
        token = str(uuid4())
        exchanges = [self._once(url, form, rules, token, deadline)]
        pause = _FIRST_PAUSE
        while (
            len(exchanges) <= rules.retries
            and rules.repeats(exchanges[-1].outcome)
            and time.monotonic() + pause < deadline
        ):
            time.sleep(pause)
            pause *= 2
            exchanges.append(self._once(url, form, rules, token, deadline))
        return exchanges

    def _once(
        self, url: str, form: Mapping[str, str], rules: Overrides, token: str, deadline: float
    ) -> Exchange:
        started = time.monotonic()
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": token,
            "X-Home-Region": "us1",
            **self._signer.headers(url, form),
        }
        left = max(deadline - started, 0.1)
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between two ports of one machine
            try:
                answer = session.post(
                    urldefrag(url).url,
                    data=form,
                    headers=headers,
                    timeout=(min(rules.connect, left), min(rules.read, left)),
                    allow_redirects=False,
                    stream=True,
                )
                body = answer.raw.read(_LARGEST_ANSWER, decode_content=True)
            except (requests.RequestException, OSError) as error:
                return Exchange(0, type(error).__name__, _since(started))
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Exchange(answer.status_code, answer.reason, _since(started), kind, body)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
