"""HTML as text: tags removed, entities decoded, lines where a browser would break them."""

from html import unescape
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = frozenset({"script", "style"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def readable(html: str) -> str:
    """Return what a browser would show of a piece of HTML, as text."""
    reader = _Reader()
    end = _end_of_tags(html)
    reader.feed(html[:end])
    reader.close()
    reader.handle_data(unescape(html[end:]))
    return "".join(reader.parts)


def _end_of_tags(html: str) -> int:
    """Where only text follows: the parser would look there for the end of each tag in vain."""
    end = html.rfind(">") + 1
    open_comment = html.find("<!--", html.rfind("-->") + 1)
    return end if open_comment < 0 else min(end, open_comment)
