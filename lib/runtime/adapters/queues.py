"""The queue between webhook and responder: Pub/Sub, or a table beside everything else."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.google.tokens import Tokens
    from lib.ports.clock import Clock
    from lib.ports.publisher import Publisher
    from lib.queue.local import LocalQueue
    from lib.settings.google import GoogleSettings
    from lib.storage.sqlite.database import Database

MOST_DELIVERIES = 3000
"""Of one message by the local queue, a minute apart at most: a day and more.

The responder itself gives up after a day; this is for what never gets that far.
"""


def pubsub(config: Config) -> "Publisher":
    """Return the near end of Google's queue, or of its emulator."""
    from lib.queue.pubsub import PubSubPublisher

    google = config.google
    if google.pubsub_emulator:
        url = f"http://{google.pubsub_emulator}"
        return PubSubPublisher(google.project, google.topic, url)
    url = f"https://{google.pubsub_endpoint}"
    return PubSubPublisher(google.project, google.topic, url, tokens=_tokens(google))


def _tokens(google: "GoogleSettings") -> "Tokens":
    if google.service:
        from lib.google import tokens

        return tokens.of_metadata_server(google.metadata_host)
    from lib.google import default_credentials
    from lib.queue.pubsub import SCOPE

    return default_credentials.access_tokens(SCOPE)


def local(
    database: "Database", clock: "Clock", give_up: Callable[[bytes, str], None]
) -> "LocalQueue":
    """Return both ends of a standalone gateway's queue."""
    from lib.backoff import LastResort
    from lib.queue.local import LocalQueue

    return LocalQueue(database, clock, last_resort=LastResort(MOST_DELIVERIES, give_up))
