"""``make people``: who writes to the gateway, and what an operator does about them.

Works on the data folder of this machine, or, where GOOGLE_CLOUD_PROJECT is set, on Firestore; the
gateway may be running meanwhile. Names and numbers are masked unless ``--full`` is said.
"""

import argparse
import sys
from collections.abc import Sequence

from operations.gateway import connected
from operations.outcome import exit_code
from operations.people.block import BLOCK, UNBLOCK
from operations.people.consent import CONSENT
from operations.people.export import EXPORT
from operations.people.forget import FORGET
from operations.people.invite import INVITE
from operations.people.listing import LIST, SHOW
from operations.people.merge import MERGE
from operations.people.subcommand import Subcommand

SUBCOMMANDS: tuple[Subcommand, ...] = (
    LIST,
    SHOW,
    INVITE,
    BLOCK,
    UNBLOCK,
    CONSENT,
    MERGE,
    EXPORT,
    FORGET,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    subcommand: Subcommand = options.subcommand
    return exit_code(lambda: subcommand.run(options, connected(local=options.local)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='make people ARGS="..."', description=__doc__)
    parser.set_defaults(subcommand=LIST, local=False, full=False)
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    for one in (parser, shared):
        one.add_argument("--local", action="store_true", help="DATA_DIR, even on Google Cloud")
        one.add_argument("--full", action="store_true", help="whole numbers and names")
    commands = parser.add_subparsers(title="commands", metavar="")
    for entry in SUBCOMMANDS:
        command = commands.add_parser(entry.name, help=entry.about, parents=[shared])
        entry.arguments(command)
        command.set_defaults(subcommand=entry)
    return parser


if __name__ == "__main__":
    sys.exit(main())
