"""``make flags``: switch features for a share of people, and tell everybody news.

    flags:
      voice: 10                                  # percent of all people
      menus: {share: 50, contacts: [+15550001111], assistants: [python-expert]}
    news: {id: 2026-12, text: "I can hear voice messages now."}

A section that the file does not have stays as it is. Works on the data folder of this machine, or,
where GOOGLE_CLOUD_PROJECT is set, on Firestore; the gateway may be running meanwhile.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from lib.address import parse_address
from lib.errors import AddressError
from lib.people.flags import FlagError, read_flag
from lib.ports.documents import Document
from lib.storage.catalogue.yaml_tree import Tree, read_tree
from lib.storage.stores.switch_documents import news_of
from lib.storage.stores.switches import switch_writes
from operations.gateway import connected
from operations.outcome import exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="make flags ARGS=...", description=__doc__)
    parser.add_argument("file", type=Path, help="a YAML file with flags and news")
    parser.add_argument("--local", action="store_true", help="on the data folder of this machine")
    options = parser.parse_args(arguments)
    return exit_code(lambda: _write(options))


def _write(options: argparse.Namespace) -> int:
    flags, news = load(options.file)
    connected(local=options.local).stores().documents.replace(switch_writes(flags, news))
    sys.stdout.write("Written; noticed within a minute.\n")
    return 0


def load(path: Path) -> tuple[Document | None, Document | None]:
    """Read a file of flags and news, as documents; None of a section that it does not have.

    Raises:
        ConfigurationError: something in it is wrong; the error names the line and the reason.
    """
    sections = read_tree(path).entries()
    for name, (key, _) in sections.items():
        if name not in {"flags", "news"}:
            key.refuse(f"{name!r} is not known here; there is flags and news")
    return _flags(sections.get("flags")), _news(sections.get("news"))


def _flags(section: tuple[Tree, Tree] | None) -> Document | None:
    if section is None:
        return None
    return {name: _flag(name, *one) for name, one in section[1].entries().items()}


def _flag(name: str, key: Tree, value: Tree) -> object:
    written = _plain(value)
    try:
        for contact in read_flag(name, written).contacts:
            parse_address(contact)
    except FlagError as error:
        key.refuse(str(error))
    except AddressError:
        key.refuse(f"{name}: contacts are numbers like +15550001111, or business-scoped ids")
    return written


def _news(section: tuple[Tree, Tree] | None) -> Document | None:
    if section is None:
        return None
    key, value = section
    written = {name: one.text() for name, (_, one) in value.entries().items()}
    try:
        news_of(written)
    except FlagError as error:
        key.refuse(str(error))
    return dict(written)


def _plain(value: Tree) -> object:
    if isinstance(value.node, yaml.SequenceNode):
        return [one.text() for one in value.items()]
    if value.is_text():
        return value.flag() if value.node.tag.endswith(":bool") else value.text()
    return {name: _plain(one) for name, (_, one) in value.entries().items()}


if __name__ == "__main__":
    sys.exit(main())
