"""One line of the table of subcommands, and what they share."""

import argparse
import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lib.address import mask, parse_address
from lib.errors import AddressError
from lib.runtime.gateway import Gateway


def _nothing(_: argparse.ArgumentParser) -> None:
    """A subcommand without arguments."""


@dataclass(frozen=True, slots=True)
class Subcommand:
    """What is typed, what it does in a line, its arguments, and what carries it out.

    ``run`` returns the exit code.
    """

    name: str
    about: str
    run: Callable[[argparse.Namespace, Gateway], int]
    arguments: Callable[[argparse.ArgumentParser], None] = _nothing


def contact_argument(parser: argparse.ArgumentParser) -> None:
    """Take a contact: a number, or a business-scoped id."""
    parser.add_argument("contact", metavar="CONTACT", type=address_of, help="like +14155238886")


def address_of(typed: str) -> str:
    """Return an address as it is kept; argparse tells of one that is none."""
    try:
        return parse_address(typed)
    except AddressError:
        message = "a number like +14155238886, or a business-scoped id, is needed"
        raise argparse.ArgumentTypeError(message) from None


def operator() -> str:
    """Who is at work, as the system knows them; empty in a container whose user has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def shown(address: str, options: argparse.Namespace) -> str:
    """An address, or as much of it as may be seen."""
    return address if options.full or not address else mask(address)


def time(moment: datetime | None) -> str:
    """A time as an operator reads it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else "never"
