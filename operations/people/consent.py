"""``make people ARGS="consent CONTACT granted|revoked --evidence '...'"``: a consent on paper."""

import argparse
import sys
from datetime import UTC, datetime

from lib.conversation.consent import Purpose
from lib.conversation.consenting import ConsentError, note
from lib.runtime.gateway import Gateway
from lib.settings import roles
from lib.storage.stores.consents import GRANTED, REVOKED
from operations.people.subcommand import Subcommand, contact_argument, operator, shown

_LONGEST = 500
_BAD_CALL = 2


def _consent(options: argparse.Namespace, gateway: Gateway) -> int:
    """Note a consent, or that it is withdrawn, with its evidence.

    Raises:
        ConfigurationError: what names are hashed with is not set; nothing is noted.
    """
    by = options.by or operator()
    if not by:
        sys.stderr.write("Nobody is known on this machine who notes it: say --by NAME.\n")
        return _BAD_CALL
    now, stores = datetime.now(UTC), gateway.stores()
    if stores.conversations.read(options.contact, "").session is None:
        # All that says how they stand is then under a hash of their name.
        roles.require("erasing", gateway.config, local=gateway.local)
    try:
        note(options.contact, options.state, options.kind, options.evidence, by, now, stores)
    except ConsentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    who = shown(options.contact, options)
    sys.stdout.write(f"{who}: consent to {options.kind} {options.state}, noted by {by}.\n")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    contact_argument(parser)
    parser.add_argument("state", choices=(GRANTED, REVOKED))
    parser.add_argument("--evidence", required=True, type=_words, help="like 'letter of 3 May'")
    parser.add_argument(
        "--kind", default=Purpose.BROADCASTS.value, choices=(Purpose.BROADCASTS.value,)
    )
    parser.add_argument("--by", type=_words, help="who notes it, if not this user")


def _words(typed: str) -> str:
    """Return one line of words; argparse tells of what has none, or too many."""
    words = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if not words or len(words) > _LONGEST:
        raise argparse.ArgumentTypeError(f"from 1 to {_LONGEST} characters are needed")
    return words


CONSENT = Subcommand("consent", "note by a proof what somebody consented to", _consent, _arguments)
