"""What reads the media of messages, in child processes of this one, and what keeps some."""

from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from pathlib import Path

    from lib.google.tokens import Tokens
    from lib.media.kept.folder import FolderStore
    from lib.media.reader import MediaReader
    from lib.ports.clock import Clock
    from lib.ports.media_store import MediaStore
    from lib.ports.transcriber import Transcriber
    from lib.settings.google import GoogleSettings
    from lib.twilio.media import MediaFetcher


def reader(config: Config, transcriber: "Transcriber | None") -> "MediaReader":
    """Return what fetches media from Twilio and reads them, and hears them by a transcriber."""
    from lib.media.documents.read import DocumentLimits
    from lib.media.listening import Listening
    from lib.media.reader import MediaReader

    longest = config.transcribing.most_seconds
    listening = Listening(transcriber, longest) if transcriber else None
    limits = DocumentLimits(most=config.media.characters)
    return MediaReader(fetcher(config), limits, listening)


def fetcher(config: Config) -> "MediaFetcher":
    """Return what fetches media from Twilio, and deletes them there."""
    from lib.runtime.adapters.twilio import login
    from lib.twilio.media import MediaFetcher

    twilio, media = config.twilio, config.media
    return MediaFetcher(
        *login(twilio),
        twilio.account_sid,
        base_url=twilio.api_base_url,
        most_bytes=media.most_bytes,
    )


def folders(
    folder: "Path", exports: "Path", base: str, key: bytes, clock: "Clock"
) -> "tuple[FolderStore, FolderStore]":
    """Return what keeps media on this machine, and what keeps exports."""
    from lib.media.kept.addresses import Addresses
    from lib.media.kept.folder import FolderStore
    from lib.media.kept.lifetime import EXPORTS

    return (
        FolderStore(folder, Addresses(base, key, clock), clock),
        FolderStore(exports, Addresses(base, key, clock, EXPORTS), clock),
    )


def buckets(config: Config, base: str, clock: "Clock") -> "tuple[MediaStore, MediaStore]":
    """Return what keeps media on Google Cloud, and what keeps exports: in one bucket."""
    from lib.media.kept.addresses import Addresses
    from lib.media.kept.bucket import BucketStore
    from lib.media.kept.lifetime import EXPORTS
    from lib.media.kept.objects import Objects

    media, google = config.media, config.google
    url, tokens = "https://storage.googleapis.com", None
    if google.storage_emulator:
        url = f"http://{google.storage_emulator}"
    else:
        tokens = _tokens(google)
    key, objects = media.signing_key.encode(), Objects(media.bucket, url, tokens)
    return (
        BucketStore(objects, Addresses(base, key, clock), clock),
        BucketStore(objects, Addresses(base, key, clock, EXPORTS), clock),
    )


def _tokens(google: "GoogleSettings") -> "Tokens":
    if google.service:
        from lib.google import tokens

        return tokens.of_metadata_server(google.metadata_host)
    from lib.google import default_credentials
    from lib.media.kept.objects import SCOPE

    return default_credentials.access_tokens(SCOPE)
