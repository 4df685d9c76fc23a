"""Pictures of four colours, one in each quarter, and what is seen in the corners of others."""

import io
import struct
import zlib

from PIL import Image

COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
}


def quarters(width=96, height=64, mode="RGB", corners="red green blue white"):
    """A picture with these colours in its top left, top right, bottom left and bottom right."""
    picture = Image.new("RGB", (width, height))
    wide, high = width // 2, height // 2
    places = ((0, 0), (wide, 0), (0, high), (wide, high))
    for (left, top), name in zip(places, corners.split(), strict=True):
        picture.paste(COLOURS[name], (left, top, left + wide, top + high))
    return picture.convert(mode)


def saved(picture, kind, **options):
    """The bytes of a picture."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(picture):
    """A picture that assistants get, decoded."""
    assert picture.content_type == "image/jpeg"
    return Image.open(io.BytesIO(picture.data), formats=("JPEG",))


def corners(picture):
    """The names of the colours in its corners, in the order of ``quarters``."""
    seen = opened(picture).convert("RGB")
    right, bottom = seen.width - 3, seen.height - 3
    places = ((2, 2), (right, 2), (2, bottom), (right, bottom))
    return " ".join(_name(seen.getpixel(place)) for place in places)


def _name(colour):
    near = {n: sum(abs(a - b) for a, b in zip(c, colour, strict=True)) for n, c in COLOURS.items()}
    name = min(near, key=near.get)
    assert near[name] < 90, f"{colour} is no colour of those"
    return name


def turned(orientation):
    """EXIF that says how a picture is to be turned, who made it, and where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Maker of cameras"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0)})
    return exif


def png(width, height, depth, colour, rows):
    """A PNG of any size, whose rows are compressed as they come."""
    packer = zlib.compressobj(1)
    body = b"".join([*map(packer.compress, rows), packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name, content):
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
