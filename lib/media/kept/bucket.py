"""Media kept in a bucket of Cloud Storage, whose life cycle deletes them after a day or two."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from lib.errors import StoreError
from lib.media.kept.addresses import Addresses, Place, safe_name
from lib.media.kept.lifetime import require_keepable
from lib.media.kept.objects import Objects
from lib.ports.clock import Clock
from lib.ports.media_store import StoredMedium

_NAME = "name"
_UNKNOWN = "application/octet-stream"


class BucketStore:
    """Implements the port. What is put again replaces what was there: it has a day once more."""

    def __init__(self, objects: Objects, addresses: Addresses, clock: Clock) -> None:
        self._objects = objects
        self._addresses = addresses
        self._clock = clock

    def find(self, owner: str, key: str) -> str:
        """Return the URL of a medium, if it is kept; see the port."""
        place = self._addresses.place(owner, key)
        found = self._objects.look(_object(place))
        if found is None:
            return ""
        kept_at, name = _facts(found)
        is_fresh = self._addresses.lifetime.is_fresh(kept_at, self._clock())
        return self._addresses.url(place, name, kept_at) if is_fresh else ""

    def put(self, owner: str, key: str, medium: StoredMedium) -> str:
        """Keep a medium; see the port."""
        require_keepable(medium)
        # Taken before: an address never outlives the object.
        place, name, now = self._addresses.place(owner, key), safe_name(medium.name), self._clock()
        self._objects.insert(_object(place), medium.content_type, {_NAME: name}, medium.data)
        return self._addresses.url(place, name, now)

    def open(self, token: str, name: str) -> StoredMedium | None:
        """Return the medium at an address; see the port."""
        place = self._addresses.read(token, name)
        found = self._objects.read(_object(place)) if place else None
        if found is None:
            return None
        kind = found.headers.get("content-type", _UNKNOWN)
        return StoredMedium(found.body, kind, name)

    def kept(self, owner: str) -> Iterator[tuple[datetime, StoredMedium]]:
        """Give all media of a contact; see the port."""
        for name in self._objects.names(f"{self._addresses.folder(owner)}/"):
            told, found = self._objects.look(name), self._objects.read(name)
            if told is None or found is None:
                continue  # it has ended meanwhile
            kept_at, shown = _facts(told)
            kind = found.headers.get("content-type", _UNKNOWN)
            yield kept_at, StoredMedium(found.body, kind, shown)

    def delete(self, owner: str, among: Callable[[datetime], bool] | None = None) -> int:
        """Delete all media of a contact; see the port."""
        names = list(self._objects.names(f"{self._addresses.folder(owner)}/"))
        if among is not None:
            found = ((name, self._objects.look(name)) for name in names)
            names = [name for name, told in found if told is not None and among(_facts(told)[0])]
        for name in names:
            self._objects.delete(name)
        return len(names)


def _object(place: Place) -> str:
    return f"{place.owner}/{place.key}"


def _facts(found: dict[str, Any]) -> tuple[datetime, str]:
    try:
        kept_at = datetime.fromisoformat(found["timeCreated"]).astimezone(UTC)
        return kept_at, str(found["metadata"][_NAME])
    except (LookupError, TypeError, ValueError):
        raise StoreError("an object among the kept media is none of ours") from None
