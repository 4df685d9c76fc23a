"""What media add to a month's bill: those that are read, those that are given out, and voices."""

from dataclasses import dataclass

from operations import usage
from operations.prices import (
    CPU_SECOND,
    HEARD_MINUTE,
    MEMORY_GIB_SECOND,
    REQUEST,
    SENT_BYTE,
    SPOKEN_CHARACTER,
    STORAGE_READ,
    STORAGE_WRITE,
    STORED_GIB_MONTH,
    Price,
)

_DAYS = 30


@dataclass(frozen=True, slots=True)
class Media:
    """A month: media that are ``read`` of messages, and those ``given`` out by address.

    ``minutes`` of recordings are put into words, ``characters`` of answers are spoken, at so many
    dollars a minute, and a million characters.
    """

    read: int = 0
    given: int = 0
    minutes: float = 0.0
    characters: float = 0.0
    minute_price: float = HEARD_MINUTE.dollars
    characters_price: float = SPOKEN_CHARACTER.dollars


@dataclass(frozen=True, slots=True)
class Use:
    """How much of what, and its price. The functions' share is added to theirs."""

    name: str
    amount: float
    price: Price


def others(media: Media) -> list[Use]:
    """Return what is used beside the functions."""
    given = media.given
    heard = Price(media.minute_price, HEARD_MINUTE.unit, 0, HEARD_MINUTE.page)
    spoken = Price(media.characters_price, SPOKEN_CHARACTER.unit, 0, SPOKEN_CHARACTER.page)
    kept = given * usage.KEPT_BYTES * usage.KEPT_DAYS / _DAYS / 2**30
    return [
        Use("Storage, GiB for the month", kept, STORED_GIB_MONTH),
        Use("Storage, writes", given, STORAGE_WRITE),
        Use("Storage, reads", given * usage.FETCHES, STORAGE_READ),
        Use("Network, bytes of media", given * usage.KEPT_BYTES, SENT_BYTE),
        Use("Voice, minutes put into words", media.minutes, heard),
        Use("Voice, characters spoken", media.characters, spoken),
    ]


def requests(media: Media) -> float:
    """Return the requests to the function that serves media."""
    return media.given * usage.FETCHES


def serving_seconds(media: Media) -> float:
    """Return how long its instances are billed: by chance, seldom for two at once."""
    return requests(media) * usage.SERVING_SECONDS


def reading_seconds(media: Media) -> float:
    """Return how long the responder reads; one medium at a time in an instance."""
    return media.read * usage.READING_SECONDS


def per_thousand() -> tuple[float, float]:
    """Return the dollars for a thousand media that are read, and for as many that are given out.

    Without anything free in a month.
    """
    seconds, size = usage.READING_SECONDS, usage.RESPONDER
    read = _instance(seconds, size)
    given = _instance(usage.FETCHES * usage.SERVING_SECONDS, usage.MEDIA)
    given += usage.FETCHES * REQUEST.dollars / REQUEST.unit
    given += sum(one.amount / one.price.unit * one.price.dollars for one in others(Media(given=1)))
    return 1000 * read, 1000 * given


def _instance(seconds: float, size: usage.Instance) -> float:
    return seconds * (size.cpus * CPU_SECOND.dollars + size.gib * MEMORY_GIB_SECOND.dollars)
