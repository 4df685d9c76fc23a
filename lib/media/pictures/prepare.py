"""People's pictures as assistants get them: upright, small, and without data about their making.

This runs in the child process alone, which limits memory and time: what strangers send is decoded
by native code here. Sources: Pillow's handbook ("Image file formats", ``draft``); the EXIF standard
("Orientation"); libheif turns what it decodes itself.
"""

import io
import warnings

from PIL import Image, WebPImagePlugin

from lib.media.errors import MediaTooLargeError
from lib.model.reading import Picture

LONGEST_EDGE = 1568
"""In pixels; of larger pictures the models of today see no more."""

MOST_PIXELS = 210_000_000
"""Of a JPEG, which is decoded at an eighth of its size if need be: what the largest phones take."""

MOST_PIXELS_AT_ONCE = 25_000_000
"""Of what is decoded whole, at four bytes each."""

_QUALITY = 85
# Pillow loads what it needs for the others by itself.
_FORMATS = ("JPEG", "PNG", "GIF", WebPImagePlugin.WebPImageFile.format)
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIXTEEN_BITS = [value >> 8 for value in range(1 << 16)]
# Pillow refuses at twice its value, before it makes room for a picture.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2


def prepared(data: bytes) -> Picture:
    """Return a picture as a JPEG of at most ``LONGEST_EDGE``, turned as it is meant to be seen.

    Of an animation it is the first frame; what is transparent becomes white. Nothing of the file
    but its pixels is kept: no position, no maker, no profile, no second picture.

    Raises:
        MediaTooLargeError: it has more pixels than are decoded.
        Exception: it is damaged or cut off, and says so in one of the many ways of its decoder.
    """
    small = _small(data)
    file = io.BytesIO()
    small.info.clear()  # or its comment and its profile would be written, too
    small.save(file, "JPEG", quality=_QUALITY)
    return Picture("image/jpeg", file.getvalue())


def _small(data: bytes) -> Image.Image:
    with _opened(data) as image:
        _check_size(image.size, MOST_PIXELS)
        image.draft(None, _fitting(image.size))
        _check_size(image.size, MOST_PIXELS_AT_ONCE)
        image.load()
        turn = _TURNS.get(_orientation(image))
        # Colours that are numbers in a palette, or stand for no colour, have no mean.
        is_coded = image.mode in {"1", "P", "PA"} or "transparency" in image.info
        full = _on_white(image) if is_coded else image
        small = full.resize(_fitting(full.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = _on_white(small)
    return small.transpose(turn) if turn is not None else small


def _opened(data: bytes) -> Image.Image:
    formats: tuple[str, ...] = _FORMATS
    if data[4:8] == b"ftyp":
        import pi_heif  # noqa: PLC0415 - takes a fifth of a second, and few pictures need it

        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
        formats = ("HEIF",)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes, which are checked here
        try:
            return Image.open(io.BytesIO(data), formats=formats)
        except Image.DecompressionBombError:
            raise MediaTooLargeError("a picture of too many pixels") from None


def _check_size(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise MediaTooLargeError(f"a picture of {size[0]} x {size[1]} pixels")


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The size that fits, with the same proportions."""
    scale = min(1.0, LONGEST_EDGE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _orientation(image: Image.Image) -> int:
    """How it is to be turned; as it is, where that cannot be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - Pillow raises anything on data that are damaged
        return 1


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in colours or in greys of eight bits, on white where it is transparent."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(_SIXTEEN_BITS, "L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")
