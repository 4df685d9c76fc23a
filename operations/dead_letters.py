"""``make dead-letters``: what the gateway gave up, and a second chance for it.

Works on the data folder of this machine, or, where GOOGLE_CLOUD_PROJECT is set, on Firestore and
Pub/Sub; the gateway may be running meanwhile.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from lib.address import mask
from lib.errors import DocumentError, EnvelopeError
from lib.model import DeadLetter, InboundMessage, Turn
from lib.turn.overdue import Requeuer
from lib.turn.replay import queued, replay
from operations.gateway import connected
from operations.outcome import exit_code

MOST = 1000
"""Letters looked at in one call, the newest first."""

_BAD_CALL = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Requeuer], int] = options.run
    return exit_code(
        lambda: run(options, connected(local=options.local).requeuer()),
        way_out="Nothing is lost; try again.",
    )


def _list(_options: argparse.Namespace, requeuer: Requeuer) -> int:
    letters = requeuer.stores.dead_letters.newest(MOST)
    if not letters:
        sys.stdout.write("No dead letters.\n")
    for letter in letters:
        replayed = f"replayed {_time(letter.replayed_at)}" if letter.replayed_at else ""
        line = (
            f"{_time(letter.at)}  {letter.id:<36}  {_who(letter):<7}  {letter.reason}  {replayed}"
        )
        sys.stdout.write(f"{line.rstrip()}\n")
    return 0


def _show(options: argparse.Namespace, requeuer: Requeuer) -> int:
    letter = requeuer.stores.dead_letters.find(options.id)
    if letter is None:
        return _unknown(options.id)
    turn, state = _turn(letter, requeuer)
    facts = {
        "id": letter.id,
        "given up": _time(letter.at),
        "reason": letter.reason,
        "replayed": _time(letter.replayed_at) if letter.replayed_at else "never",
        "trace": letter.trace_id,
        "turn": state,
        "chunks": ", ".join(chunk.state.value for chunk in turn.chunks) if turn else "",
        "payload": letter.payload,
    }
    for name, value in facts.items():
        sys.stdout.write(f"{name + ':':<10}{value}\n")
    return 0


def _replay(options: argparse.Namespace, requeuer: Requeuer) -> int:
    letters: list[DeadLetter | None]
    if options.all:
        letters = [one for one in requeuer.stores.dead_letters.newest(MOST) if not one.replayed_at]
    elif options.ids:
        letters = [requeuer.stores.dead_letters.find(one) for one in options.ids]
    else:
        sys.stderr.write("Name the letters to replay, or say --all.\n")
        return _BAD_CALL
    for letter_id, letter in zip(options.ids or [""] * len(letters), letters, strict=True):
        if letter is None:
            return _unknown(letter_id)
    return _replay_all([letter for letter in letters if letter], requeuer)


def _replay_all(letters: Sequence[DeadLetter], requeuer: Requeuer) -> int:
    failed = 0
    # The oldest first: in the order in which they were written.
    for letter in sorted(letters, key=lambda one: one.at):
        try:
            replay(letter, requeuer)
        except (EnvelopeError, DocumentError) as error:
            failed += 1
            sys.stderr.write(f"{letter.id} cannot be replayed: {error}\n")
        else:
            sys.stdout.write(f"{letter.id} is queued again\n")
    return 1 if failed else 0


def _turn(letter: DeadLetter, requeuer: Requeuer) -> tuple[Turn | None, str]:
    """Return the turn of a letter, if it can be read, and where it stands in a word or two."""
    try:
        turn = requeuer.stores.turns.find(_turn_id(letter))
    except DocumentError as error:
        return None, str(error)
    return turn, turn.state.value if turn else "unknown"


def _turn_id(letter: DeadLetter) -> str:
    """Return the id of the turn: that of the message, and nearly always of its letter."""
    try:
        message = queued(letter)
    except EnvelopeError:
        return letter.id
    return message.id if isinstance(message, InboundMessage) else letter.id


def _unknown(letter_id: str) -> int:
    sys.stderr.write(f"There is no dead letter {letter_id}; see: make dead-letters\n")
    return 1


def _who(letter: DeadLetter) -> str:
    try:
        message = queued(letter)
    except EnvelopeError:
        return "?"
    return mask(message.address)


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make dead-letters ARGS=...", description=__doc__)
    parser.add_argument(
        "--local", action="store_true", help="DATA_DIR, even if GOOGLE_CLOUD_PROJECT is set"
    )
    parser.set_defaults(run=_list)
    commands = parser.add_subparsers(title="commands", metavar="")
    commands.add_parser("list", help="all of them, the newest first").set_defaults(run=_list)
    show = commands.add_parser("show", help="everything about one")
    show.add_argument("id", metavar="ID")
    show.set_defaults(run=_show)
    again = commands.add_parser("replay", help="try some of them again, or all")
    again.add_argument("ids", metavar="ID", nargs="*")
    again.add_argument("--all", action="store_true", help="all that were not replayed yet")
    again.set_defaults(run=_replay)
    return parser


if __name__ == "__main__":
    sys.exit(main())
