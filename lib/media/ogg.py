"""How long an Ogg recording is, from its pages alone: nothing is decoded.

Sources: RFC 3533 (pages), RFC 7845 (Opus in Ogg: pre-skip, granules of 48,000 a second), RFC 6716,
section 3.1 (how long a packet of Opus is), and the Vorbis I specification, section 4.2.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_MARK, _HEAD = b"OggS", 27
_MOST_PAGES = 100_000
_NO_GRANULE = (1 << 64) - 1
_OPUS, _OPUS_RATE, _OPUS_HEADERS = b"OpusHead", 48_000, 2
_VORBIS = b"\x01vorbis"
_WHOLE = 255
# Samples of one frame, by the first five bits of a packet: SILK, both, CELT.
_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
_FRAMES = (*_SILK * 3, *_HYBRID * 2, *_CELT * 4)


@dataclass(slots=True)
class _Stream:
    """One of the streams in a file: its rate, and how far it goes, by granules and by packets."""

    rate: int
    skipped: int = 0
    is_opus: bool = False
    packets: int = 0
    granule: int = 0
    samples: int = 0

    @property
    def seconds(self) -> float:
        return max(0, max(self.granule, self.samples) - self.skipped) / self.rate


@dataclass(frozen=True, slots=True)
class _Page:
    continues: bool
    granule: int
    serial: int
    segments: bytes
    start: int


def ogg_seconds(data: bytes, most: float) -> float | None:
    """Return how long a recording is: all its streams of Opus and Vorbis, one after another.

    None where it has neither, or more pages than any that is heard. What says that it is short and
    is not is counted by its packets.
    The work is bounded: beyond ``most`` seconds nothing is counted.
    """
    streams: dict[int, _Stream | None] = {}
    done = 0.0
    for number, page in enumerate(_pages(data)):
        if number == _MOST_PAGES:
            return None
        if page.serial not in streams:
            streams[page.serial] = _opened(data[page.start : page.start + 19])
        stream = streams[page.serial]
        if stream is None:
            continue
        before = stream.seconds
        if page.granule != _NO_GRANULE:
            stream.granule = max(stream.granule, page.granule)
        if stream.is_opus:
            _count(stream, page, data, most)
        done += stream.seconds - before
        if done > most:
            break
    return done if any(streams.values()) else None


def _pages(data: bytes) -> Iterator[_Page]:
    place = data.find(_MARK)
    while 0 <= place <= len(data) - _HEAD:
        start = place + _HEAD + data[place + 26]
        segments = data[place + _HEAD : start]
        granule = int.from_bytes(data[place + 6 : place + 14], "little")
        serial = int.from_bytes(data[place + 14 : place + 18], "little")
        yield _Page(bool(data[place + 5] & 1), granule, serial, segments, start)
        place = data.find(_MARK, start + sum(segments))


def _opened(head: bytes) -> _Stream | None:
    if head.startswith(_OPUS):
        skipped = int.from_bytes(head[10:12], "little")
        return _Stream(_OPUS_RATE, skipped, is_opus=True)
    rate = int.from_bytes(head[12:16], "little")
    return _Stream(rate) if head.startswith(_VORBIS) and rate else None


def _count(stream: _Stream, page: _Page, data: bytes, most: float) -> None:
    """Count the packets of Opus that begin on a page; the first ones are headers."""
    begins, place = not page.continues, page.start
    enough = stream.samples + (most + 1) * stream.rate
    for length in page.segments:
        stream.packets += begins
        if begins and stream.packets > _OPUS_HEADERS:
            stream.samples += _samples(data[place : place + 2])
        place += length
        begins = length < _WHOLE
        if stream.samples > enough:
            return


def _samples(packet: bytes) -> int:
    if not packet:
        return 0
    frame, code = _FRAMES[packet[0] >> 3], packet[0] & 3
    if code < 3:  # noqa: PLR2004 - one frame, two, two
        return frame * min(2, 1 + code)
    return frame * max(1, packet[1] & 63) if len(packet) > 1 else frame
