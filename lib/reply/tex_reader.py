"""The grammar of TeX's formulas: groups, arguments, commands, environments."""

import re
from collections.abc import Callable, Mapping

from lib.reply import tex_signs as signs
from lib.reply.scripts import lowered, raised
from lib.reply.tex_tokens import Tokens, UnknownError, escaped

CELL = "\ufffe"
"""Parts the cells of a row: no character, so none that a formula could mean."""

_DEEPEST = 15


class Reader(Tokens):
    """Reads tokens one after the other; every method returns plain text.

    ``commands`` are those that a name alone does not explain: each takes what follows it.
    """

    def __init__(self, formula: str, commands: "Mapping[str, Callable[[Reader], str]]") -> None:
        super().__init__(formula)
        self._commands = commands
        self._depth = 0

    def whole(self) -> str:
        """Read all of the formula."""
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
                return CELL
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
        if name in self._commands:
            return self._commands[name](self)
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
    cells = (" ".join(cell.split()) for cell in row.split(CELL))
    return ", ".join(filter(None, cells))


def _is_word(token: re.Match[str] | None) -> bool:
    return bool(token and (token["command"] or (token["text"] or "").isalnum()))
