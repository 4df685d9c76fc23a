"""``make people ARGS="merge KEPT OTHER"``: two sessions of one person become one."""

import argparse
import sys

from lib.conversation.merging import MergeError
from lib.conversation.merging import merge as merge_sessions
from lib.runtime.gateway import Gateway
from operations.people.subcommand import Subcommand, address_of, shown


def _merge(options: argparse.Namespace, gateway: Gateway) -> int:
    """Let all that the other address writes be the kept one's."""
    try:
        session = merge_sessions(options.kept, options.other, gateway.stores())
    except MergeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    other, kept = shown(options.other, options), shown(session.contact, options)
    sys.stdout.write(f"{other} is {kept} from now on.\n")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kept", type=address_of, help="whose session stays")
    parser.add_argument("other", type=address_of, help="the one that is theirs from now on")


MERGE = Subcommand("merge", "let two addresses be one person's", _merge, _arguments)
