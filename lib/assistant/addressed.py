"""Showing pictures to assistants that take addresses, not bytes: each is kept for a day."""

import hashlib
import logging
from typing import Any, NamedTuple

from lib import loopback
from lib.errors import StoreError
from lib.model import Picture, Question
from lib.ports.media_store import MediaStore, StoredMedium

_log = logging.getLogger(__name__)


class Addressed(NamedTuple):
    """A picture and where it can be fetched."""

    picture: Picture
    url: str


def addressed(question: Question, store: MediaStore, assistant_url: str) -> tuple[Addressed, ...]:
    """Keep the pictures of a question for its assistant; none where it could not fetch them.

    The same picture has the same place, however often it is asked about.
    """
    try:
        urls = [_keep(one, question.contact, store) for one in question.pictures]
    except StoreError as error:
        facts = {"code": error.code, "reason": str(error)}
        _log.error("pictures not kept for the assistant", extra=facts)
        return ()
    if any(map(_is_here, urls)) and not _is_here(assistant_url):
        return ()
    return tuple(map(Addressed, question.pictures, urls))


def _is_here(url: str) -> bool:
    try:
        return loopback.is_loopback(url)
    except ValueError:
        return False


def fields(pictures: tuple[Addressed, ...]) -> dict[str, Any]:
    """Return what a request says of them.

    ``image_url`` is what sunholo's VACs know, for one picture; ``documents`` is Aitana's list.
    """
    documents = [
        {
            "type": "image",
            "name": url.rpartition("/")[2],
            "url": url,
            "contentType": picture.content_type,
            "size": len(picture.data),
        }
        for picture, url in pictures
    ]
    return {"image_url": pictures[0].url, "documents": documents}


def _keep(picture: Picture, contact: str, store: MediaStore) -> str:
    ending = picture.content_type.rpartition("/")[2]
    medium = StoredMedium(picture.data, picture.content_type, f"picture.{ending}")
    return store.put(contact, hashlib.sha256(picture.data).hexdigest(), medium)
