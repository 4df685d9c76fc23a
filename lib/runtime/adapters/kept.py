"""The adapters of media that are kept: by us for others to fetch, and at Twilio before that."""

from typing import TYPE_CHECKING

from lib.errors import ConfigurationError
from lib.runtime.adapters.parts import Parts, now, once
from lib.settings.media_urls import media_urls

if TYPE_CHECKING:
    from lib.media.kept.folder import FolderStore
    from lib.ports.media_store import MediaStore
    from lib.twilio.media import MediaFetcher


class KeptMedia(Parts):
    """Those of the parts that have to do with it; many processes use none of them."""

    @once
    def media_store(self) -> "MediaStore | None":
        """Where media are kept that others fetch; None where nobody could."""
        urls = media_urls(self.config, local=self.local)
        if urls.off:
            return None
        if self.local:
            return self.media_folder()
        from lib.runtime.adapters import media

        return media.bucket(self.config, urls.base, now)

    @once
    def media_folder(self) -> "FolderStore":
        """The folder of media of a standalone gateway."""
        from lib.runtime import local_data
        from lib.runtime.adapters import media

        base, data = media_urls(self.config, local=True).base, self.config.data_dir
        key = self.config.media.signing_key.encode() or local_data.signing_key(data)
        return media.folder(local_data.media_folder(data), base, key, now)

    def served_media(self) -> "MediaStore | None":
        """What is served to others; None on a machine that they cannot reach.

        Raises:
            ConfigurationError: on Google Cloud, something is not set for it.
        """
        store = self.media_store()
        if store is None and not self.local:
            raise ConfigurationError(media_urls(self.config, local=False).off)
        return store

    def sweep_media(self) -> None:
        """Delete what a standalone gateway has kept of media for longer than a day."""
        from lib.runtime import local_data

        if local_data.media_folder(self.config.data_dir).exists():
            self.media_folder().sweep()

    @once
    def media_fetcher(self) -> "MediaFetcher":
        """What deletes media at Twilio."""
        from lib.runtime.adapters import media

        return media.fetcher(self.config)

    def delete_medium(self, url: str, seconds: float) -> None:
        """Delete a medium at Twilio; loaded with the first one."""
        self.media_fetcher().delete(url, seconds)
