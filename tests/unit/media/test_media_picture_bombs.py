"""Pictures that are made to harm, or were harmed on their way: each has its end, and its reason."""

import io
import random
import time
import zlib

import pytest
from PIL import Image

from lib.media.child import ChildLimits
from lib.media.errors import (
    MediaError,
    MediaLateError,
    MediaTooLargeError,
    MediaUnreadableError,
)
from lib.media.pictures.read import read_picture
from lib.media.sniff import kind_of
from tests.pictures import corners, opened, png, quarters, saved, turned
from tests.processes import ROOT

pytestmark = pytest.mark.thorough


def read(data, **limits):
    return read_picture(data, kind_of(data), ChildLimits(**limits))


def huge_png(width, height):
    """Of one bit a pixel, and a hundredth of a byte in the file."""
    return png(width, height, 1, 0, [bytes(width // 8 + 1)] * height)


def huge_gif(width, height):
    data = bytearray(saved(Image.new("P", (8, 8)), "GIF"))
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    data[6:10] = size
    at = data.index(b",", 13)
    data[at + 5 : at + 9] = size
    return bytes(data)


def huge_jpeg(width, height):
    data = bytearray(saved(Image.new("L", (8, 8)), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2) + width.to_bytes(2)
    return bytes(data)


def huge_webp(width, height):
    frames = [Image.new("RGB", (8, 8), "white")]
    later = Image.new("RGB", (8, 8))
    data = bytearray(saved(frames[0], "WEBP", save_all=True, append_images=[later]))
    assert data[12:16] == b"VP8X"
    data[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


@pytest.mark.parametrize(
    "made",
    [
        lambda: huge_png(30_000, 30_000),
        lambda: huge_gif(30_000, 30_000),
        lambda: huge_jpeg(30_000, 30_000),
        lambda: huge_webp(16_000, 16_000),
        lambda: huge_png(6_000, 6_000),
        lambda: huge_gif(65_535, 65_535),
    ],
    ids=["png", "gif", "jpeg", "webp", "png-36-megapixels", "largest-gif"],
)
def test_what_would_take_too_much_memory_is_refused_at_once(made):
    data = made()
    assert len(data) < 500_000
    with pytest.raises(MediaTooLargeError):
        read(data, cpu=2)


def test_what_still_fits_is_read():
    data = saved(quarters(5000, 5000), "PNG", compress_level=1)
    assert corners(read(data)) == "red green blue white"
    large = saved(quarters(16_000, 12_000, "L", "white black black white"), "JPEG")
    assert corners(read(large)) == "white black black white"


def test_less_memory_is_too_little_and_no_crash():
    with pytest.raises(MediaTooLargeError):
        read(saved(quarters(4500, 4500), "PNG", compress_level=1), memory=96 << 20)


def test_ten_thousand_frames_are_one():
    frames = [Image.new("L", (16, 16), shade) for shade in (0, 255)] * 5000
    first = quarters(16, 16)
    data = saved(first, "WEBP", save_all=True, append_images=frames[1:], duration=1, quality=1)
    started = time.monotonic()
    assert opened(read(data, cpu=2)).size == (16, 16)
    assert time.monotonic() - started < 10


def test_a_picture_that_is_drawn_a_hundred_thousand_times_ends():
    data = saved(Image.new("L", (3000, 3000), 255), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    bomb = data[:last] + data[last:-2] * 100_000 + b"\xff\xd9"
    assert len(bomb) < 16 << 20
    with pytest.raises(MediaLateError):
        read(bomb, cpu=1, seconds=20)


def test_text_in_a_picture_that_unpacks_to_much_is_not_unpacked():
    packer = zlib.compressobj(9)
    text = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    whole = saved(quarters(), "PNG")
    chunk = b"zTXtComment\0\0" + text
    sealed = (len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    with pytest.raises(MediaUnreadableError):
        read(whole[:33] + sealed + whole[33:], cpu=2)


HEIC = (ROOT / "tests/samples/pictures/turned.heic").read_bytes()
NOISE = Image.effect_noise((400, 300), 90).convert("RGB")
KINDS = {
    **{kind: saved(NOISE, kind) for kind in ("PNG", "GIF", "WEBP")},
    "JPEG": saved(NOISE, "JPEG", exif=turned(1)),
    "HEIC": HEIC,
}


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_off_is_unreadable(kind, part):
    data = KINDS[kind][: max(16, int(len(KINDS[kind]) * part))]
    with pytest.raises(MediaUnreadableError):
        read(data)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_a_signature_is_unreadable(kind):
    start = KINDS[kind][:16]
    noise = random.Random(1).randbytes(5000)  # noqa: S311 - the same bytes each time
    for rest in (bytes(5000), b"\xff" * 5000, noise):
        with pytest.raises(MediaError):
            read(start + rest)


@pytest.mark.parametrize("kind", KINDS)
def test_a_byte_that_is_another_breaks_nothing(kind):
    for at in range(20, len(KINDS[kind]), len(KINDS[kind]) // 9):
        data = bytearray(KINDS[kind])
        data[at] ^= 0xFF
        try:
            assert opened(read(bytes(data))).size[0] <= 1568
        except MediaError:
            continue


def test_damage_in_the_data_about_its_making_costs_no_picture():
    exif = turned(6).tobytes()
    for broken in (exif[:20], exif[:6] + bytes(30), exif.replace(b"MM\0*", b"MM\xff\xff")):
        data = saved(quarters(), "JPEG", exif=broken)
        assert opened(read(data)).size in {(96, 64), (64, 96)}


def test_a_program_in_a_picture_is_only_a_picture():
    script = b"#!/bin/sh\necho harm\n"
    file = io.BytesIO()
    quarters().save(file, "GIF", comment=script)
    assert script in file.getvalue()
    assert script not in read(file.getvalue()).data
