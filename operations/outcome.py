"""How a command ends: with an exit code, and a sentence about what went wrong."""

import sys
from collections.abc import Callable

from lib.errors import ConfigurationError, GatewayError

_FAILED, _BAD_CALL = 1, 2


def exit_code(work: Callable[[], int], way_out: str = "Try again.") -> int:
    """Do the work of a command, and return its exit code, or that of what went wrong.

    ``way_out`` is what its user can do where the gateway's data were not to be had.
    """
    try:
        return work()
    except ConfigurationError as error:
        sys.stderr.write(f"Configuration error:\n{error}\n")
        return _BAD_CALL
    except GatewayError as error:
        sys.stderr.write(f"It did not work: {error}. {way_out}\n")
        return _FAILED
