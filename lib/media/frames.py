"""How long a recording is that consists of frames, from the heads of these: MP3, AAC, AMR.

Sources: ISO/IEC 11172-3 and 13818-3 (MP3), ISO/IEC 13818-7 (ADTS), RFC 4867, section 5 (AMR).
"""

from collections.abc import Callable
from functools import partial

_MOST_STEPS = 200_000
Frame = tuple[int, float]
"""The bytes of a frame, and its seconds."""

_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025)
_AAC_RATES = (*_RATES, 8_000, 7_350)
_AAC_SAMPLES = 1_024
_MP3_RATES = (44_100, 48_000, 32_000)
_MP3_KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_LOW_KILOBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_LAYER_3, _VERSION_1, _NO_VERSION = 1, 3, 1
_ID3, _ID3_HEAD = b"ID3", 10
_AMR_SECONDS = 0.02
# By the mode, with the byte that tells it.
_AMR_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
_AMR_WIDE_SIZES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)


def mp3_seconds(data: bytes, most: float) -> float | None:
    """Return how long an MP3 is; None where no frames are found.

    Of this and all others: the work is bounded, and beyond ``most`` seconds nothing is counted.
    """
    start = 0
    if data.startswith(_ID3) and len(data) > _ID3_HEAD:
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 127
        start = _ID3_HEAD + size
    return _walked(data, start, most, _mp3)


def aac_seconds(data: bytes, most: float) -> float | None:
    """Return how long AAC in ADTS is; None where no frames are found."""
    return _walked(data, 0, most, _aac)


def amr_seconds(data: bytes, most: float) -> float | None:
    """Return how long an AMR recording is; None where it has several channels."""
    for mark, sizes in ((b"#!AMR\n", _AMR_SIZES), (b"#!AMR-WB\n", _AMR_WIDE_SIZES)):
        if data.startswith(mark):
            return _walked(data, len(mark), most, partial(_amr, sizes))
    return None


def _walked(
    data: bytes, place: int, most: float, frame: Callable[[bytes], Frame | None]
) -> float | None:
    seconds = 0.0
    for _ in range(_MOST_STEPS):
        if place >= len(data) or seconds > most:
            return seconds or None
        found = frame(data[place : place + 7])
        if found is None:
            after = data.find(b"\xff", place + 1)
            place = after if after > 0 else len(data)
            continue
        place += found[0]
        seconds += found[1]
    return None


def _mp3(head: bytes) -> Frame | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] < 0xE0:  # noqa: PLR2004 - eleven bits of sync
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, kilobits = head[2] >> 2 & 3, head[2] >> 4
    is_known = layer == _LAYER_3 and version != _NO_VERSION and rate < len(_MP3_RATES)
    if not is_known or not 0 < kilobits < len(_MP3_KILOBITS):
        return None
    is_first = version == _VERSION_1
    hertz = _MP3_RATES[rate] // (1 if is_first else 2 if version else 4)
    thousands = (_MP3_KILOBITS if is_first else _MP3_LOW_KILOBITS)[kilobits]
    samples = 1_152 if is_first else 576
    return samples // 8 * thousands * 1_000 // hertz + (head[2] >> 1 & 1), samples / hertz


def _aac(head: bytes) -> Frame | None:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:  # noqa: PLR2004 - a whole head
        return None
    rate, size = head[2] >> 2 & 15, (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate >= len(_AAC_RATES) or size < len(head):
        return None
    return size, _AAC_SAMPLES * (1 + (head[6] & 3)) / _AAC_RATES[rate]


def _amr(sizes: tuple[int, ...], head: bytes) -> Frame:
    mode = head[0] >> 3 & 15
    return sizes[mode] if mode < len(sizes) else 1, _AMR_SECONDS
