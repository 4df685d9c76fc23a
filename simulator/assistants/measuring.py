"""What can be measured of a picture that an assistant is shown."""

import base64
import binascii
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.assistants import colours

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_MOST_BYTES = 8 * 1024 * 1024
_MOST_PIXELS = 50_000_000
_SIDE = 48
_QUARTERS = ((0, 0), (1, 0), (0, 1), (1, 1))


class MeasuringError(ValueError):
    """A picture that cannot be measured; says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A picture in figures and words; ``quarters`` are the colours of its corners' quarters."""

    width: int
    height: int
    kind: str
    size: int
    colours: tuple[tuple[str, int], ...]
    quarters: tuple[str, ...]
    brightness: str


def measured(url: str) -> Measured:
    """Measure the picture in a ``data:`` URL.

    Raises:
        MeasuringError: there is none, or too large a one.
    """
    # Here, so that nothing of it is loaded before there is a picture.
    from PIL import Image  # noqa: PLC0415 - see above

    data = _bytes(url)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
            width, height, kind = picture.width, picture.height, picture.format or ""
            pixels = [] if width * height > _MOST_PIXELS else _pixels(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MeasuringError("it cannot be opened") from error
    if not pixels:
        raise MeasuringError("it has too many pixels")
    return Measured(
        width,
        height,
        kind,
        len(data),
        tuple(colours.shares(pixels)),
        tuple(_quarter(pixels, *corner) for corner in _QUARTERS),
        colours.brightness(pixels),
    )


def _pixels(picture: "ImageFile") -> list[bytes]:
    """A small square of it, row by row."""
    picture.draft("RGB", (_SIDE * 2, _SIDE * 2))
    raw = picture.convert("RGB").resize((_SIDE, _SIDE)).tobytes()
    return [raw[at : at + 3] for at in range(0, len(raw), 3)]


def _bytes(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        raise MeasuringError("its address is elsewhere, and I fetch nothing")
    if len(body) > _MOST_BYTES * 4 // 3:
        raise MeasuringError("it is too large")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise MeasuringError("its data are damaged") from None


def _quarter(pixels: list[bytes], column: int, row: int) -> str:
    half = _SIDE // 2
    rows = range(row * half, (row + 1) * half)
    inside = [pixels[y * _SIDE + x + column * half] for y in rows for x in range(half)]
    return max(colours.shares(inside), key=lambda one: one[1], default=("mixed", 0))[0]
