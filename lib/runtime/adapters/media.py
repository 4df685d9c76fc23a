"""What reads the media of messages: Twilio's, in child processes of this one, or by being heard."""

from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.media.reader import MediaReader
    from lib.ports.transcriber import Transcriber


def reader(config: Config, transcriber: "Transcriber | None") -> "MediaReader":
    """Return what fetches media from Twilio and reads them, and hears them by a transcriber."""
    from lib.media.documents.read import DocumentLimits
    from lib.media.listening import Listening
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
    longest = config.transcribing.most_seconds
    listening = Listening(transcriber, longest) if transcriber else None
    return MediaReader(fetcher, DocumentLimits(most=media.characters), listening)
