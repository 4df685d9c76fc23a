"""A recording out of a browser as WhatsApp sends it: Opus moved from WebM into Ogg.

Chromium records Opus in WebM only. The packets stay as they are; nothing is decoded.
Sources: RFC 8794 (EBML), RFC 9559 (Matroska), RFC 3533 (Ogg), RFC 7845 (Opus in Ogg), RFC 6716
section 3.1 (the first byte of a packet).
"""

import struct
import zlib
from collections.abc import Iterator, Sequence

MOST_BYTES = 16 * 1024 * 1024

_MASTERS = frozenset({0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0})
"""Segment, Tracks, TrackEntry, Cluster, BlockGroup: their content is read, not passed over."""

_TRACK_NUMBER, _CODEC_PRIVATE, _SIMPLE_BLOCK, _BLOCK = 0xD7, 0x63A2, 0xA3, 0xA1
_MOST_ELEMENTS = 200_000
"""More than an hour of packets."""

_EBML = b"\x1a\x45\xdf\xa3"
_LACED = 0x06
_HEAD = b"OpusHead"
_TAGS = b"OpusTags" + struct.pack("<I", 9) + b"simulator" + struct.pack("<I", 0)
_SERIAL = 1
_BEGIN, _END = 2, 4
_PER_PAGE = 50
"""Packets: a second of them, of 20 ms each."""

_MOST_SEGMENTS = 255
_FRAMES = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4
"""Samples of a frame at 48 kHz, by the configuration that a packet names."""

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class WebmError(ValueError):
    """A recording that cannot be moved; says why."""


def ogg_of(webm: bytes) -> bytes:
    """Return the Opus of a WebM file as an Ogg file.

    Raises:
        WebmError: it is no such file, or too large.
    """
    if not webm.startswith(_EBML) or len(webm) > MOST_BYTES:
        raise WebmError("no WebM of at most 16 MB")
    head, tracks, packets = b"", 0, []
    for name, content in _elements(webm):
        tracks += name == _TRACK_NUMBER
        if name == _CODEC_PRIVATE and content.startswith(_HEAD):
            head = content
        elif name in {_SIMPLE_BLOCK, _BLOCK} and (packet := _packet(content)):
            packets.append(packet)
    if tracks != 1 or not head or not packets:
        raise WebmError("not one track of Opus")
    return b"".join(_pages(head, packets))


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every element with its content; a file that was cut ends where it was cut.

    Masters have no known size where a browser writes while it records, and need none.
    """
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if at >= len(data):
            return
        name, at = _number(data, at, marked=True)
        size, at = _number(data, at, marked=False)
        if name in _MASTERS:
            continue
        if at + size > len(data):
            return
        yield name, data[at : at + size]
        at += size
    raise WebmError("too many parts")


def _number(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """Return a number of one to eight bytes, and where it ends; names keep their length mark."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    raw = data[at : at + length]
    if not first or len(raw) < length:
        raise WebmError("cut or damaged")
    value = int.from_bytes(raw)
    return (value if marked else value & ((1 << 7 * length) - 1)), at + length


def _packet(block: bytes) -> bytes:
    """What a block holds behind its track, time and flags."""
    _track, at = _number(block, 0, marked=False)
    if len(block) < at + 3:
        raise WebmError("cut or damaged")
    if block[at + 2] & _LACED:
        raise WebmError("several packets in a block")
    return block[at + 3 :]


def _pages(head: bytes, packets: Sequence[bytes]) -> Iterator[bytes]:
    yield _page([head], 0, 0, _BEGIN)
    yield _page([_TAGS], 0, 1, 0)
    granule, number, page = 0, 2, list[bytes]()
    for packet in packets:
        if page and not _has_room(page, packet):
            yield _page(page, granule, number, 0)
            number, page = number + 1, []
        page.append(packet)
        granule += _samples(packet)
    yield _page(page, granule, number, _END)


def _has_room(page: Sequence[bytes], packet: bytes) -> bool:
    segments = sum(len(one) // 255 + 1 for one in (*page, packet))
    return len(page) < _PER_PAGE and segments <= _MOST_SEGMENTS


def _samples(packet: bytes) -> int:
    """How long a packet plays, at 48 kHz."""
    code = packet[0] & 3
    count = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[code]
    return _FRAMES[packet[0] >> 3] * count


def _page(packets: Sequence[bytes], granule: int, number: int, flags: int) -> bytes:
    lacing = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    if len(lacing) > _MOST_SEGMENTS:
        raise WebmError("a packet too large")
    fixed = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, _SERIAL, number, 0)
    page = fixed + bytes([len(lacing)]) + lacing + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    """Ogg's CRC: that of zlib with all bits in the opposite order, and nothing inverted."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
