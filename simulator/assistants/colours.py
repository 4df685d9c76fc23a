"""Colours in words: what a picture is made of, as far as that can be counted."""

import colorsys
from collections import Counter
from collections.abc import Iterable, Sequence

Pixel = Sequence[int]

_LEAST = 0.08
"""The share from which a colour is worth a word."""

_MOST_NAMED = 4
_HUES = (
    (15, "red"),
    (42, "orange"),
    (68, "yellow"),
    (160, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (290, "purple"),
    (340, "pink"),
    (361, "red"),
)
"""Degrees up to which a hue has this name."""

_BLACK, _WHITE, _DARK, _PALE = 0.13, 0.9, 0.38, 0.78
"""Lightness, from 0 to 1."""

_GREY, _BROWN = 0.12, 0.45
_LIGHTNESS = (
    (0.15, "very dark"),
    (0.38, "dark"),
    (0.62, "of medium brightness"),
    (0.85, "light"),
    (1.01, "very light"),
)


def name_of(pixel: Pixel) -> str:
    """Return what a colour (red, green, blue from 0 to 255) is called."""
    red, green, blue = (one / 255 for one in pixel[:3])
    hue, lightness, _ = colorsys.rgb_to_hls(red, green, blue)
    strength = max(red, green, blue) - min(red, green, blue)
    if lightness < _BLACK:
        return "black"
    if strength < _GREY:
        return "white" if lightness > _WHITE else f"{_shade(lightness)}grey"
    name = next(name for most, name in _HUES if hue * 360 < most)
    if name == "orange" and lightness < _BROWN:
        return "brown"
    return f"{_shade(lightness)}{name}"


def shares(pixels: Iterable[Pixel]) -> list[tuple[str, int]]:
    """Return the colours that matter, each with its share in percent, the largest first."""
    counted = Counter(map(name_of, pixels))
    total = counted.total()
    named = counted.most_common(_MOST_NAMED)
    return [(name, round(100 * n / total)) for name, n in named if n >= _LEAST * total]


def brightness(pixels: Sequence[Pixel]) -> str:
    """Return how light it is on the whole, as the eye weighs the three colours."""
    light = sum(0.299 * one[0] + 0.587 * one[1] + 0.114 * one[2] for one in pixels)
    mean = light / (255 * len(pixels))
    return next(words for most, words in _LIGHTNESS if mean < most)


def _shade(lightness: float) -> str:
    if lightness < _DARK:
        return "dark "
    return "light " if lightness > _PALE else ""
