"""The tokens of a formula of TeX."""

import re

from lib.reply.tex_signs import ESCAPED

_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]+)\*?|\\(?P<escaped>.)|(?P<sign>[{}^_&~'$#%])|(?P<blank>\s+)|(?P<text>.)",
    re.DOTALL,
)


class UnknownError(ValueError):
    """There is no plain way to write this."""


class Tokens:
    """The tokens of a formula, one after the other."""

    def __init__(self, formula: str) -> None:
        self._tokens = list(_TOKEN.finditer(formula))
        self._at = 0

    def peek(self) -> re.Match[str] | None:
        """The next token, or None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> re.Match[str]:
        """Go on to the next token and return it."""
        token = self.peek()
        if token is None:
            raise UnknownError("something is missing at the end")
        self._at += 1
        return token

    def words(self) -> str:
        """Read a group as it is written: it is text, whose signs mean nothing."""
        if self.take()["sign"] != "{":
            raise UnknownError("no group")
        parts = []
        while (token := self.take())["sign"] != "}":
            if token["sign"] in {"{", "$"} or token["command"]:
                raise UnknownError("a formula inside text")
            parts.append(escaped(token["escaped"]) if token["escaped"] else token[0])
        return "".join(parts)

    def skip_blank(self) -> None:
        """Go on to what is no white space."""
        while (token := self.peek()) and token["blank"]:
            self._at += 1


def escaped(character: str) -> str:
    """What a backslash and a character stand for."""
    if character == "\\":
        return "\n"
    if character.isspace():
        return " "
    if character in ESCAPED:
        return ESCAPED[character]
    raise UnknownError(character)
