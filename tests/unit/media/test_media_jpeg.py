"""Which JPEGs go to assistants as they came."""

import random

import pytest
from PIL import Image

from lib.media.pictures.jpeg import is_fit
from tests.pictures import quarters, saved, turned

PLAIN = saved(quarters(1600, 1200), "JPEG")


def noise(side):
    return Image.effect_noise((side, side), 90).convert("RGB")


def segment(mark, content):
    return b"\xff" + bytes([mark]) + (len(content) + 2).to_bytes(2) + content


def with_segment(mark, content):
    return PLAIN[:2] + segment(mark, content) + PLAIN[2:]


@pytest.mark.parametrize(
    "made",
    [
        lambda: PLAIN,
        lambda: saved(quarters(1200, 1600), "JPEG", progressive=True, optimize=True),
        lambda: saved(quarters(1, 1), "JPEG"),
        lambda: saved(quarters().convert("L"), "JPEG"),
        lambda: saved(quarters(), "JPEG", icc_profile=b"profile" * 30),
        lambda: saved(noise(800), "JPEG", restart_marker_rows=1),
        lambda: with_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1"),
    ],
    ids=["plain", "progressive", "tiny", "grey", "colours", "restarts", "adobe"],
)
def test_what_whatsapp_and_cameras_write_is_fit(made):
    assert is_fit(made())


@pytest.mark.parametrize(
    "made",
    [
        lambda: saved(quarters(1602, 10), "JPEG"),
        lambda: saved(quarters(10, 1602), "JPEG"),
        lambda: saved(noise(1600), "JPEG", quality=95),
        lambda: saved(quarters(), "JPEG", exif=turned(1)),
        lambda: saved(quarters(), "JPEG", comment=b"remark"),
        lambda: saved(quarters().convert("CMYK"), "JPEG"),
        lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
        lambda: with_segment(0xE2, b"MPF\0second picture"),
        lambda: with_segment(0xED, b"Photoshop 3.0\0"),
        lambda: with_segment(0xE0, b"JFXX\0"),
        lambda: with_segment(0xC3, b"\x08\0\x10\0\x10\x01"),
        lambda: PLAIN + b"PK\x03\x04",
        lambda: PLAIN + PLAIN,
        lambda: PLAIN[:-2],
        lambda: PLAIN[:100] + b"\xff\xd9",
        lambda: b"",
        lambda: b"\xff\xd8\xff\xd9",
        lambda: b"\xff\xd8\xff\xe0\0\0\xff\xd9",
        lambda: b"\xff\xd8\xff\xe0\0\x01\xff\xd9",
        lambda: b"\xff\xd8" + segment(0xDB, b"x") * 200 + PLAIN[2:],
        lambda: saved(quarters(), "PNG"),
    ],
    ids=[
        *["wide", "high", "bytes", "exif", "comment", "inks", "xmp", "second", "photoshop"],
        *["thumbnail", "lossless", "archive", "twice", "no-end", "no-data", "empty"],
        *["no-parts", "no-length", "short-length", "parts", "png"],
    ],
)
def test_what_is_more_or_less_than_a_small_picture_is_not(made):
    assert not is_fit(made())


def test_a_picture_of_many_scans_is_not():
    data = saved(quarters(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert is_fit(data)
    assert not is_fit(data[:last] + data[last:-2] * 30 + b"\xff\xd9")


def test_a_size_that_comes_later_is_not_believed():
    at = PLAIN.index(b"\xff\xc0")
    frame = bytearray(PLAIN)
    frame[at + 5 : at + 7] = b"\0\0"
    assert not is_fit(bytes(frame))


def test_any_bytes_are_answered():
    chance = random.Random(1)  # noqa: S311 - the same bytes each time
    for _ in range(3000):
        data = bytearray(PLAIN)
        for _ in range(chance.randrange(1, 5)):
            data[chance.randrange(700)] = chance.randrange(256)
        assert is_fit(bytes(data)) in {True, False}
