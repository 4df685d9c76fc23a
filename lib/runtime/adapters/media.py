"""What reads the media of messages: Twilio's, in child processes of this one."""

from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.media.reader import MediaReader


def reader(config: Config) -> "MediaReader":
    """Return what fetches media from Twilio and reads them."""
    from lib.media.documents.read import DocumentLimits
    from lib.media.reader import MediaReader
    from lib.runtime.adapters.twilio import login
    from lib.twilio.media import MediaFetcher

    twilio, media = config.twilio, config.media
    fetcher = MediaFetcher(
        *login(twilio),
        twilio.account_sid,
        base_url=twilio.api_base_url,
        most_bytes=media.most_bytes,
    )
    return MediaReader(fetcher, DocumentLimits(most=media.characters))
