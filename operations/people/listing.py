"""Showing people: all of them, or what is known of one."""

import argparse
import sys

from lib.conversation.consent import Purpose, may_write_first
from lib.conversation.consenting import events_of
from lib.model import Conversation, Session
from lib.runtime.gateway import Gateway
from lib.storage.stores.consents import OPERATOR, ConsentEvent
from operations.people.subcommand import Subcommand, contact_argument, shown, time

MOST = 1000
"""People listed in one call, those who wrote last first."""


def _list(options: argparse.Namespace, gateway: Gateway) -> int:
    sessions = gateway.stores().sessions.newest(MOST)
    if not sessions:
        sys.stdout.write("Nobody has written yet.\n")
    for one in sessions:
        name = f"  {one.display_name}" if options.full else ""
        marks = ", ".join(_marks(one, options))
        line = f"{time(one.last_active)}  {shown(one.contact, options):<16}{name}  {marks}"
        sys.stdout.write(f"{line.rstrip()}\n")
    return 0


def _marks(session: Session, options: argparse.Namespace) -> list[str]:
    marks = {
        "opted out": session.opted_out_at,
        "logged in": session.login,
        "with a human": session.human,
        f"unreachable ({session.unreachable})": session.unreachable,
    }
    email = session.login.email if session.login and options.full else ""
    return [mark for mark, is_so in marks.items() if is_so] + ([email] if email else [])


def _show(options: argparse.Namespace, gateway: Gateway) -> int:
    person = gateway.stores().conversations.read(options.contact, "")
    for name, value in _facts(person, options).items():
        sys.stdout.write(f"{name + ':':<16}{value}\n")
    for event in events_of(person, gateway.stores()):
        sys.stdout.write(f"{'consent:':<16}{_told(event, options)}\n")
    return 0


def _told(event: ConsentEvent, options: argparse.Namespace) -> str:
    """An event of consent in a line; a person's own words only where all is asked for."""
    about, by = f" ({event.kind})" if event.kind else "", f" by {event.by}" if event.by else ""
    may_be_shown = options.full or event.source == OPERATOR
    wording = f": {event.wording}" if event.wording and may_be_shown else ""
    return f"{time(event.at)}  {event.state}{about}, {event.source}{by}{wording}"


def _facts(person: Conversation, options: argparse.Namespace) -> dict[str, str]:
    session, allowed = person.session, person.permissions
    assistants = "all" if allowed.assistants is None else ", ".join(sorted(allowed.assistants))
    facts = {
        "contact": shown(person.contact, options),
        "blocked": "yes" if allowed.blocked else "no",
        "listed": "yes" if person.listed else "no",
        "account": shown(person.account, options) or "none",
        "assistants": assistants or "none",
    }
    facts |= {
        "opted out": time(person.opted_out_at) if person.opted_out_at else "no",
        "broadcasts": "yes" if may_write_first(person, Purpose.BROADCASTS) else "no",
    }
    if session is None:
        return facts | {"session": "none: they never wrote, or it was deleted"}
    return facts | {
        "name": session.display_name if options.full else "…",
        "user id": shown(session.user_id, options) or "none",
        "first seen": time(session.created_at),
        "last active": time(session.last_active),
        "assistant": session.assistant_id,
        "logged in": time(session.login.at) if session.login else "no",
    }


LIST = Subcommand("list", "who wrote, the latest first", _list)
SHOW = Subcommand("show", "what is known of one", _show, contact_argument)
