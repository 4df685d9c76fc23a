"""The adapters of media that are kept: by us for others to fetch, and at Twilio before that."""

from functools import cached_property
from typing import TYPE_CHECKING

from lib.errors import ConfigurationError
from lib.runtime.adapters import media
from lib.settings.config import Config
from lib.settings.media_urls import MediaUrls, media_urls

if TYPE_CHECKING:
    from lib.media.kept.folder import FolderStore
    from lib.ports.clock import Clock
    from lib.ports.media_store import MediaStore
    from lib.twilio.media import MediaFetcher


class KeptMedia:
    """What a process has of it. ``store`` is None where nobody could fetch what is in it.

    ``local`` means one machine, whose data are in ``config.data_dir``, else Google Cloud.
    """

    def __init__(self, config: Config, clock: "Clock", *, local: bool) -> None:
        self._config = config
        self._local = local
        self._urls = media_urls(config, local=local)
        self._folder = _folder(config, self._urls, clock) if local else None
        self.store: MediaStore | None = None
        if not self._urls.off:
            self.store = self._folder or media.bucket(config, self._urls.base, clock)

    def served(self) -> "MediaStore | None":
        """Return what is served to others; None on a machine that they cannot reach.

        Raises:
            ConfigurationError: on Google Cloud, something is not set for it.
        """
        if self.store is None and not self._local:
            raise ConfigurationError(self._urls.off)
        return self.store

    def sweep(self) -> None:
        """Delete what this machine has kept for longer than a day."""
        if self._folder is not None:
            self._folder.sweep()

    @cached_property
    def fetcher(self) -> "MediaFetcher":
        """What deletes media at Twilio."""
        return media.fetcher(self._config)


def _folder(config: Config, urls: MediaUrls, clock: "Clock") -> "FolderStore | None":
    """The folder of this machine; None where nothing can be put there, and nothing is."""
    from lib.runtime import local_data

    folder = local_data.media_folder(config.data_dir)
    if urls.off and not folder.exists():
        return None
    key = config.media.signing_key.encode() or local_data.signing_key(config.data_dir)
    return media.folder(folder, urls.base, key, clock)
