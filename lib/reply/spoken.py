"""An answer as it is spoken, made of the same tree as what is read.

A link is said by its text, a bare URL is "a link"; code and tables are left to the text, which
was sent before. Headings and items are sentences; emoji and marks are not said.
"""

from collections.abc import Callable, Iterable, Iterator

from lib.reply import hypertext
from lib.reply.alerts import with_sign
from lib.reply.components import to_markdown
from lib.reply.fences import unwrapped
from lib.reply.inline import plain_text
from lib.reply.node import Node
from lib.reply.numbers import numbers
from lib.reply.sayable import CODE, LINK, TABLE, has_words, sentence, shortened, shown
from lib.reply.standins import shown as written
from lib.reply.styles import with_styles
from lib.reply.tree import UnreadableError, parse
from lib.reply.visible import clean
from lib.reply.work import Check, checkpoint, limited, unlimited

MOST_CHARACTERS = 1_200
"""Of what is spoken: about a minute and a half."""

_LONGEST_MARKDOWN = 20_000
"""Characters that are looked at: whatever is behind that is behind what is spoken."""

_TASKS = ("[ ] ", "[x] ", "[X] ")
_URLS = {"Autolink"}


def spoken(markdown: str, check: Check = unlimited) -> str:
    """Return what is said of an answer, in no more work than the check allows.

    At most ``MOST_CHARACTERS`` of it, up to the end of a sentence. Nothing where it has no words:
    only code, a table, a URL or pictures, or what nobody could read.

    Raises:
        WorkLimitError: it takes more work than it may.
    """
    with limited(check):
        text = _sentences(to_markdown(clean(markdown[:_LONGEST_MARKDOWN])))
    return shortened(shown(text), MOST_CHARACTERS) if has_words(text) else ""


def _sentences(markdown: str) -> str:
    found: list[str] = []
    length = 0
    try:
        nodes = list(parse(unwrapped(markdown)))
    except UnreadableError:
        return ""
    for words in map(sentence, _blocks(hypertext.read(map(with_styles, nodes)))):
        is_repeated = found[-1:] == [words] and not has_words(words)
        if not words or is_repeated:  # of two blocks of code it is said once that they are there
            continue
        found.append(words)
        length += len(words)
        if length > MOST_CHARACTERS:
            break
    return " ".join(found)


def _blocks(nodes: Iterable[Node | str]) -> Iterator[str]:
    """What is said of each block, one sentence or more; what stands loose between is one, too."""
    loose: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str) or node.kind not in _SAID:
            loose.append(node)
            continue
        if loose:
            yield _words(loose)
            loose = []
        checkpoint()
        yield from _SAID[node.kind](node)
    if loose:
        yield _words(loose)


def _words(nodes: Iterable[Node | str]) -> str:
    lines = "".join(map(_inline, nodes)).split("\n")
    said = lines[0]
    for line in lines[1:]:
        # A line that begins anew is likely a line of its own, and no rest of a sentence.
        goes_on = line.lstrip()[:1].islower() or not said.rstrip()[-1:].isalnum()
        said = f"{said.rstrip()}{'' if goes_on else ','} {line.lstrip()}"
    return said


def _inline(node: Node | str) -> str:
    if isinstance(node, str):
        return written(node)
    match node.kind:
        case "Code":
            return str(node.detail)
        case "FootnoteReference":
            return ""
        case "Link":
            is_url = node.detail["link_type"] in _URLS
            return LINK if is_url else _words(node.children).strip() or LINK
    return _words(node.children)


def _paragraph(node: Node) -> Iterator[str]:
    yield _words(node.children)


def _code(node: Node) -> Iterator[str]:
    info = node.detail["Fenced"] if isinstance(node.detail, dict) else ""
    yield CODE if plain_text(node.children).strip() else written(info)


def _quote(node: Node) -> Iterator[str]:
    with_sign(node)
    return _blocks(node.children)


def _list(node: Node) -> Iterator[str]:
    items = node.parts
    signs = [""] * len(items) if node.detail is None else numbers(node)
    for sign, item in zip(signs, items, strict=True):
        first = True
        for words in _blocks(item.children):
            yield f"{sign} {_task(words)}".lstrip() if first else words
            first = False


def _task(words: str) -> str:
    return words[len(_TASKS[0]) :] if words.startswith(_TASKS) else words


def _within(node: Node) -> Iterator[str]:
    return _blocks(node.children)


def _nothing(_: Node) -> Iterator[str]:
    return iter(())


def _table(_: Node) -> Iterator[str]:
    yield TABLE


_SAID: dict[str, Callable[[Node], Iterator[str]]] = {
    "Paragraph": _paragraph,
    "Heading": _paragraph,
    "CodeBlock": _code,
    "BlockQuote": _quote,
    "List": _list,
    "Rule": _nothing,
    "HtmlBlock": _within,
    "Mixed": _within,
    "Table": _table,
    "FootnoteDefinition": _within,
}
