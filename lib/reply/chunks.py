"""Chunks: a reply cut into parts of a size that one WhatsApp message holds.

The law of cutting: each chunk is ``opening + text[start:end] + closing``; the ranges are in
order and do not overlap; between them, before the first and after the last, there is nothing
but white space. So no text is lost, and none is repeated but what ``opening`` repeats so that a
chunk can be read by itself. ``opening`` and ``closing`` only reopen and close the marks that a
cut would tear apart; ``opening`` repeats the ``> `` of a quoted line, and the head of a table.
"""

from dataclasses import dataclass

from lib.reply.cuts import Window, best_cut
from lib.reply.layout import CLOSING_UNITS, Layout
from lib.reply.units import MOST_UNITS, units
from lib.reply.work import checkpoint

LEAST_LIMIT = 20
"""Below this, marks alone could fill a chunk."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One chunk as a range of the text and the marks added around it."""

    start: int
    end: int
    opening: str
    closing: str


def split(text: str, limit: int = MOST_UNITS) -> tuple[str, ...]:
    """Return the text in chunks of at most ``limit`` UTF-16 units, none of them blank.

    It is cut at the end of a paragraph, else of a line, a sentence, a word, a grapheme. Only a
    single grapheme larger than a chunk is cut apart. A heading stays with its text, an address
    in one piece and with its label, the head of a table with its first row, wherever one chunk
    can hold them. Takes time linear in the text's length.

    Raises:
        ValueError: the limit is less than ``LEAST_LIMIT``.
    """
    found = pieces(text, limit)
    return tuple(f"{p.opening}{text[p.start : p.end]}{p.closing}" for p in found)


def pieces(text: str, limit: int = MOST_UNITS) -> list[Piece]:
    """Return the chunks as ranges of the text; see ``split``."""
    if limit < LEAST_LIMIT:
        raise ValueError(f"a chunk holds at least {LEAST_LIMIT} units")
    layout = Layout(text, limit)
    found = []
    start = layout.skip_blank(0)
    while start < len(text):
        checkpoint()
        opening = layout.opening(start)
        window = Window(text, start, limit - units(opening), CLOSING_UNITS)
        cut = len(text) if window.holds_rest else best_cut(layout, window)
        end = layout.strip_blank(start, cut)
        if end > start:
            found.append(Piece(start, end, opening, layout.closing(start, end)))
        # Where code is indented by more than a chunk holds, there would be blank ones.
        start = layout.skip_blank(cut) if end > start else layout.skip_blanks(cut)
    return found
