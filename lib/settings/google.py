"""The Google Cloud project, or the emulators that stand for it."""

from typing import NamedTuple

from lib.settings.reader import Settings


class GoogleSettings(NamedTuple):
    """A project, its topic, and the hosts (``host`` or ``host:port``) of what is asked there.

    ``service`` is the name of the Cloud Run service that this process is part of; empty
    everywhere but on Google Cloud.
    """

    project: str = ""
    topic: str = "whatsapp-inbound"
    pubsub_emulator: str = ""
    firestore_emulator: str = ""
    pubsub_endpoint: str = "pubsub.googleapis.com"
    metadata_host: str = "metadata.google.internal"
    storage_emulator: str = ""
    service: str = ""


def read(settings: Settings) -> GoogleSettings:
    """Read the settings."""
    defaults = GoogleSettings()
    return GoogleSettings(
        project=settings.word("GOOGLE_CLOUD_PROJECT"),
        topic=settings.word("PUBSUB_TOPIC", defaults.topic),
        pubsub_emulator=settings.host("PUBSUB_EMULATOR_HOST"),
        firestore_emulator=settings.host("FIRESTORE_EMULATOR_HOST"),
        pubsub_endpoint=settings.host("PUBSUB_ENDPOINT", defaults.pubsub_endpoint),
        metadata_host=settings.host("GCE_METADATA_HOST", defaults.metadata_host),
        storage_emulator=settings.host("STORAGE_EMULATOR_HOST"),
        service=settings.text("K_SERVICE"),
    )
