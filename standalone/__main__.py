"""``python -m standalone``: the gateway as one process, with a simulator if none is set up."""

import sys

from lib.errors import ConfigurationError, GatewayError
from lib.runtime import config as configuration
from standalone.server import run

_BAD_CONFIGURATION = 2


def main() -> int:
    """Run until told to stop; return the exit code."""
    try:
        run(configuration.load(configuration.environment()))
    except ConfigurationError as error:
        sys.stderr.write(f"Configuration error:\n{error}\n")
        return _BAD_CONFIGURATION
    except (OSError, GatewayError) as error:
        sys.stderr.write(f"Cannot start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
