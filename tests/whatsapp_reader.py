"""A phone's reading of WhatsApp's marks, written apart from the code it judges.

It works character by character: what it returns is the text as shown, each character with the
set of styles it is shown in.
"""

import unicodedata

Styled = list[tuple[str, frozenset[str]]]

_STYLES = {"*": "bold", "_": "italic", "~": "strike"}


def read(text: str) -> Styled:
    """Return what is shown, and how."""
    shown: Styled = []
    position = 0
    while position < len(text):
        fence = text.startswith("```", position)
        end = text.find("```", position + 3) if fence else -1
        if end > 0 and text[position + 3 : end].strip():
            shown += [(c, frozenset({"mono"})) for c in text[position + 3 : end]]
            position = end + 3
            continue
        line_end = position
        while line_end < len(text) and text[line_end] != "\n":
            opens = text.startswith("```", line_end)
            close = text.find("```", line_end + 3) if opens else -1
            if close > 0 and text[line_end + 3 : close].strip():
                break
            line_end += 3 if opens else 1
        line_end = min(line_end, len(text))
        shown += _line(text[position:line_end], text[position - 1 : position], text[line_end:])
        position = line_end
        if text.startswith("\n", position):
            shown.append(("\n", frozenset()))
            position += 1
    return shown


def words(shown: Styled) -> Styled:
    """The same without white space: what must survive any cutting."""
    return [(c, styles) for c, styles in shown if not c.isspace()]


def _line(line: str, before: str, after: str) -> Styled:
    codes = _codes(line)
    styles: list[set[str]] = [set() for _ in line]
    marks = {index for start, end in codes for index in (start, end)}
    for start, end in codes:
        for index in range(start + 1, end):
            styles[index].add("code")
    inside = {index for start, end in codes for index in range(start, end + 1)}
    opened: dict[str, int] = {}
    for index, character in enumerate(line):
        if character not in _STYLES or index in inside:
            continue
        previous = line[index - 1] if index else before
        following = line[index + 1] if index + 1 < len(line) else after[:1]
        start = opened.get(character)
        if (
            start is not None
            and index - start > 1
            and not previous.isspace()
            and not _word(following)
        ):
            for place in range(start + 1, index):
                styles[place].add(_STYLES[character])
            marks |= {start, index}
            opened = {mark: place for mark, place in opened.items() if place < start}
        elif following and not following.isspace() and not _word(previous):
            opened[character] = index
    return [(c, frozenset(styles[i])) for i, c in enumerate(line) if i not in marks]


def _codes(line: str) -> list[tuple[int, int]]:
    """Pairs of single ticks; a tick beside another one belongs to no pair."""
    ticks = [
        index
        for index, character in enumerate(line)
        if character == "`" and "`" not in (line[index - 1 : index], line[index + 1 : index + 2])
    ]
    found: list[tuple[int, int]] = []
    position = -1
    for start in ticks:
        end = line.find("`", start + 1)
        if start > position and end in ticks:
            found.append((start, end))
            position = end
    return found


def _word(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "LNM"
