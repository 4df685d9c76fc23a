"""What of a Markdown text that is still being written is surely done: its closed blocks.

Whatever follows, what stands before one of these places is formatted as it would be alone. The
places are chosen narrowly: better a late part than one that reads otherwise in the end.
"""

import re
from collections.abc import Iterator

LEAST = 300
"""Characters. Before so much is there nothing is taken for an answer: assistants put failures
into the beginning of one."""

_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
# All of an answer may stand in such a fence, which is taken away then.
_WRAPPING = re.compile(r"\s*(?:`{3,}|~{3,})[ \t]*(?:markdown|md|mdown|gfm)\b", re.IGNORECASE)
# What may go on with a list, a quotation or a definition, also if the line is yet incomplete.
_GOES_ON = re.compile(r"[ \t>:]|[-+*](?:[ \t]|$)|\d{1,9}(?:[.)]|$)")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_TICKS = re.compile(r"(?<!\\)`+")
# Its meaning stands elsewhere: a tag that may be closed, a bracket that may be defined, far below.
_TAG = re.compile(r"<(?!br\s*/?>|https?://|mailto:)[A-Za-z/!?]", re.IGNORECASE)
_BRACKET = re.compile(r"(?<!\\)\[[^\[\]]*+(?:\](?!\()|$)")
_OPENS, _CLOSES = re.compile(r"\\\[|\\begin\{"), re.compile(r"\\\]|\\end\{")


def boundaries(text: str) -> Iterator[int]:
    """Give the places where a block begins and everything before it is closed, in their order.

    There is none before ``LEAST``, in an open fence, list, table or formula, and none behind a
    component, a tag, or a bracket that is no link: what these mean may be said far below. An
    answer that begins with a fence of Markdown has none: all of it may stand in there.
    """
    if _WRAPPING.match(text):
        return
    position, fence, after_blank, formulas, dollars = 0, "", False, 0, 0
    for line in _LINE.findall(text):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        else:
            outside = not formulas and not dollars % 2
            if position >= LEAST and after_blank and outside and _begins(line):
                yield position
            fence = mark[1] if mark else ""
            words = "" if fence else _without_code(line)
            if _TAG.search(words) or _BRACKET.search(words):
                return
            formulas += len(_OPENS.findall(words)) - len(_CLOSES.findall(words))
            dollars += words.count("$$")
        after_blank = not line.strip()
        position += len(line)


def _begins(line: str) -> bool:
    return bool(line.strip()) and not _GOES_ON.match(line.rstrip("\n"))


def _without_code(line: str) -> str:
    runs = [match.span() for match in _TICKS.finditer(line)]
    waiting: dict[int, list[tuple[int, int]]] = {}
    for start, end in reversed(runs):
        waiting.setdefault(end - start, []).append((start, end))
    parts, position = [], 0
    for start, end in runs:
        if start < position:
            continue
        same = waiting[end - start]
        while same and same[-1][0] <= start:
            same.pop()
        if same:
            parts.append(line[position:start])
            position = same[-1][1]
    return "".join((*parts, line[position:]))
