"""The health document: which of the settings are there, never what they are."""

from lib.runtime.config import Config


def health(config: Config) -> dict[str, object]:
    """Return the document that ``GET /whatsapp/health`` answers with."""
    twilio = config.twilio
    return {
        "status": "healthy",
        "twilio_configured": config.has_twilio,
        "environment_vars": {
            "TWILIO_ACCOUNT_SID": bool(twilio.account_sid),
            "TWILIO_AUTH_TOKEN": bool(twilio.auth_token),
            "TWILIO_WHATSAPP_NUMBER": bool(twilio.whatsapp_number),
            "GOOGLE_CLOUD_PROJECT": bool(config.google.project),
        },
    }
