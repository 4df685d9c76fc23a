"""The text of docx, pptx and odt: what a reader sees on the page, in its order.

Sources: ECMA-376 part 1 (17, WordprocessingML; 19 and 21, slides and what is drawn), OpenDocument
1.3 part 3 (5 and 6, text).
"""

from collections.abc import Mapping

from lib.media.documents.package import Package, Walk, main_part, reference, relations
from lib.media.documents.text import Text
from lib.media.errors import MediaProtectedError

# Properties (tab stops are no tabs), what was deleted or moved away, what stands in place of
# something newer that is there too, and remarks.
_SKIPPED = {"pPr", "moveFrom", "Fallback", "tracked-changes", "annotation"}
_MARKS = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "line-break": "\n",
    "noBreakHyphen": "-",
}
_PARAGRAPHS = {"p", "h"}
_CELLS = {"tc", "table-cell"}
_ROWS = {"tr", "table-row"}
_MOST_SPACES = 100


class _Flow(Walk):
    """Running text. ``written`` are the elements whose characters are read."""

    def __init__(self, text: Text, written: set[str]) -> None:
        self._text = text
        self._written = written
        self._reading = 0
        self._skipping = 0
        self._cells = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipping or name in _SKIPPED:
            self._skipping += 1
            return
        self._reading += name in self._written
        self._cells += name in _CELLS
        if mark := _MARKS.get(name):
            self._text.add(mark)
        elif name == "s":
            self._text.add(" " * _spaces(attributes))

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        self._reading -= name in self._written
        self._cells -= name in _CELLS
        if name in _CELLS:
            self._text.add("| ")
        elif name in _PARAGRAPHS and self._cells:
            self._text.add(" ")
        elif name in _PARAGRAPHS or name in _ROWS:
            self._text.end_line()

    def characters(self, data: str) -> None:
        if self._reading and not self._skipping:
            self._text.add(data)


def _spaces(attributes: Mapping[str, str]) -> int:
    """How many spaces an OpenDocument element stands for, within reason."""
    for name, value in attributes.items():
        if name.endswith(" c") and value.isdecimal():
            return min(int(value[:4]), _MOST_SPACES)
    return 1


def read_docx(data: bytes, text: Text) -> None:
    """Add the text of a Word document, its notes at the end."""
    package = Package(data)
    main = main_part(package)
    package.walk(main, _Flow(text, {"t"}))
    for kind, part in relations(package, main).values():
        if kind in {"footnotes", "endnotes"} and package.has(part):
            text.begin_part()
            package.walk(part, _Flow(text, {"t"}))


class _Slides(Walk):
    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sldId":
            self.found.append(reference(attributes))


def read_pptx(data: bytes, text: Text) -> None:
    """Add the text of a presentation, slide by slide."""
    package = Package(data)
    main = main_part(package)
    slides = _Slides()
    package.walk(main, slides)
    parts = relations(package, main)
    text.pages = len(slides.found)
    text.more = text.pages > text.most_pages
    for number, slide in enumerate(slides.found[: text.most_pages], 1):
        text.begin_part(f"Slide {number}")
        if slide in parts:
            package.walk(parts[slide][1], _Flow(text, {"t"}))


def read_odt(data: bytes, text: Text) -> None:
    """Add the text of an OpenDocument text."""
    package = Package(data)
    if b"encryption-data" in package.beginning("META-INF/manifest.xml"):
        raise MediaProtectedError("an OpenDocument with a password")
    package.walk("content.xml", _Flow(text, {"p", "h"}))
