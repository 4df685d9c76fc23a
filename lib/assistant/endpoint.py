"""Where an assistant is asked, and with which credentials."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lib.assistant.credentials import GoogleTokens, Headers, api_key, bearer, unknown_mode
from lib.assistant.exchange import host_of
from lib.errors import ConfigurationError
from lib.model import Assistant


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address, how to log in there, and the key for the modes that need one."""

    url: str
    auth: str
    key: str = field(default="", repr=False)

    @property
    def renewable(self) -> bool:
        """Whether a refused token may be replaced by a new one."""
        return self.auth in {"id_token", "google"}

    def headers(self, tokens: GoogleTokens) -> Headers:
        """Return the headers that log in.

        Raises:
            AssistantRefusedError: Google gives no token.
            ConfigurationError: there is no such mode.
        """
        match self.auth:
            case "none":
                return {}
            case "api_key":
                return api_key(self.key)
            case "bearer":
                return bearer(self.key)
            case "id_token":
                return bearer(tokens.id_token(host_of(self.url)))
            case "google":
                return bearer(tokens.access_token())
            case mode:
                raise unknown_mode(mode)

    def renew(self, tokens: GoogleTokens) -> None:
        """Forget the token that was refused."""
        tokens.forget(host_of(self.url) if self.auth == "id_token" else "")


def endpoint_of(assistant: Assistant, default: Endpoint, secret: Callable[[str], str]) -> Endpoint:
    """Return where this assistant is asked: its settings, else the gateway's own.

    The gateway's key only ever goes to the gateway's own URL: an assistant with a URL of its
    own brings its own key, or none.

    Raises:
        ConfigurationError: there is no URL, or the key it names is not set.
    """
    settings = assistant.settings
    url = settings.get("url", "").rstrip("/").removesuffix("/chat/completions") or default.url
    if not url:
        raise ConfigurationError(f"assistant {assistant.id}: ASSISTANT_API_URL is not set")
    if not url.startswith(("https://", "http://")):
        raise ConfigurationError(f"assistant {assistant.id}: its url is not one")
    at_home = host_of(url) == host_of(default.url)
    key_name = settings.get("api_key_env", "")
    key = secret(key_name) if key_name else default.key if at_home else ""
    auth = settings.get("auth") or ("bearer" if key_name else default.auth if at_home else "none")
    if auth in {"api_key", "bearer"} and not key:
        raise ConfigurationError(f"assistant {assistant.id}: its api_key_env is not set")
    if auth == "google" and not _is_google(url):
        raise ConfigurationError(f"assistant {assistant.id}: auth google is for Google's own APIs")
    return Endpoint(url, auth, key)


def _is_google(url: str) -> bool:
    # An access token opens all that this identity may do in Google Cloud; nobody else gets it.
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "").endswith(".googleapis.com")
