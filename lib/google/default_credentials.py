"""Tokens of whoever has logged in here, or whose key is named in the environment.

Source: "How Application Default Credentials works"; for ID tokens, AIP-4110. On Google Cloud it is
the service account of the process.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from lib.google.tokens import TokenError, Tokens

_HOUR = 3600.0


def access_tokens(scope: str) -> Tokens:
    """Access tokens for the APIs of Google that a scope opens."""
    return Tokens(partial(_fetch, partial(_access_credentials, scope)))


def id_tokens(audience: str) -> Tokens:
    """ID tokens for one service, whose audience is its base URL. A person's login gives none."""
    return Tokens(partial(_fetch, partial(_id_credentials, audience)))


def _access_credentials(scope: str, request: Any) -> Any:
    import google.auth

    return google.auth.default(scopes=[scope], request=request)[0]


def _id_credentials(audience: str, request: Any) -> Any:
    from google.oauth2.id_token import fetch_id_token_credentials

    return fetch_id_token_credentials(audience, request)


def _fetch(credentials_of: Callable[[Any], Any], seconds: float) -> tuple[str, float]:
    try:
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request
    except (ImportError, OSError) as error:
        raise TokenError(f"google-auth cannot be loaded: {type(error).__name__}") from None
    request = _limited(Request(), seconds)
    try:
        credentials = credentials_of(request)
        credentials.refresh(request)
    except TimeoutError:
        raise
    except (GoogleAuthError, ImportError, OSError, ValueError, KeyError) as error:
        raise TokenError(f"no Google identity: {type(error).__name__}") from None
    return str(credentials.token), _lifetime(credentials.expiry)


def _limited(request: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """Return a ``request`` whose calls together wait no longer than so many seconds.

    google-auth waits for two minutes, and then tries again. It takes ``TimeoutError`` for nothing
    that may pass.
    """
    deadline = time.monotonic() + seconds

    def call(url: str, *arguments: Any, timeout: float | None = None, **options: Any) -> Any:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no token in time")
        return request(url, *arguments, timeout=min(timeout or left, left), **options)

    return call


def _lifetime(expiry: datetime | None) -> float:
    # google-auth keeps naive times in UTC.
    if expiry is None:
        return _HOUR
    return (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
