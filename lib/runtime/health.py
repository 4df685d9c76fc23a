"""The health document: which of the settings are there, never what they are."""

from collections.abc import Sequence

from lib.errors import ConfigurationError
from lib.runtime import wiring
from lib.settings import config as configuration
from lib.settings import roles
from lib.settings.config import Config
from lib.settings.media_urls import media_urls


def document() -> dict[str, object]:
    """Return what the health check answers: about the settings as they are, right or wrong."""
    try:
        gateway = wiring.gateway()
    except ConfigurationError as error:
        return _unhealthy(str(error).splitlines())
    urls = media_urls(gateway.config, local=gateway.local)
    media = f"off: {urls.off}" if urls.off else "on"
    found = {**_healthy(gateway.declared), "media_urls": media}
    # On Google Cloud each function counts for itself: there, the logs are counted.
    return {**found, "refused_requests": gateway.refused().all()} if gateway.local else found


def _healthy(config: Config) -> dict[str, object]:
    absent = roles.missing("health", config)
    return {
        "status": "healthy",
        "twilio_configured": not any(name.startswith("TWILIO_") for name in absent),
        "environment_vars": {name: name not in absent for name in roles.names("health")},
    }


def _unhealthy(problems: Sequence[str]) -> dict[str, object]:
    """The same keys where settings are wrong, and what to change."""
    return {
        "status": "unhealthy",
        "twilio_configured": False,
        "environment_vars": configuration.present(roles.names("health")),
        "problems": list(problems),
    }
