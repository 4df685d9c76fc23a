"""Draws docs/whatsapp-formatting.md from the samples of the tests.

``python -m tests.formatting_document`` writes the file anew.
"""

import tomllib
from html import escape
from itertools import groupby

from lib.assistant.thinking import separate
from lib.model import Enclosing
from lib.reply.chunks import MOST_UNITS, split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp
from lib.reply.rendering import render
from lib.reply.visible import clean
from tests.processes import ROOT
from tests.whatsapp_reader import read

SAMPLES = ROOT / "tests/unit/reply/samples.toml"
DOCUMENT = ROOT / "docs/whatsapp-formatting.md"
HEAD = """\
# From Markdown to WhatsApp

An assistant writes Markdown; a phone shows WhatsApp's own formatting. Each row shows what the
assistant writes, what the gateway sends, and what a phone displays. Every row is a test.

<!-- Drawn from tests/unit/reply/samples.toml: .venv/bin/python -m tests.formatting_document -->
"""
# Line ends, and what joins letters and emoji.
_DRAWN = "\n\u200c\u200d"
_COLUMNS = "| written | sent | shown |\n| --- | --- | --- |\n"
_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code", "mono": "code"}
# What would mean something in a table of Markdown.
_GUARDED = {ord(c): f"&#{ord(c)};" for c in "\\`*_~|[]()#$@:!-+.{}"} | {ord("\n"): "<br>"}


def kinds():
    """The kinds of samples, as the file has them."""
    return tomllib.loads(SAMPLES.read_text())["kinds"]


def sent(markdown, limit=MOST_UNITS, *, media=False):
    """The messages that an answer becomes, as an assistant's answer does."""
    shown, _ = separate(markdown)
    if media:
        rendering = render(shown, enclosing=Enclosing(contacts=True))
        return [*rendering.chunks, *(_drawn(chunk.media) for chunk in rendering.enclosed)]
    return list(split(clean(to_whatsapp(to_markdown(clean(shown)))), limit))


def _drawn(medium):
    """A medium in words: what it is, and its caption."""
    place = medium.location
    what = f"{medium.kind.value} {place.coordinates if place else medium.name}"
    return f"[{what}] {place.label if place else medium.caption}".strip()


def document():
    """The document as it should be."""
    return HEAD + "".join(map(_section, kinds()))


def _section(kind):
    limit, media = kind.get("limit", MOST_UNITS), kind.get("media", False)
    rows = (_row(markdown, sent(markdown, limit, media=media)) for markdown, _ in kind["samples"])
    note = f"{kind['note']}\n\n" if "note" in kind else ""
    return f"\n## {kind['title']}\n\n{note}{_COLUMNS}{''.join(rows)}"


def _row(markdown, messages):
    cells = (_source(markdown), *("<hr>".join(map(draw, messages)) for draw in (_source, _shown)))
    return f"| {' | '.join(cells)} |\n"


def _source(text):
    return "<br>".join(
        f"<code>{_guarded(line)}</code>" if line else "" for line in text.split("\n")
    )


def _shown(message):
    parts = []
    for styles, group in groupby(read(message), key=lambda one: one[1]):
        text = "".join(character for character, _ in group)
        tags = [_TAGS[style] for style in sorted(styles)]
        parts += [f"<{tag}>" for tag in tags]
        parts.append(_guarded(text.strip("\n") if "mono" in styles else text))
        parts += [f"</{tag}>" for tag in reversed(tags)]
    return "".join(parts)


def _guarded(text):
    named = "".join(c if c.isprintable() or c in _DRAWN else f"⟨U+{ord(c):04X}⟩" for c in text)
    return escape(named, quote=False).replace("  ", " &nbsp;").translate(_GUARDED)


if __name__ == "__main__":
    DOCUMENT.write_text(document())
