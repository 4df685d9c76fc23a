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

from tests.chaos.backends import Distributed, Standalone
from tests.chaos.phones import Phones
from tests.chaos.plan import make_plan
from tests.chaos.run import Result, Run
from tests.chaos.world import RandomFaults
from tests.emulators import firestore_process, pubsub_process


def main() -> int:
    """Run what was asked for; return 0 if nothing went wrong."""
    options = _options()
    # The stand-ins complain about each process that is not there.
    logging.disable(logging.CRITICAL)
    names = ["standalone", "cloud"] if options.backend == "both" else [options.backend]
    results = [_run(name, options) for name in names]
    for result in results:
        sys.stdout.write(f"\n{result.table()}\n")
    again = f"--seed {options.seed} --messages {options.messages} --kills {options.kills}"
    sys.stdout.write(f"\nThe same choices again: make chaos ARGS='{again}'\n")
    return 0 if all(result.spotless for result in results) else 1


def _run(name: str, options: argparse.Namespace) -> Result:
    plan = make_plan(options.seed, options.messages, options.contacts)
    folder = Path(options.keep or tempfile.mkdtemp(prefix="chaos-")) / f"{name}-{os.getpid()}"
    folder.mkdir(parents=True)
    _tell(f"{name}: seed {options.seed}, logs in {folder}")
    with ExitStack() as stack:
        phones = Phones(plan, RandomFaults(plan.random("faults")))
        stack.callback(phones.account.close)
        if name == "standalone":
            backend = Standalone(folder, plan, phones, stack)
        else:
            addresses = {
                "firestore_address": stack.enter_context(firestore_process(folder / "firestore")),
                "pubsub_address": stack.enter_context(pubsub_process(folder / "pubsub")),
            }
            backend = Distributed(folder, plan, phones, stack, **addresses)
        return Run(backend, plan, phones, options.kills, _tell).go()


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
        "--messages", type=int, default=5000, help="how many are written (%(default)s)"
    )
    parser.add_argument(
        "--contacts", type=int, default=250, help="by how many people (%(default)s)"
    )
    parser.add_argument(
        "--kills", type=int, default=200, help="how often something dies (%(default)s)"
    )
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
