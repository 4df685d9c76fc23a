"""``make people ARGS="forget CONTACT"``: erase a person who asked for it in another way."""

import argparse
import sys
from datetime import UTC, datetime

from lib.conversation.erasure import erasure_of
from lib.model.erasure import Used, used_in
from lib.runtime.gateway import Gateway
from lib.settings import roles
from operations.people.subcommand import Subcommand, contact_argument, shown


def _forget(options: argparse.Namespace, gateway: Gateway) -> int:
    """Begin the erasure of a person, and do as much of it as can be done now.

    Raises:
        ConfigurationError: what it takes to log in at Twilio is not set; nothing is begun.
    """
    roles.require("erasing", gateway.config, local=gateway.local)
    stores, now = gateway.stores(), datetime.now(UTC)
    person = stores.conversations.read(options.contact, "")
    erasure = erasure_of(person, person.session, "", now, now, stores)
    used = used_in(person.session) if person.session else Used()
    stores.erasures.begin(erasure, person.opted_out_at, used)
    is_done = gateway.erase(erasure.id)
    rest = "" if is_done else " At Twilio, and for what was under way, the gateway goes on."
    sys.stdout.write(f"{shown(options.contact, options)} is erased here.{rest}\n")
    return 0


FORGET = Subcommand(
    "forget", "erase everything kept of a person, here and at Twilio", _forget, contact_argument
)
