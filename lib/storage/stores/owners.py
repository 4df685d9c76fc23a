"""New owners of numbers, and the day on which everybody seems to be one.

A number that shows another business-scoped id has passed on to somebody else; see decision 0045.
But ids are those of a portfolio at Meta: when a sender moves to another one, all people get new
ids at once, and none of them is anybody else.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from lib.ports.documents import Documents
from lib.storage.fields import time
from lib.storage.stores.identity import Identity
from lib.storage.stores.sessions import SESSIONS

LOOKED_AT = 100
"""People, those who wrote last."""

MOST_NEW = 5
"""Of them, who may have got another id within a day: numbers pass on far more seldom."""

_DAY = timedelta(days=1)
_log = logging.getLogger(__name__)


def owner(person: Identity, user_id: str, documents: Documents, now: datetime) -> Identity:
    """Return who a person is whose number showed another id before: somebody else, or the same.

    The same, with the new id, while more people than can be have got other ids.
    """
    if person.former is None or not _all_have_new_ids(documents, now):
        return person
    _log.error("business-scoped ids of many people changed")
    same = replace(person.former, user_id=user_id, user_id_since=now)
    return replace(person, session=same, former=None)


def _all_have_new_ids(documents: Documents, now: datetime) -> bool:
    newest = documents.newest(SESSIONS, "last_active", LOOKED_AT)
    since = [time(stored.document.get("user_id_since")) for _, stored in newest]
    return sum(one > now - _DAY for one in since) > MOST_NEW
