"""Blocking people, and taking that back; noticed with their next message."""

import argparse
import sys

from lib.runtime.gateway import Gateway
from lib.storage.stores.permissions import block
from operations.people.subcommand import Subcommand, contact_argument, shown


def _block(options: argparse.Namespace, gateway: Gateway) -> int:
    _change(options, gateway, blocked=True)
    sys.stdout.write(f"{shown(options.contact, options)} is blocked\n")
    return 0


def _unblock(options: argparse.Namespace, gateway: Gateway) -> int:
    _change(options, gateway, blocked=False)
    if gateway.stores().conversations.read(options.contact, "").permissions.blocked:
        sys.stderr.write(
            f"{shown(options.contact, options)} is still blocked: by the file of assistants, or by "
            "a rule of their account, their domain or everybody\n"
        )
        return 1
    sys.stdout.write(f"{shown(options.contact, options)} is not blocked\n")
    return 0


def _change(options: argparse.Namespace, gateway: Gateway, *, blocked: bool) -> None:
    """Write it under the number, and under the business-scoped id if one is known."""
    stores = gateway.stores()
    person = stores.conversations.read(options.contact, "")
    user_id = person.session.user_id if person.session else ""
    for name in filter(None, dict.fromkeys((person.contact, user_id))):
        block(stores.documents, name, blocked=blocked)


BLOCK = Subcommand("block", "answer somebody no more", _block, contact_argument)
UNBLOCK = Subcommand("unblock", "take that back", _unblock, contact_argument)
