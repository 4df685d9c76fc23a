"""``make bench``: measure everything in one run, and write the table, its values and a plot.

Ends with 1 where something failed or got lost, with 0 even where a target is missed.
"""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bench import machine, plot, report
from bench.groups import GROUPS, Group
from bench.processes import ROOT
from bench.rows import Row
from bench.scene import Scene, without_proxies

INTERRUPTED = 130


def main() -> int:
    """Run what was asked for; return the exit code."""
    options = _options()
    if options.list:
        for group in GROUPS:
            sys.stdout.write(f"{group.name:<12} {group.what}\n")
        return 0
    end_on_signals()
    without_proxies()
    # Without an emulator there is no figure, and that is a failure.
    os.environ["CI"] = "true"
    try:
        return _run(options)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; everything that was started is ended.\n")
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    where = machine.here()
    (ROOT / "build").mkdir(exist_ok=True)
    rows: list[Row] = []
    failures: dict[str, str] = {}
    paces = list(where.pace)
    # On the disk of the clone: a temporary folder may be in memory, where a commit costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
        for group in options.only:
            rows += _measure(group, Path(folder) / group.name, failures, quick=options.quick)
            paces.append(machine.pace())
    _write(options, rows, replace(where, pace=tuple(paces)), failures)
    return 1 if failures else 0


def _measure(group: Group, folder: Path, failures: dict[str, str], *, quick: bool) -> list[Row]:
    folder.mkdir()
    with ExitStack() as stack:
        scene = Scene(folder, stack, quick=quick)
        try:
            scene.say(f"{group.name}: {group.what}")
            return group.load()(scene)
        except Exception as error:  # noqa: BLE001 - the other figures are still worth having
            failures[group.name] = f"{type(error).__name__}: {error}"
            sys.stderr.write(traceback.format_exc())
            return []


def _write(
    options: argparse.Namespace,
    rows: Sequence[Row],
    where: machine.Machine,
    failures: dict[str, str],
) -> None:
    results: Path = options.results
    results.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y-%m-%d}-{where.label}.json"
    quick = options.quick
    (results / name).write_text(report.raw(rows, where, failures, quick=quick))
    (results / "latest.md").write_text(report.document(rows, where, failures, quick=quick))
    (results / "latest.svg").write_text(plot.svg(rows))
    sys.stdout.write(f"\n{report.table(rows)}\n\nWritten to {results}: {name}, latest.md, .svg\n")
    for failed, reason in failures.items():
        sys.stdout.write(f"{failed} FAILED: {reason}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the parts and end")
    parser.add_argument("--only", type=_groups, default=GROUPS, metavar="NAME,...")
    parser.add_argument(
        "--quick", action="store_true", help="fewer repetitions: under two minutes, less certain"
    )
    parser.add_argument("--results", type=Path, default=ROOT / "bench" / "results", metavar="DIR")
    return parser.parse_args()


def _groups(names: str) -> tuple[Group, ...]:
    known = {group.name: group for group in GROUPS}
    unknown = [name for name in names.split(",") if name not in known]
    if unknown:
        words = f"nothing is called {', '.join(unknown)}; there are: {', '.join(known)}"
        raise argparse.ArgumentTypeError(words)
    return tuple(known[name] for name in names.split(","))


def end_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end what was started, too, on the way out."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    # A second signal must not cut the cleaning up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
