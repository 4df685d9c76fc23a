"""The health document: which of the settings are there, never what they are."""

from collections.abc import Mapping, Sequence

from lib.settings.config import Config

HEALTHY = "healthy"

SETTINGS = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_WHATSAPP_NUMBER",
    "GOOGLE_CLOUD_PROJECT",
)
"""Those that the document names."""


def health(config: Config) -> dict[str, object]:
    """Return the document that ``GET /whatsapp/health`` answers with."""
    twilio = config.twilio
    values = (
        twilio.account_sid,
        twilio.auth_token,
        twilio.whatsapp_number,
        config.google.project,
    )
    return {
        "status": HEALTHY,
        "twilio_configured": config.has_twilio,
        "environment_vars": dict(zip(SETTINGS, map(bool, values), strict=True)),
    }


def unhealthy(problems: Sequence[str], there: Mapping[str, bool]) -> dict[str, object]:
    """Return the document where settings are wrong: the same keys, and what to change."""
    return {
        "status": "unhealthy",
        "twilio_configured": False,
        "environment_vars": dict(there),
        "problems": list(problems),
    }
