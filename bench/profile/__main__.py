"""``make profile``: imports of each function, a sampling profile, a trace of round trips."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from bench.__main__ import INTERRUPTED, end_on_signals
from bench.processes import ROOT
from bench.scene import Scene, without_proxies

_PARTS = ("imports", "sampling", "trace")


def main() -> int:
    """Show what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="make profile", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(_PARTS)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="a shorter load")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(_PARTS):
        parser.error(f"nothing is called {', '.join(sorted(unknown))}")
    end_on_signals()
    without_proxies()
    os.environ["CI"] = "true"
    try:
        for part in options.parts or _PARTS:
            _show(part, quick=options.quick)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _show(part: str, *, quick: bool) -> None:
    (ROOT / "build").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="profile-", dir=ROOT / "build") as folder,
        ExitStack() as stack,
    ):
        scene = Scene(Path(folder), stack, quick=quick)
        scene.say(f"profile: {part}")
        text: str = import_module(f"bench.profile.{part}").show(scene)
        sys.stdout.write(f"\n{text}\n")


if __name__ == "__main__":
    sys.exit(main())
