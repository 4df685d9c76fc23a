"""Credentials for assistant APIs: how a request says who we are.

Google's ID tokens are for services on Cloud Run, whose audience is the service's base URL;
its access tokens are for Vertex AI. Both are kept until five minutes before they expire.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from lib.errors import AssistantRefusedError, ConfigurationError, GatewayError, ShortageError
from lib.shortage import has_descriptors

Headers = Mapping[str, str]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_MARGIN = 300.0
_MOST_SECONDS = 5.0


class GoogleTokens:
    """Tokens of the process's own Google identity, one for each audience, renewed in time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}

    def id_token(self, audience: str) -> str:
        """Return an ID token for a service.

        Raises:
            AssistantRefusedError: there is no identity to get one with.
            ShortageError: it was not asked for one, for want of a descriptor.
        """
        return self._cached(audience, lambda: _fetch_id_token(audience))

    def access_token(self) -> str:
        """Return an access token for Google's APIs; see ``id_token``."""
        return self._cached("", _fetch_access_token)

    def forget(self, audience: str) -> None:
        """Drop a token that was refused, so that the next one is new."""
        with self._lock:
            self._tokens.pop(audience, None)

    def _cached(self, audience: str, fetch: Callable[[], tuple[str, float]]) -> str:
        with self._lock:
            token, expiry = self._tokens.get(audience, ("", 0.0))
        if expiry - _MARGIN < time.time():
            # Not under the lock: where Google is silent, threads would wait for one another.
            token, expiry = fetch()
            with self._lock:
                self._tokens[audience] = (token, expiry)
        return token


def api_key(key: str) -> Headers:
    """The header of Cloud Endpoints."""
    return {"x-api-key": key}


def bearer(token: str) -> Headers:
    """The header of everybody else."""
    return {"Authorization": f"Bearer {token}"}


def unknown_mode(mode: str) -> ConfigurationError:
    """The error for an ``auth`` that is none of ours."""
    return ConfigurationError(f"no way to log in is called {mode}")


class _Brief(requests.Session):
    """Waits for Google five seconds at most, where google-auth would wait for two minutes."""

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        options["timeout"] = min(options.get("timeout") or _MOST_SECONDS, _MOST_SECONDS)
        return super().request(*arguments, **options)


def _fetch_id_token(audience: str) -> tuple[str, float]:
    from google.auth import exceptions, jwt
    from google.auth.transport.requests import Request
    from google.oauth2 import id_token

    try:
        token = str(id_token.fetch_id_token(Request(_Brief()), audience))
        expiry = jwt.decode(token, verify=False)["exp"]
    except (exceptions.GoogleAuthError, ValueError, KeyError) as error:
        raise _no_identity(error) from None
    return token, float(expiry)


def _fetch_access_token() -> tuple[str, float]:
    import google.auth
    from google.auth import exceptions
    from google.auth.transport.requests import Request

    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
        credentials.refresh(Request(_Brief()))
    except exceptions.GoogleAuthError as error:
        raise _no_identity(error) from None
    # google-auth keeps naive times in UTC.
    lifetime = 3600.0 if credentials.expiry is None else _seconds_to(credentials.expiry)
    return str(credentials.token), time.time() + lifetime


def _no_identity(error: Exception) -> GatewayError:
    # Google's client words its errors anew: what it ran short of is not to be seen in them.
    if not has_descriptors():
        return ShortageError("no descriptor to get a Google identity with")
    return AssistantRefusedError(f"no Google identity: {type(error).__name__}")


def _seconds_to(expiry: datetime) -> float:
    return (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
