"""A formula of TeX in plain characters."""

import re
import unicodedata
from collections.abc import Callable

from lib.reply import tex_signs as signs
from lib.reply.scripts import lowered, raised
from lib.reply.tex_tokens import Tokens, UnknownError, escaped

_DEEPEST = 15
_LONGEST = 5000
_CELL = "\ufffe"  # no character, so none that a formula could mean
# A number or a word, with what is raised, lowered, or put above it.
_SINGLE = re.compile(r"(?:[\d.,]+|[^\W\d_]+)[′⁰¹²³⁴-⁹₀-₉\u0300-\u036f\u20d0-\u20ff]*")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def plain(formula: str) -> str | None:
    """Return a formula, without what encloses it, in plain characters.

    None if anything in it has no such form: half a formula is worse than its source.
    """
    if len(formula) > _LONGEST:
        return None
    try:
        text = _Reader(formula).whole()
    except UnknownError:
        return None
    lines = (" ".join(line.split()) for line in text.replace(_CELL, " ").split("\n"))
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines)))


class _Reader(Tokens):
    """Reads tokens one after the other; every method returns plain text."""

    def __init__(self, formula: str) -> None:
        super().__init__(formula)
        self._depth = 0

    def whole(self) -> str:
        text = self._group()
        if self.peek():
            raise UnknownError("an end without a beginning")
        return text

    def _group(self) -> str:
        """Read up to what ends a group or an environment, or to the end of everything."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnknownError("nested too deep")
        parts = [" "]
        while (token := self.peek()) and token["sign"] != "}" and token["command"] != "end":
            parts.append(self._one(parts[-1]) or "")
        self._depth -= 1
        return "".join(parts[1:])

    def _one(self, before: str = " ") -> str:
        """Read one token with what belongs to it; ``before`` stands before it."""
        token = self.take()
        if token["command"]:
            return self._command(token["command"], before)
        if token["escaped"]:
            return escaped(token["escaped"])
        if token["sign"]:
            return self._signed(token["sign"])
        return token["text"] or " "

    def _signed(self, sign: str) -> str:
        match sign:
            case "{":
                text = self._group()
                if self.take()["sign"] != "}":
                    raise UnknownError("a group without an end")
                return text
            case "^":
                return raised(self.argument())
            case "_":
                return lowered(self.argument())
            case "'":
                return "′"
            case "&":
                return _CELL
            case "~":
                return " "
        raise UnknownError(sign)

    def argument(self) -> str:
        """Read what a command takes: a group, or else one token."""
        self.skip_blank()
        token = self.peek()
        if token and token["sign"] in {"}", "&", "^", "_"}:
            raise UnknownError("no argument")
        return self._one().strip()

    def option(self) -> str:
        """Read what stands in brackets, if there are any."""
        token = self.peek()
        if token is None or token["text"] != "[":
            return ""
        self.take()
        parts = []
        while (token := self.peek()) and token["text"] != "]":
            parts.append(self._one())
        self.take()
        return "".join(parts).strip()

    def _command(self, name: str, before: str) -> str:
        if name in signs.SIGNS:
            return self._sign(name, before)
        if name in signs.SILENT:
            return self._silent(name)
        if name in signs.SPACES:
            return "  "
        if name in signs.WRAPPERS:
            return self.words() if name.startswith(("text", "mbox", "hbox")) else self.argument()
        if name in signs.ACCENTS:
            return "".join(c + signs.ACCENTS[name] for c in self.argument())
        if name in _COMMANDS:
            return _COMMANDS[name](self)
        raise UnknownError(name)

    def _sign(self, name: str, before: str) -> str:
        sign, following = signs.SIGNS[name], self.peek()
        if name in signs.NAMES:
            return (
                f"{'' if before[-1:].isspace() else ' '}{sign}{' ' if _is_word(following) else ''}"
            )
        # A blank that only ends the command is none of the formula's.
        if following and following["blank"] and not before[-1:].isspace():
            self.take()
        return sign

    def _silent(self, name: str) -> str:
        self.skip_blank()
        token = self.peek()
        if name in {"left", "right"} and token and token["text"] == ".":
            self.take()
        return ""

    def environment(self) -> str:
        r"""Read from behind ``\begin`` to its end; rows of a matrix are parted by semicolons."""
        name = self.words().removesuffix("*")
        if name in {"array", "alignat", "alignedat"}:
            self.skip_blank()
            self.words()
        text = self._group()
        self.take()
        if self.words().removesuffix("*") != name:
            raise UnknownError("another environment ends")
        if name in signs.ALIGNED:
            return f"\n{text}\n"
        if name not in signs.BRACKETS:
            raise UnknownError(name)
        left, right = signs.BRACKETS[name]
        rows = (_cells(row) for row in text.split("\n"))
        return f"{left}{'; '.join(filter(None, rows))}{right}"


def _cells(row: str) -> str:
    cells = (" ".join(cell.split()) for cell in row.split(_CELL))
    return ", ".join(filter(None, cells))


def _is_word(token: re.Match[str] | None) -> bool:
    return bool(token and (token["command"] or (token["text"] or "").isalnum()))


def _compound(text: str) -> str:
    """A part of a fraction or root, in brackets if it would be read wrongly without."""
    return text if _SINGLE.fullmatch(text) else f"({text})"


def _fraction(reader: _Reader) -> str:
    upper = reader.argument()
    return f"{_compound(upper)}/{_compound(reader.argument())}"


def _root(reader: _Reader) -> str:
    index = reader.option()
    sign = _ROOTS.get(index) or f"{raised(index)}√"
    return f"{sign}{_compound(reader.argument())}"


def _blackboard(reader: _Reader) -> str:
    text = reader.argument()
    return "".join(signs.BLACKBOARD.get(c, c) for c in text)


def _coloured(reader: _Reader) -> str:
    reader.words()
    return reader.argument()


def _without_argument(reader: _Reader) -> str:
    reader.words()
    return " "


_COMMANDS: dict[str, Callable[[_Reader], str]] = {
    "frac": _fraction,
    "dfrac": _fraction,
    "tfrac": _fraction,
    "cfrac": _fraction,
    "sqrt": _root,
    "mathbb": _blackboard,
    "textcolor": _coloured,
    "colorbox": _coloured,
    "begin": _Reader.environment,
    "pmod": lambda reader: f" (mod {reader.argument()})",
    "tag": lambda reader: f"  ({reader.words()})",
    "label": _without_argument,
    "hspace": _without_argument,
    "vspace": _without_argument,
}
