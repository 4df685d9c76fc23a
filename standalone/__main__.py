"""``python -m standalone``: the gateway as one process, with a simulator if none is set up."""

import argparse
import sys

from standalone import shutdown
from standalone.loading import unsearched


def main() -> int:
    """Run until told to stop; return the exit code."""
    options = _options()
    if options.listener is not None:
        shutdown.end_with_parent()
    with unsearched():
        # Only now: it takes a while on a busy machine, in which the parent may end.
        from standalone.start import start  # noqa: PLC0415 - as above
    return start(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m standalone",
        description="The WhatsApp gateway on this machine. Its settings are environment "
        "variables (or lines of .env), all of them in README.md. Without Twilio's, everything "
        "around the gateway is played, and a page shows it.",
    )
    parser.add_argument(
        "--llm", action="store_true", help="let a small language model answer: see make run-llm"
    )
    parser.add_argument(
        "--adopt-data",
        action="store_true",
        help="let the data of another account or number in DATA_DIR be this one's from now on",
    )
    worker = parser.add_argument_group("what the demo tells its worker")
    worker.add_argument("--listener", type=int, metavar="FD", help="serve from this socket")
    worker.add_argument("--twilio-url", default="", metavar="URL")
    worker.add_argument("--public-url", default="", metavar="URL")
    worker.add_argument("--assistants-url", default="", metavar="URL")
    worker.add_argument("--catalogue", default="", metavar="FILE")
    worker.add_argument("--timeout", type=float, default=0.0, metavar="SECONDS")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
