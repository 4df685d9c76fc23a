"""How long a recording is, before anybody is paid for hearing it.

Told by the file's own marks, in bounded work, without decoding. Where these tell nothing, it is
reckoned from its bytes. Sources: RIFF's WAVE chunks; ISO/IEC 14496-12 (``mvhd``).
"""

from collections.abc import Callable, Iterator, Mapping

from lib.media.frames import aac_seconds, amr_seconds, mp3_seconds
from lib.media.ogg import ogg_seconds
from lib.media.sniff import Kind

SPARSE = 4_000
"""Bytes a second of a recording that does not tell its length, a WebM above all: as few as those
of a voice note, so that it is rather taken for too long."""

DENSE = 40_000
"""Bytes a second of the largest MP4 of sound: one that claims fewer seconds is not believed."""

_MOST_CHUNKS = 1_000
# Samples as they are, whole or as fractions, and a head with more to say of these.
_PLAIN = frozenset({1, 3, 0xFFFE})


def length(data: bytes, kind: Kind, most: float) -> float | None:
    """Return the seconds of a recording; None where it does not tell them.

    Beyond ``most`` seconds nothing is counted.
    """
    known = _LENGTHS.get(kind)
    return known(data, most) if known else None


def reckoned(data: bytes) -> float:
    """Return the seconds that a recording may have which does not tell them."""
    return len(data) / SPARSE


def _wav(data: bytes, _: float) -> float | None:
    place = 12
    for _ in range(_MOST_CHUNKS):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if name == b"fmt ":
            return _samples(data[place + 8 : place + 24], len(data))
        if not name:
            break
        place += 8 + size + size % 2
    return None


def _samples(form: bytes, size: int) -> float | None:
    kind, channels = (int.from_bytes(form[at : at + 2], "little") for at in (0, 2))
    hertz, bits = int.from_bytes(form[4:8], "little"), int.from_bytes(form[14:16], "little")
    bytes_a_second = hertz * channels * bits // 8
    return size / bytes_a_second if kind in _PLAIN and bytes_a_second else None


def _mp4(data: bytes, _: float) -> float | None:
    for start, end in _boxes(data, 0, len(data), b"moov"):
        for place, _ in _boxes(data, start, end, b"mvhd"):
            wide = 8 if data[place : place + 1] == b"\x01" else 4
            scale_at = place + 4 + 2 * wide
            scale = int.from_bytes(data[scale_at : scale_at + 4], "big")
            units = int.from_bytes(data[scale_at + 4 : scale_at + 4 + wide], "big")
            if scale and units:
                return max(units / scale, len(data) / DENSE)
    return None


def _boxes(data: bytes, place: int, end: int, name: bytes) -> Iterator[tuple[int, int]]:
    """Give where the contents of the boxes of a name begin and end."""
    for _ in range(_MOST_CHUNKS):
        size, head = int.from_bytes(data[place : place + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        if size < head or place + head > end:
            return
        if data[place + 4 : place + 8] == name:
            yield place + head, min(place + size, end)
        place += size


_LENGTHS: Mapping[Kind, Callable[[bytes, float], float | None]] = {
    Kind.OGG: ogg_seconds,
    Kind.MP3: mp3_seconds,
    Kind.AAC: aac_seconds,
    Kind.AMR: amr_seconds,
    Kind.WAV: _wav,
    Kind.MP4: _mp4,
}
