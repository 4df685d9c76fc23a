"""What the process is: the demo, the demo's worker, or the gateway of an account."""

import argparse
import socket
import sys

from lib.errors import ConfigurationError, GatewayError
from lib.file_errors import said
from lib.settings import config as configuration
from standalone import server, settings, shutdown
from standalone.settings import StandIns

_BAD_CONFIGURATION = 2


def start(options: argparse.Namespace) -> int:
    """Run until told to stop; return the exit code."""
    stand_ins = StandIns(
        options.twilio_url,
        options.public_url,
        options.assistants_url,
        options.catalogue,
        options.timeout,
    )
    shutdown.stop_on_signals()
    try:
        config = configuration.load(configuration.environment(), settings.complaints)
        if options.listener is not None:
            server.run(config, stand_ins, socket.socket(fileno=options.listener))
        elif settings.wants_simulator(config):
            from standalone import demo  # noqa: PLC0415 - a gateway of an account starts without it

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
