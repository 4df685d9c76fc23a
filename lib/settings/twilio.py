"""The Twilio account, the URLs Twilio was told, and how fast it may be sent to."""

from typing import NamedTuple

from lib.loopback import is_loopback
from lib.settings import forms
from lib.settings.reader import Settings


class TwilioSettings(NamedTuple):
    """An account and its WhatsApp sender.

    ``per_second`` is how many messages a sender may send in a second, 0 for any number;
    ``recipient_seconds`` the seconds between two to the same person, after a burst of
    ``recipient_burst`` messages. ``reopening_content`` is the template sent to a person whose
    window for free-form messages has closed. ``menus`` are sent where something is to be chosen,
    else plain texts.
    """

    account_sid: str = ""
    auth_token: str = ""
    auth_token_secondary: str = ""
    shared_key: str = ""
    api_key_sid: str = ""
    api_key_secret: str = ""
    whatsapp_number: str = ""
    api_base_url: str = ""
    webhook_url: str = ""
    status_callback_url: str = ""
    validate_signature: bool = True
    typing_indicator: bool = False
    reopening_content: str = ""
    menus: bool = True
    per_second: float = 80.0
    recipient_seconds: float = 6.0
    recipient_burst: int = 45

    def __repr__(self) -> str:
        """Show nothing of what is secret."""
        return type(self).__name__

    @property
    def is_set(self) -> bool:
        """Whether an account is configured, or another place than Twilio to find one.

        The account of an example for tests is none.
        """
        named = self.account_sid != forms.TEST_ACCOUNT and (self.account_sid or self.auth_token)
        return bool(named or self.api_base_url)

    @property
    def is_real(self) -> bool:
        """Whether an account is configured that is not played on this machine."""
        return self.is_set and not is_loopback(self.api_base_url)


def read(settings: Settings) -> TwilioSettings:
    """Read the settings; what contradicts another one is noted as wrong."""
    defaults = TwilioSettings()
    # The limits protect a real number; a Twilio played on this machine has none to lose.
    played = settings.is_loopback("TWILIO_API_BASE_URL")
    # Nor is what is asked in the open Twilio, wherever it is.
    strict = not (played or settings.text("TWILIO_API_BASE_URL").startswith("http://"))
    twilio = TwilioSettings(
        account_sid=settings.account("TWILIO_ACCOUNT_SID"),
        auth_token=settings.secret("TWILIO_AUTH_TOKEN"),
        auth_token_secondary=settings.secret("TWILIO_AUTH_TOKEN_SECONDARY"),
        shared_key=settings.secret("TWILIO_WEBHOOK_SHARED_KEY"),
        api_key_sid=settings.sid("TWILIO_API_KEY_SID"),
        api_key_secret=settings.secret("TWILIO_API_KEY_SECRET"),
        whatsapp_number=settings.sender("TWILIO_WHATSAPP_NUMBER"),
        api_base_url=settings.base_url("TWILIO_API_BASE_URL"),
        webhook_url=settings.public_url(
            "TWILIO_WEBHOOK_URL", other="/whatsapp/status", strict=strict
        ),
        status_callback_url=settings.public_url(
            "TWILIO_STATUS_CALLBACK_URL", other="/whatsapp/webhook", strict=strict
        ),
        validate_signature=settings.flag("TWILIO_VALIDATE_SIGNATURE", default=True),
        typing_indicator=settings.flag("TWILIO_TYPING_INDICATOR", default=False),
        reopening_content=settings.sid("TWILIO_KNOCK_CONTENT_SID"),
        menus=settings.flag("MENUS", default=defaults.menus),
        per_second=settings.amount(
            "TWILIO_MESSAGES_PER_SECOND", 0.0 if played else defaults.per_second, high=10_000
        ),
        recipient_seconds=settings.amount(
            "TWILIO_RECIPIENT_SECONDS", 0.0 if played else defaults.recipient_seconds, high=3600
        ),
        recipient_burst=settings.number(
            "TWILIO_RECIPIENT_BURST", defaults.recipient_burst, low=1, high=1000
        ),
    )
    _check(twilio, settings)
    return twilio


def _check(twilio: TwilioSettings, settings: Settings) -> None:
    if settings.text("TWILIO_API_KEY_SID") and not settings.text("TWILIO_API_KEY_SECRET"):
        settings.refuse("TWILIO_API_KEY_SECRET", "is needed with TWILIO_API_KEY_SID")
    if not settings.text("K_SERVICE"):
        return
    if not twilio.validate_signature:
        settings.refuse("TWILIO_VALIDATE_SIGNATURE", "cannot be false on Google Cloud")
    if twilio.account_sid == forms.TEST_ACCOUNT:
        settings.refuse("TWILIO_ACCOUNT_SID", "is for tests only")
