"""Where media lie for a while that somebody else fetches by URL: Twilio, or an assistant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

EXPORT_NAME = "export.zip"
"""What a person's export is called, and the end of its address. No other medium has this name."""


@dataclass(frozen=True, slots=True)
class StoredMedium:
    """One medium as it is served. ``name`` is shown to people, and has an ending."""

    data: bytes
    content_type: str
    name: str


class MediaStore(Protocol):
    """Keeps media for a day behind URLs that nobody can guess: a bucket, or a folder.

    What is made for a person to fetch themselves is kept for an hour.

    ``owner`` is the contact whose they are, ``key`` what names one among all of theirs: what is
    made again under the same key is the same medium.
    """

    def find(self, owner: str, key: str) -> str:
        """Return the URL of a medium that is kept, signed anew; empty if there is none.

        Raises:
            StoreError: nobody can tell now.
        """

    def put(self, owner: str, key: str, medium: StoredMedium) -> str:
        """Keep a medium for its time, and return its URL.

        Raises:
            StoreError: it may not be kept.
        """

    def open(self, token: str, name: str) -> StoredMedium | None:
        """Return the medium that a URL's parts name; None where it is none of ours, or is over.

        Raises:
            StoreError: nobody can tell now.
        """

    def kept(self, owner: str) -> Iterator[tuple[datetime, StoredMedium]]:
        """Give all media of a contact, each with the time since when it is kept.

        Raises:
            StoreError: nobody can tell now.
        """

    def delete(self, owner: str, among: Callable[[datetime], bool] | None = None) -> int:
        """Delete all media of a contact, and return how many there were.

        ``among`` says of the time since when one is kept whether it goes; without it all do.

        Raises:
            StoreError: some may be left; to be called again.
        """
