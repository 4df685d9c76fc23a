"""``make chaos``: the gateway is killed hundreds of times, and must neither lose nor repeat."""

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.attacks import ATTACKS
from tests.chaos.backends import Distributed, Standalone
from tests.chaos.run import Result
from tests.emulators import firestore_process, pubsub_process


def main() -> int:
    """Run what was asked for; return 0 if nothing went wrong."""
    options = _options()
    # The stand-ins complain about each process that is not there.
    logging.disable(logging.CRITICAL)
    names = ["standalone", "cloud"] if options.backend == "both" else [options.backend]
    attacks = list(ATTACKS) if options.attack == "all" else [options.attack]
    results = [_run(name, attack, options) for attack in attacks for name in names]
    for result in results:
        sys.stdout.write(f"\n{result.table()}\n")
    told = {name: getattr(options, name) for name in ("attack", "seed", "messages", "kills")}
    again = " ".join(f"--{name} {value}" for name, value in told.items() if value is not None)
    sys.stdout.write(f"\nThe same choices again: make chaos ARGS='{again}'\n")
    return 0 if all(result.spotless for result in results) else 1


def _run(name: str, attack_name: str, options: argparse.Namespace) -> Result:
    attack = ATTACKS[attack_name]
    messages = attack.messages if options.messages is None else options.messages
    kills = attack.kills if options.kills is None else options.kills
    plan = attack.plan(options.seed, messages, options.contacts)
    kept = Path(options.keep or tempfile.mkdtemp(prefix="chaos-"))
    folder = kept / f"{name}-{attack_name}-{os.getpid()}"
    folder.mkdir(parents=True)
    _tell(f"{name}, {attack_name}: seed {options.seed}, logs in {folder}")
    with ExitStack() as stack:
        phones, world = attack.phones(plan), attack.world(plan)
        stack.callback(phones.account.close)
        if name == "standalone":
            backend = Standalone(folder, world, phones, stack)
        else:
            addresses = {
                "firestore_address": stack.enter_context(firestore_process(folder / "firestore")),
                "pubsub_address": stack.enter_context(pubsub_process(folder / "pubsub")),
            }
            backend = Distributed(folder, world, phones, stack, **addresses)
        result = attack.run(backend, plan, phones, kills, tell=_tell).go()
        _tell(f"{name}, {attack_name}:\n{result.table()}")
        return result


def _tell(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument(
        "--backend",
        choices=["standalone", "cloud", "both"],
        default="both",
        help="one machine, the staged functions on the emulators, or one after the other",
    )
    parser.add_argument(
        "--attack",
        choices=[*ATTACKS, "all"],
        default="all",
        help="what people do: single messages, writing while an assistant thinks, or sending media",
    )
    parser.add_argument("--messages", type=int, help="how many are written (5000; of media 500)")
    parser.add_argument(
        "--contacts", type=int, default=250, help="by how many people (%(default)s)"
    )
    parser.add_argument("--kills", type=int, help="how often something dies (200; with media 40)")
    parser.add_argument(
        "--seed",
        type=int,
        default=random.SystemRandom().randrange(10**9),
        help="of every choice (a new one)",
    )
    parser.add_argument("--keep", metavar="DIR", help="where logs and data are kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
