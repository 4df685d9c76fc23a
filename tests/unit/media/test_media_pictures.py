"""What assistants get of people's pictures: upright, small, on white, and nothing but pixels."""

import pytest
from PIL import Image

from lib.media.errors import MediaUnreadableError, MediaUnsupportedError
from lib.media.pictures.read import read_picture
from lib.media.sniff import Kind, kind_of
from tests.pictures import corners, opened, png, quarters, saved, turned
from tests.processes import ROOT

pytestmark = pytest.mark.slow

# Made with pillow-heif, which can write them: red, green, blue and white, to be turned by 90
# degrees as its container and its EXIF both say.
HEIC = (ROOT / "tests/samples/pictures/turned.heic").read_bytes()


def read(data):
    return read_picture(data, kind_of(data))


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [
        (1, "red green blue white"),
        (2, "green red white blue"),
        (3, "white blue green red"),
        (4, "blue white red green"),
        (5, "red blue green white"),
        (6, "blue red white green"),
        (7, "white green blue red"),
        (8, "green white red blue"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_as_it_is_meant_to_be_seen(kind, orientation, seen):
    picture = read(saved(quarters(), kind, exif=turned(orientation)))
    assert corners(picture) == seen
    assert opened(picture).size == ((64, 96) if orientation > 4 else (96, 64))


def test_a_picture_of_a_phone_s_own_kind_is_turned_once():
    picture = read(HEIC)
    assert corners(picture) == "blue red white green"
    assert opened(picture).size == (64, 96)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_its_making_is_left(kind):
    data = saved(quarters(), kind, exif=turned(1), icc_profile=b"profile" * 30, comment=b"remark")
    assert b"Maker of cameras" in data
    picture = read(data)
    assert not {b"Exif", b"Maker", b"profile", b"remark"} & {
        word for word in (b"Exif", b"Maker", b"profile", b"remark") if word in picture.data
    }
    assert not opened(picture).getexif()


def test_nothing_of_a_phone_s_own_kind_is_left():
    assert b"Exif" in HEIC
    assert b"Exif" not in read(HEIC).data


def test_what_follows_a_picture_does_not_go_with_it():
    for kind in ("JPEG", "PNG", "GIF"):
        data = saved(quarters(), kind) + b"PK\x03\x04 something else"
        picture = read(data)
        assert corners(picture) == "red green blue white"
        assert b"something else" not in picture.data


@pytest.mark.parametrize(
    ("size", "seen"),
    [
        ((4000, 3000), (1568, 1176)),
        ((3000, 4000), (1176, 1568)),
        ((1568, 1000), (1568, 1000)),
        ((20_000, 10), (1568, 1)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_shrunk_and_a_small_one_is_not_blown_up(kind, size, seen):
    picture = read(saved(Image.new("RGB", size, "red"), kind, exif=turned(1)))
    assert opened(picture).size == seen
    assert opened(picture).getpixel((0, 0))[0] > 240


def test_a_large_picture_keeps_its_corners():
    assert corners(read(saved(quarters(6000, 4000), "JPEG"))) == "red green blue white"


def test_a_photograph_as_it_comes_is_passed_on_untouched():
    data = saved(quarters(1600, 1200), "JPEG", quality=80)
    assert read(data).data == data


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg(mode, progressive):
    colours = "white black black white" if mode == "L" else "red green blue white"
    data = saved(quarters(2000, 1200, mode, colours), "JPEG", progressive=progressive)
    assert corners(read(data)) == colours


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1", "I;16"])
@pytest.mark.parametrize("size", [(96, 64), (2000, 1200)])
def test_every_kind_of_png(mode, size):
    grey = mode in {"L", "LA", "1", "I;16"}
    colours = "white black black white" if grey else "red green blue white"
    picture = quarters(*size, "L" if mode == "I;16" else mode, colours)
    if mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 257).convert("I;16")
    assert corners(read(saved(picture, "PNG"))) == colours


def test_shades_of_sixteen_bits_are_neither_cut_off_nor_lost():
    row = b"\0" + b"".join((value * 655).to_bytes(2) for value in range(100))
    seen = opened(read(png(100, 20, 16, 0, [row] * 20))).convert("L")
    assert [abs(seen.getpixel((at, 9)) - at * 655 // 256) < 6 for at in range(100)] == [True] * 100


def test_colours_of_sixteen_bits():
    row = b"\0" + b"\xff\xff\0\0\0\0" * 20
    assert corners(read(png(20, 20, 16, 2, [row] * 20))) == "red red red red"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(96, 64), (2000, 1200)])
def test_what_is_transparent_is_white(kind, size):
    picture = quarters(*size, "RGBA")
    width, height = size
    picture.paste((0, 0, 0, 0), (0, 0, width // 2, height // 2))
    assert corners(read(saved(picture, kind))) == "white green blue white"


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_a_colour_that_stands_for_none_is_white(mode):
    picture = quarters(2000, 1200, mode, "black white white black")
    key = {"RGB": (0, 0, 0), "L": 0, "P": picture.getpixel((0, 0))}[mode]
    data = saved(picture, "PNG", transparency=key)
    assert corners(read(data)) == "white white white white"


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "PNG"])
def test_of_an_animation_it_is_the_first_frame(kind):
    later = [quarters(corners="black black black black")] * 3
    data = saved(quarters(), kind, save_all=True, append_images=later, duration=40)
    assert corners(read(data)) == "red green blue white"


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.MP4, Kind.TEXT, Kind.UNKNOWN, Kind.ZIP])
def test_other_kinds_are_not_read(kind):
    with pytest.raises(MediaUnsupportedError):
        read_picture(b"something", kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_unreadable(kind):
    with pytest.raises(MediaUnreadableError):
        read_picture(b"", kind)
