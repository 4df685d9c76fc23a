"""Where assistants are reached, and how one proves to them who asks."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from lib.errors import ConfigurationError
from lib.settings import backends, forms
from lib.settings.reader import Settings

_SECRETS = "ASSISTANT_"
_AUTH_MODES = ("none", "id_token", "api_key", "bearer", "google")


class AssistantSettings(NamedTuple):
    """The assistants at the gateway's own URL; ``timeout`` is seconds for a whole answer.

    ``backend`` is what the assistant speaks that nobody described, and is asked for ``model``;
    ``backend_reason`` says how that is known. ``secrets`` are the variables an assistant's
    settings may name: those that start with ``ASSISTANT_``, so that no entry of a catalogue can
    reach Twilio's token.
    """

    url: str = ""
    path: str = "/vac/assistant/{assistant_id}"
    auth: str = "none"
    api_key: str = ""
    timeout: float = 110.0
    default_id: str = "default-assistant"
    file: Path = Path("assistants.yaml")
    backend: str = backends.VAC
    backend_reason: str = "nothing says otherwise"
    model: str = ""
    secrets: Mapping[str, str] = MappingProxyType({})

    def __repr__(self) -> str:
        """Show nothing of what is secret."""
        return type(self).__name__

    def secret(self, name: str) -> str:
        """Look up a secret that an assistant's settings name.

        Raises:
            ConfigurationError: the variable is not set, can be no secret, or may not be named.
        """
        if not name.startswith(_SECRETS):
            raise ConfigurationError(f"an api_key_env must start with {_SECRETS}: {name}")
        if not self.secrets.get(name):
            raise ConfigurationError(f"{name} is not set")
        complaint = forms.secret_complaint(name, self.secrets[name].strip())
        if complaint:
            raise ConfigurationError(f"{name} {complaint}")
        return self.secrets[name].strip()


def read(settings: Settings) -> AssistantSettings:
    """Read the settings; what contradicts another one is noted as wrong."""
    defaults = AssistantSettings()
    told = settings.choice("ASSISTANT_BACKEND", backends.CHOICES)
    backend = backends.backend_of(told, settings)
    url = backends.base_of(settings.base_url("ASSISTANT_API_URL"))
    key = settings.secret("ASSISTANT_API_KEY")
    return AssistantSettings(
        url=url,
        path=settings.path("ASSISTANT_API_PATH", defaults.path),
        auth=_auth(settings, backend.name, url, key),
        api_key=key,
        timeout=settings.seconds("ASSISTANT_API_TIMEOUT", defaults.timeout, high=120.0),
        default_id=settings.word("DEFAULT_ASSISTANT_ID", defaults.default_id),
        file=Path(settings.text("ASSISTANTS_FILE", str(defaults.file))),
        backend=backend.name,
        backend_reason=backend.reason,
        model=settings.title("ASSISTANT_MODEL"),
        secrets=settings.beginning_with(_SECRETS),
    )


def _auth(settings: Settings, backend: str, url: str, key: str) -> str:
    auth = settings.choice("ASSISTANT_API_AUTH", _AUTH_MODES)
    if backend == backends.OPENAI and key and not settings.text("ASSISTANT_API_AUTH"):
        return "bearer"  # as all of them have it
    if auth in {"api_key", "bearer"} and not key:
        settings.refuse("ASSISTANT_API_KEY", f"is needed where ASSISTANT_API_AUTH is {auth}")
    if auth == "google" and not backends.is_google(url):
        settings.refuse("ASSISTANT_API_AUTH", "can be google for Google's own APIs only")
    return auth
