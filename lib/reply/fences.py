"""An answer that is Markdown in a fence, as models write it when asked for Markdown."""

import re

_OPENING = re.compile(
    r"[ ]{0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?:markdown|md|mdown|gfm)[ \t]*", re.IGNORECASE
)
_FENCE = re.compile(r"[ \t]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)")


def unwrapped(markdown: str) -> str:
    """Return what stands in the fence of Markdown that is the whole text, or else the text.

    Fences within it may have as few ticks, as long as they name their language or stand close
    before and behind their code.
    """
    if markdown.lstrip()[:1] not in {"`", "~"}:
        return markdown
    lines = markdown.strip("\n").rstrip().split("\n")
    opening = _OPENING.fullmatch(lines[0])
    if opening is None:
        return markdown
    end = _end(lines, opening["mark"])
    return "\n".join(lines[1:end]) if end >= len(lines) - 1 else markdown


def _end(lines: list[str], mark: str) -> int:
    """The line of the closing fence; the number of lines if there is none."""
    found = [(n, match) for n, line in enumerate(lines) if n and (match := _FENCE.fullmatch(line))]
    fences = [(n, match) for n, match in found if match["mark"][0] == mark[0]]
    inner = ""
    for index, (number, match) in enumerate(fences):
        if inner:
            ends = not match["info"] and len(match["mark"]) >= len(inner)
            inner = "" if ends else inner
            continue
        # A bare fence begins code if text follows at once, and two more fences after that.
        begins = index + 2 < len(fences) and lines[number + 1].strip()
        if match["info"] or len(match["mark"]) < len(mark) or begins:
            inner = match["mark"]
        else:
            return number
    return len(lines)
