"""The text of a document as it is gathered, and what is made of it in the end."""

import unicodedata

# The end of a line, and an empty line.
_MOST_BREAKS = 2


class FullError(Exception):
    """Enough was read: of text, of pages, or of the work that finds no text."""


class Text:
    """What was found so far. ``most`` counts characters.

    Readers set ``pages``, how many there are, and ``more``, that something was passed over;
    ``most_pages`` is how many of them to read.
    """

    def __init__(self, most: int, most_pages: int) -> None:
        self._pieces: list[str] = []
        self._left = most
        self._breaks = _MOST_BREAKS
        self._title = ""
        self.most_pages = most_pages
        self.pages = 0
        self.more = False

    @property
    def begins_line(self) -> bool:
        """Whether what is added next is the first of its line."""
        return self._breaks > 0

    def add(self, piece: str) -> None:
        """Add some text as it is.

        Raises:
            FullError: this was more than there is room for.
        """
        if self._title:
            if not piece.strip():
                return
            piece, self._title = f"[{self._title}]\n{piece}", ""
        if piece:
            self._breaks = 0
            self._append(piece)

    def end_line(self) -> None:
        """End a line; of empty ones, no more than one remains."""
        if self._breaks < _MOST_BREAKS:
            self._breaks += 1
            self._append("\n")

    def begin_part(self, title: str = "") -> None:
        """Begin a page, slide or sheet after an empty line; if text comes, its title is added."""
        self.end_line()
        self.end_line()
        self._title = title

    def _append(self, piece: str) -> None:
        self._pieces.append(piece[: self._left])
        self._left -= len(piece)
        if self._left < 0:
            raise FullError

    def __str__(self) -> str:
        return "".join(self._pieces)


def cleaned(text: str) -> str:
    """Return a text without control characters, halves of characters and needless space."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines: list[str] = []
    for line in map(str.rstrip, whole.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "".join(filter(_is_shown, "\n".join(lines))).strip()


def _is_shown(character: str) -> bool:
    return character in "\t\n" or unicodedata.category(character) != "Cc"


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, of at most so many characters and at least half of them.

    It ends with a paragraph if it can, else with a line, a sentence or a word.
    """
    if len(text) <= most:
        return text
    for end in ("\n\n", "\n", ". ", " "):
        place = text.rfind(end, most // 2, most + 1)
        if place >= 0:
            return text[: place + (end == ". ")].rstrip()
    return text[:most]
