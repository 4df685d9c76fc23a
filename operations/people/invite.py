"""Making an invitation: a code that lets people in, once each."""

import argparse
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from lib.errors import StoreError
from lib.model.access import Invitation
from lib.people.invitations import BITS, code_of, id_of
from lib.runtime.gateway import Gateway
from operations.people.subcommand import Subcommand, operator, time

_MOST_USES, _MOST_DAYS = 1000, 365
_MOST_TRIES = 5


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", default="", type=_email, help="the account they act as")
    parser.add_argument("--assistants", default="", help="ids, with commas: those they may use")
    parser.add_argument("--uses", default=1, type=_from_one_to(_MOST_USES), help="how many people")
    parser.add_argument("--days", default=7, type=_from_one_to(_MOST_DAYS), help="until it ends")


def _email(typed: str) -> str:
    name, _, domain = typed.rpartition("@")
    if not (name and domain) or any(map(str.isspace, typed)):
        raise argparse.ArgumentTypeError("an e-mail address is needed")
    return typed.lower()


def _from_one_to(most: int) -> Callable[[str], int]:
    def number(typed: str) -> int:
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= most):
            raise argparse.ArgumentTypeError(f"a whole number from 1 to {most} is needed")
        return int(typed)

    return number


def _invite(options: argparse.Namespace, gateway: Gateway) -> int:
    expires_at = datetime.now(UTC) + timedelta(days=options.days)
    ids = frozenset(filter(None, map(str.strip, options.assistants.split(","))))
    invitation = Invitation(
        options.uses, expires_at, operator() or "an operator", options.email, ids or None
    )
    code = _made(invitation, gateway)
    sys.stdout.write(f"{code}\n")
    number = gateway.config.twilio.whatsapp_number.lstrip("+")
    if number:
        sys.stdout.write(f"https://wa.me/{number}?text={quote(f'/login {code}')}\n")
    who = "one person" if options.uses == 1 else f"{options.uses} people"
    sys.stdout.write(f"For {who}, until {time(expires_at)}. It is shown this once.\n")
    return 0


def _made(invitation: Invitation, gateway: Gateway) -> str:
    """Keep an invitation; return its code, which nobody had before."""
    for _ in range(_MOST_TRIES):
        code = code_of(secrets.randbits(BITS))
        if gateway.stores().invitations.make(id_of(code), invitation):
            return code
    raise StoreError("no new code was found")


INVITE = Subcommand("invite", "make a code that lets somebody in", _invite, _arguments)
