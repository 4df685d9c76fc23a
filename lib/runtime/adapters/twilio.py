"""Twilio's two directions: who may call us, and what we send through."""

from typing import TYPE_CHECKING

from lib.settings.config import Config
from lib.settings.twilio import TwilioSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.ports.documents import Documents
    from lib.ports.sender import Sender
    from lib.ports.typing import Typing
    from lib.twilio.menu_contents import MenuContents
    from lib.twilio.refusals import RefusalCount
    from lib.twilio.sender import TwilioSender
    from lib.twilio.signature import Verifier


def verifier(
    config: Config, public_url: str, account_sid: str, refused: "RefusalCount"
) -> "Verifier":
    """Return the lock of a public endpoint, which lets in only who calls for this account."""
    from lib.twilio.signature import Verifier

    twilio = config.twilio
    return Verifier(
        account_sid=account_sid,
        auth_tokens=tuple(filter(None, (twilio.auth_token, twilio.auth_token_secondary))),
        shared_key=twilio.shared_key,
        public_url=public_url,
        service=config.google.service,
        enabled=twilio.validate_signature,
        refused=refused,
    )


def sender(
    twilio: TwilioSettings, menu_contents: "Callable[[], MenuContents] | None"
) -> "TwilioSender":
    """Return the way out to WhatsApp, for plain texts only without contents for menus."""
    from lib.twilio.sender import TwilioSender

    return TwilioSender(
        twilio.account_sid,
        twilio.auth_token,
        twilio.whatsapp_number,
        api_key_sid=twilio.api_key_sid,
        api_key_secret=twilio.api_key_secret,
        base_url=twilio.api_base_url,
        status_callback=twilio.status_callback_url,
        reopening_content=twilio.reopening_content,
        menu_contents=menu_contents,
    )


def menu_contents(twilio: TwilioSettings, documents: "Documents") -> "MenuContents":
    """Return what menus are made of, remembered among everything else that is kept."""
    from functools import partial

    from lib.storage.stores import menu_contents as store
    from lib.twilio.menu_contents import MenuContents

    return MenuContents(
        *login(twilio),
        find=partial(store.find, documents),
        keep=partial(store.keep, documents),
        base_url=twilio.api_base_url,
    )


def paced(sender: "Sender", twilio: TwilioSettings) -> "Sender":
    """Return the same way out, no faster than Twilio lets a sender be."""
    from lib.outbound.rate_limit import RateLimit
    from lib.outbound.retrying import RetryingSender

    pace = RateLimit(twilio.per_second, twilio.recipient_seconds, twilio.recipient_burst)
    return RetryingSender(sender, pace)


def typing(twilio: TwilioSettings) -> "Typing":
    """Return what shows that an answer is being written."""
    if not twilio.typing_indicator:
        from lib.ports.typing import no_typing

        return no_typing
    from lib.twilio.typing import TwilioTyping

    return TwilioTyping(*login(twilio), twilio.api_base_url)


def login(twilio: TwilioSettings) -> tuple[str, str]:
    """Return whom requests are made as, and the secret."""
    if twilio.api_key_sid:
        return twilio.api_key_sid, twilio.api_key_secret
    return twilio.account_sid, twilio.auth_token
