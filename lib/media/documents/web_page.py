"""What a reader sees of a page of HTML."""

import re
from html.parser import HTMLParser

from lib.media.documents.plain import decoded
from lib.media.documents.text import Text

_MOST_BYTES = 2_000_000
_PIECE = 1 << 16
_UNSEEN = {"script", "style", "template", "noscript", "svg", "textarea", "select"}
_ROWS = {"tr", "p", "br", "hr", "li", "dt", "dd", "div", "section", "article", "header", "footer"}
_ROWS |= {"h1", "h2", "h3", "h4", "h5", "h6", "title", "blockquote", "pre", "table", "caption"}
_CELLS = {"td", "th"}
_SPACE = re.compile(r"\s+")


def read(data: bytes, text: Text) -> None:
    """Add the text of a page."""
    text.more = len(data) > _MOST_BYTES
    page = decoded(data[:_MOST_BYTES])
    parser = _Page(text)
    for place in range(0, len(page), _PIECE):
        parser.feed(page[place : place + _PIECE])
    parser.close()


class _Page(HTMLParser):
    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if not self._unseen and tag in _UNSEEN:
            self._unseen = tag
        elif self._unseen:
            return
        elif tag in _ROWS:
            self._text.end_line()
        elif tag in _CELLS and not self._text.begins_line:
            self._text.add(" | ")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen = "" if tag == self._unseen else self._unseen
        elif tag in _ROWS:
            self._text.end_line()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        text = _SPACE.sub(" ", data)
        self._text.add(text.lstrip() if self._text.begins_line else text)
