"""``python -m standalone``: the gateway as one process, with a simulator if none is set up."""

import argparse
import socket
import sys

from lib.errors import ConfigurationError, GatewayError
from lib.file_errors import said
from lib.settings import config as configuration
from standalone import demo, server, settings
from standalone.settings import StandIns

_BAD_CONFIGURATION = 2


def main() -> int:
    """Run until told to stop; return the exit code."""
    options = _options()
    stand_ins = StandIns(
        options.twilio_url,
        options.public_url,
        options.assistants_url,
        options.catalogue,
        options.timeout,
    )
    server.stop_on_signals()
    try:
        config = configuration.load(configuration.environment(), settings.complaints)
        if options.listener is not None:
            server.run(config, stand_ins, socket.socket(fileno=options.listener))
        elif settings.wants_simulator(config):
            return demo.run(config, model=options.llm)
        else:
            server.run(config, stand_ins, adopt=options.adopt_data)
    except ConfigurationError as error:
        sys.stderr.write(f"Configuration error:\n{error}\n")
        return _BAD_CONFIGURATION
    except (OSError, GatewayError) as error:
        reason = said(error) if isinstance(error, OSError) else str(error)
        sys.stderr.write(f"Cannot start: {reason}\n")
        return 1
    return 0


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
