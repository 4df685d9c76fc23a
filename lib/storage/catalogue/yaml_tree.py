"""A YAML file as a tree whose parts know their line, so that an error can name it."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from lib.errors import ConfigurationError
from lib.file_errors import explained

MOST_BYTES = 1024 * 1024
"""The size of the largest file read."""

_TAG = "tag:yaml.org,2002:"
_TRUE = frozenset({"true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Tree:
    """A value in the file. What is asked for and is not there raises ConfigurationError."""

    path: Path
    node: yaml.Node

    def text(self) -> str:
        """The single value here as it is written; nothing for null."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse("a text is needed here")
        return "" if self.is_null() else str(self.node.value)

    def flag(self) -> bool:
        """True or false."""
        if self.node.tag != f"{_TAG}bool":
            self.refuse("true or false is needed here")
        return str(self.node.value).lower() in _TRUE

    def items(self) -> list["Tree"]:
        """The items of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("a list is needed here")
        return [Tree(self.path, item) for item in self.node.value]

    def entries(self) -> dict[str, tuple["Tree", "Tree"]]:
        """The keys of a map, each with itself and its value as trees; none for null."""
        if self.is_null():
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("a map of keys and values is needed here")
        found: dict[str, tuple[Tree, Tree]] = {}
        for key_node, value_node in self.node.value:
            key = Tree(self.path, key_node)
            if key.text() in found:
                key.refuse(f"{key.text()!r} is there twice")
            found[key.text()] = key, Tree(self.path, value_node)
        return found

    def is_null(self) -> bool:
        """Whether nothing is said here."""
        return bool(self.node.tag == f"{_TAG}null")

    def is_text(self) -> bool:
        """Whether a single value is here."""
        return isinstance(self.node, yaml.ScalarNode)

    def refuse(self, reason: str) -> NoReturn:
        """Raise a ConfigurationError with the file, the line and the reason."""
        mark = self.node.start_mark
        _fail(self.path, mark.line + 1 if mark else 1, reason)


def read_tree(path: Path) -> Tree:
    """Read a file of one YAML document in UTF-8; an empty one is null.

    Raises:
        ConfigurationError: it cannot be read, is too large or is not YAML.
    """
    text = _read(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _fail(path, mark.line + 1 if mark else 1, error.problem or "this is not YAML")
    except yaml.reader.ReaderError as error:
        _fail(path, text.count("\n", 0, error.position) + 1, "a character that YAML forbids")
    except RecursionError:
        _fail(path, 1, "this is nested too deeply")
    return Tree(path, node or yaml.ScalarNode(f"{_TAG}null", ""))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(explained(path, error, "read")) from error
    if len(raw) > MOST_BYTES:
        raise ConfigurationError(f"{path} is larger than {MOST_BYTES} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(path, raw.count(b"\n", 0, error.start) + 1, "this is not UTF-8")


def _fail(path: Path, line: int, reason: str) -> NoReturn:
    raise ConfigurationError(f"{path}, line {line}: {reason}") from None
