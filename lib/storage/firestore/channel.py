"""The connection to Firestore, and who we are to it."""

from collections.abc import Callable
from typing import Any

import grpc
from google.api_core.exceptions import ServiceUnavailable

from lib.errors import StoreError

Token = Callable[[float], str]
"""Gives an access token of a service account, within so many seconds; raises OSError without."""

Headers = tuple[tuple[str, str], ...]
"""What goes with a call beside its message."""

Login = Callable[[float], Headers]
"""Gives those that say who calls, within so many seconds."""

_SERVER = "firestore.googleapis.com:443"
# Those of Google's own client: a document may be large, and a connection that is dead is noticed.
_OPTIONS = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]
_OWNER = ("authorization", "Bearer owner")  # to whom an emulator's rules do not apply


def connect(emulator: str, token: Token | None) -> tuple[Any, Login]:
    """Return a channel to an emulator, or to Firestore, and what goes with each call on it.

    Without a ``token`` Google's own channel finds out who is logged in here; it loads all of
    Google's client (decision 0093).

    Raises:
        StoreError: nobody is logged in.
    """
    if emulator:
        return grpc.insecure_channel(emulator, options=_OPTIONS), lambda _: (_OWNER,)
    if token is not None:
        secure = grpc.secure_channel(_SERVER, grpc.ssl_channel_credentials(), options=_OPTIONS)
        return secure, lambda seconds: (_bearer(token, seconds),)
    return _of_the_client(), lambda _: ()


def _of_the_client() -> Any:
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - slow, see connect
    from google.cloud.firestore_v1.services.firestore import transports  # noqa: PLC0415 - as above

    try:
        # With the credentials of the environment, for Firestore's scopes.
        return transports.FirestoreGrpcTransport.create_channel(options=_OPTIONS)
    except GoogleAuthError as error:
        raise StoreError(f"Firestore: {type(error).__name__}") from None


def _bearer(token: Token, seconds: float) -> tuple[str, str]:
    """Return the header that tells who calls; what keeps us from having one may pass."""
    try:
        return "authorization", f"Bearer {token(seconds)}"
    except OSError:
        raise ServiceUnavailable("no token") from None  # type: ignore[no-untyped-call] # theirs
