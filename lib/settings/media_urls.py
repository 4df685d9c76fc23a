"""Whether media can be given out by address: where others reach this gateway, or why not."""

from typing import NamedTuple

from lib.loopback import is_loopback
from lib.settings.config import Config

_WEBHOOK, _STATUS = "/whatsapp/webhook", "/whatsapp/status"


class MediaUrls(NamedTuple):
    """``base`` is what addresses of media begin with; ``off`` says why there are none."""

    base: str = ""
    off: str = ""


def media_urls(config: Config, *, local: bool) -> MediaUrls:
    """Return where media are served, for others than this machine to fetch."""
    return _on_this_machine(config) if local else _on_google(config)


def _on_google(config: Config) -> MediaUrls:
    media = config.media
    needed = {
        "MEDIA_BUCKET": media.bucket,
        "MEDIA_PUBLIC_URL": media.public_url,
        "MEDIA_SIGNING_KEY": media.signing_key,
    }
    absent = ", ".join(name for name, value in needed.items() if not value)
    return MediaUrls(off=f"not set: {absent}") if absent else MediaUrls(media.public_url)


def _on_this_machine(config: Config) -> MediaUrls:
    twilio = config.twilio
    base = (
        config.media.public_url
        or _base(twilio.webhook_url, _WEBHOOK)
        or _base(twilio.status_callback_url, _STATUS)
    )
    if not base:
        return MediaUrls(off="no public address: set TWILIO_WEBHOOK_URL, or MEDIA_PUBLIC_URL")
    # A Twilio that is played here reaches this machine, and nobody else does.
    if is_loopback(base) and not is_loopback(twilio.api_base_url):
        return MediaUrls(off="Twilio cannot reach this machine: MEDIA_PUBLIC_URL names its tunnel")
    return MediaUrls(base)


def _base(url: str, path: str) -> str:
    """What stands before a path in a URL that Twilio was told; empty where that is another."""
    bare = url.partition("#")[0].partition("?")[0].rstrip("/")
    return bare.removesuffix(path) if bare.endswith(path) else ""
