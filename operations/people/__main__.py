"""The command line of ``make people``.

Works on the data folder of this machine, or, where GOOGLE_CLOUD_PROJECT is set, on Google Cloud;
the gateway may be running meanwhile.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from lib.errors import AddressError, ConfigurationError, GatewayError
from lib.runtime import local_data, log
from lib.runtime.gateway import Gateway
from lib.settings import config as configuration
from operations.people.merge import merge

_BAD_CALL = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return merge(options.kept, options.other, _gateway(local=options.local))
    except AddressError as error:
        sys.stderr.write(f"{error}: write a number like +4917012345678, or a business-scoped id\n")
        return _BAD_CALL
    except ConfigurationError as error:
        sys.stderr.write(f"Configuration error:\n{error}\n")
        return _BAD_CALL
    except GatewayError as error:
        sys.stderr.write(f"It did not work: {error}. Nothing is lost; try again.\n")
        return 1


def _gateway(*, local: bool) -> Gateway:
    config = configuration.load(configuration.environment())
    log.configure(config, sys.stderr)
    if config.google.project and not local:
        return Gateway(config)
    folder = local_data.folder_to_look_at(config)
    gateway = Gateway(replace(config, data_dir=folder), local=True)
    if config.twilio.is_set:
        # The demo's are not for real people, nor another account's for this one's.
        local_data.check(gateway.sqlite(), config, folder)
    return gateway


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make people ARGS=...")
    parser.add_argument("--local", action="store_true", help="on the data folder of this machine")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("merge", help="two sessions of one person become one")
    command.add_argument("kept", help="the number, or business-scoped id, whose session stays")
    command.add_argument("other", help="the one that is theirs from now on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
