"""Media kept in a folder of this machine, one file each."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from lib.media.kept.addresses import Addresses, Place, safe_name
from lib.media.kept.files import Head, kept_at, look, read, remove_if_empty, told, write
from lib.media.kept.lifetime import NotKeptError, require_keepable
from lib.ports.clock import Clock
from lib.ports.media_store import StoredMedium

MOST_FILES, MOST_KEPT = 10_000, 1024**3
"""Files, and bytes of all of them: a day's media of a busy number."""

_SWEEP_EVERY = timedelta(hours=1)


class FolderStore:
    """Implements the port; a process has one for its folder, and no other process uses that.

    More than it may hold is refused, not made room for: what is there may be fetched any moment.
    """

    def __init__(
        self,
        folder: Path,
        addresses: Addresses,
        clock: Clock,
        *,
        most_files: int = MOST_FILES,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self._folder = folder
        self._addresses = addresses
        self._lifetime = addresses.lifetime
        self._clock = clock
        self._most = (most_files, most_kept)
        self._lock = threading.Lock()
        self._kept = (0, 0)
        self._swept_at: datetime | None = None

    def find(self, owner: str, key: str) -> str:
        """Return the URL of a medium, if it is kept; see the port."""
        place = self._addresses.place(owner, key)
        with told("read"):
            found = look(self._path(place))
        if found is None or not self._lifetime.is_fresh(found[1], self._clock()):
            return ""
        head, since = found
        return self._addresses.url(place, head.name, since)

    def put(self, owner: str, key: str, medium: StoredMedium) -> str:
        """Keep a medium; see the port."""
        require_keepable(medium)
        place, name, now = self._addresses.place(owner, key), safe_name(medium.name), self._clock()
        with self._lock, told("kept"):
            self._make_room(len(medium.data), now)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write(self._path(place), Head(medium.content_type, name), medium.data, now)
        return self._addresses.url(place, name, now)

    def open(self, token: str, name: str) -> StoredMedium | None:
        """Return the medium at an address; see the port."""
        place = self._addresses.read(token, name)
        if place is None:
            return None
        with told("read"):
            found = read(self._path(place))
        if found is None:
            return None
        head, data = found
        return StoredMedium(data, head.content_type, name)

    def kept(self, owner: str) -> Iterator[tuple[datetime, StoredMedium]]:
        """Give all media of a contact; see the port."""
        folder = self._folder / self._addresses.folder(owner)
        with told("read"):
            files = sorted(folder.glob("[!.]*")) if folder.is_dir() else []
        for file in files:
            with told("read"):
                since, found = look(file), read(file)
            if since is not None and found is not None:
                head, data = found
                yield since[1], StoredMedium(data, head.content_type, head.name)

    def delete(self, owner: str, among: Callable[[datetime], bool] | None = None) -> int:
        """Delete all media of a contact; see the port."""
        folder = self._folder / self._addresses.folder(owner)
        with self._lock, told("deleted"):
            files = list(folder.iterdir()) if folder.is_dir() else []
            files = [one for one in files if among is None or among(kept_at(one.stat()))]
            for file in files:
                file.unlink()
            remove_if_empty(folder)
        return sum(not file.name.startswith(".") for file in files)

    def sweep(self) -> None:
        """Delete what has lived its time.

        Raises:
            StoreError: some of it may be left.
        """
        with self._lock, told("deleted"):
            self._sweep(self._clock())

    def _make_room(self, size: int, now: datetime) -> None:
        """Count one more file. What is there is counted at each sweep, and before any refusal."""
        if self._swept_at is None or now - self._swept_at >= _SWEEP_EVERY or self._is_full(size):
            self._sweep(now)
        if self._is_full(size):
            raise NotKeptError("as many media are kept as may be")
        files, kept = self._kept
        self._kept = (files + 1, kept + size)

    def _is_full(self, size: int) -> bool:
        (files, kept), (most_files, most_kept) = self._kept, self._most
        return files + 1 > most_files or kept + size > most_kept

    def _sweep(self, now: datetime) -> None:
        files, kept = 0, 0
        for file in self._files():
            found = file.stat()
            if now - kept_at(found) >= self._lifetime.whole:
                file.unlink()
                remove_if_empty(file.parent)
            else:
                files, kept = files + 1, kept + found.st_size
        self._kept, self._swept_at = (files, kept), now

    def _files(self) -> Iterator[Path]:
        for owner in list(self._folder.iterdir()) if self._folder.is_dir() else []:
            yield from list(owner.iterdir())

    def _path(self, place: Place) -> Path:
        return self._folder / place.owner / place.key
