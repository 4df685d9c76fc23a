"""Credentials for assistant APIs: how a request says who we are.

Google's ID tokens are for services on Cloud Run, whose audience is the service's base URL;
its access tokens are for Vertex AI.
"""

from collections.abc import Mapping

from lib.errors import AssistantRefusedError, ConfigurationError, ShortageError
from lib.google.default_credentials import access_tokens, id_tokens
from lib.google.tokens import TokenError, Tokens
from lib.shortage import has_descriptors

Headers = Mapping[str, str]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_MOST_SECONDS = 5.0
_NO_AUDIENCE = ""


class GoogleTokens:
    """Tokens of the process's own Google identity: an ID token for each audience, an access token.

    Waits for Google five seconds at most.
    """

    def __init__(self) -> None:
        self._tokens = {_NO_AUDIENCE: access_tokens(_SCOPE)}

    def id_token(self, audience: str) -> str:
        """Return an ID token for a service.

        Raises:
            AssistantRefusedError: there is no identity to get one with, or not in time.
            ShortageError: it was not asked for one, for want of a descriptor.
        """
        return _token(self._tokens.setdefault(audience, id_tokens(audience)))

    def access_token(self) -> str:
        """Return an access token for Google's APIs; see ``id_token``."""
        return _token(self._tokens[_NO_AUDIENCE])

    def forget(self, audience: str) -> None:
        """Drop a token that was refused, so that the next one is new; "" for the access token."""
        self._tokens[audience].forget()


def api_key(key: str) -> Headers:
    """The header of Cloud Endpoints."""
    return {"x-api-key": key}


def bearer(token: str) -> Headers:
    """The header of everybody else."""
    return {"Authorization": f"Bearer {token}"}


def unknown_mode(mode: str) -> ConfigurationError:
    """The error for an ``auth`` that is none of ours."""
    return ConfigurationError(f"no way to log in is called {mode}")


def _token(tokens: Tokens) -> str:
    try:
        return tokens.get(_MOST_SECONDS)
    except (TokenError, TimeoutError) as error:
        # Google's client words its errors anew: what it ran short of is not to be seen in them.
        if not has_descriptors():
            raise ShortageError("no descriptor to get a Google identity with") from None
        raise AssistantRefusedError(str(error)) from None
