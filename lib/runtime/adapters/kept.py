"""The adapters of media that are kept: by us for others to fetch, and at Twilio before that."""

from functools import cached_property
from typing import TYPE_CHECKING

from lib.errors import ConfigurationError
from lib.runtime.adapters import media
from lib.settings.config import Config
from lib.settings.media_urls import MediaUrls, media_urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.media.kept.folder import FolderStore
    from lib.ports.clock import Clock
    from lib.ports.media_store import MediaStore
    from lib.twilio.media import MediaFetcher


class KeptMedia:
    """What a process has of it. ``store`` is None where nobody could fetch what is in it.

    ``exports`` is where people's exports lie for an hour; None there, too. ``local`` means one
    machine, whose data are in ``config.data_dir``, else Google Cloud.
    """

    def __init__(self, config: Config, clock: "Clock", *, local: bool) -> None:
        self._config = config
        self._local = local
        self._urls = media_urls(config, local=local)
        self._folders = tuple(_folders(config, self._urls, clock)) if local else ()
        self.store: MediaStore | None = None
        self.exports: MediaStore | None = None
        if not self._urls.off:
            kept = self._folders or media.buckets(config, self._urls.base, clock)
            self.store, self.exports = kept

    def served(self) -> "MediaStore | None":
        """Return what is served to others; None on a machine that they cannot reach.

        Raises:
            ConfigurationError: on Google Cloud, something is not set for it.
        """
        if self.store is None and not self._local:
            raise ConfigurationError(self._urls.off)
        return self.store

    def sweep(self) -> None:
        """Delete what this machine has kept for longer than its time."""
        for folder in self._folders:
            folder.sweep()

    @cached_property
    def fetcher(self) -> "MediaFetcher":
        """What deletes media at Twilio."""
        return media.fetcher(self._config)


def _folders(config: Config, urls: MediaUrls, clock: "Clock") -> "Iterator[FolderStore]":
    """Give the folders of this machine; none where nothing can be put there, and nothing is."""
    from lib.runtime import local_data

    kept = local_data.media_folder(config.data_dir), local_data.exports_folder(config.data_dir)
    if urls.off and not any(folder.exists() for folder in kept):
        return
    key = config.media.signing_key.encode() or local_data.signing_key(config.data_dir)
    yield from media.folders(*kept, urls.base, key, clock)
