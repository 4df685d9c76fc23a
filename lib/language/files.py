"""The files of languages, each read when something of it is first needed."""

import logging
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lib.model.language import CODES, ENGLISH

_log = logging.getLogger(__name__)


def sentences_in(code: str) -> Mapping[str, str]:
    """Return the sentences of a language by their keys; none in English, which the code has."""
    return {} if code == ENGLISH or code not in CODES else _known(code)


def words_of_commands() -> Mapping[str, Mapping[str, list[str]]]:
    """Return the words by the English names of commands, and by the codes of languages."""
    return _known("commands")


def _known(name: str) -> Mapping[str, Any]:
    """What a file says; nothing where it cannot be read: people are told in English then."""
    try:
        return _read(name)
    except (OSError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        _log.error("language not readable", extra={"file": name, "reason": reason})
        return {}


@cache
def _read(name: str) -> Mapping[str, Any]:
    path = Path(__file__).with_name(f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
