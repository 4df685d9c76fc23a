"""Flags and news as documents: written by operators, so each part is read by itself."""

import logging
from collections.abc import Mapping
from hashlib import sha256

from lib.model.switches import Flag, News, Switches
from lib.people.flags import FlagError, read_flag
from lib.ports.documents import Document, Key
from lib.storage.fields import text
from lib.storage.stores.switches import FLAGS, NEWS

LONGEST_NEWS = 1000
"""Characters: the end of an answer, and no message of its own."""

_LONGEST_ID = 100
_log = logging.getLogger(__name__)


def read_switches(
    found: Mapping[Key, Document], known: Switches | None, told: str
) -> tuple[Switches, str]:
    """Return the switches of documents, and what was wrong with them.

    A flag that cannot be read stays as it was ``known``; there is none where nobody knew it. What
    is wrong is one ERROR in the log, until something else is; ``told`` is what was so last.
    """
    before = known or Switches()
    wrong: list[str] = []
    flags = _flags(found.get(FLAGS, {}), before.flags, wrong)
    news = _news(found.get(NEWS, {}), before.news, wrong)
    reason = "; ".join(sorted(wrong))
    if reason and reason != told:
        _log.error("flags cannot be read", extra={"reason": reason})
    return Switches(flags, news), reason


def news_of(written: Mapping[str, object]) -> News | None:
    """Return the news as they are written; None where there are none.

    Raises:
        FlagError: they are too long.
    """
    said = text(written.get("text")).strip()
    if not said:
        return None
    if len(said) > LONGEST_NEWS:
        raise FlagError(f"news: the text has more than {LONGEST_NEWS} characters")
    told = text(written.get("id")).strip()[:_LONGEST_ID]
    return News(told or sha256(said.encode()).hexdigest()[:16], said)


def _flags(document: Document, known: Mapping[str, Flag], wrong: list[str]) -> dict[str, Flag]:
    flags = {}
    for name, written in document.items():
        try:
            flags[name] = read_flag(name, written)
        except FlagError as error:
            wrong.append(str(error))
            if name in known:
                flags[name] = known[name]
    return flags


def _news(document: Document, known: News | None, wrong: list[str]) -> News | None:
    try:
        return news_of(document)
    except FlagError as error:
        wrong.append(str(error))
        return known
