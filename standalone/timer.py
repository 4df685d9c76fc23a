"""Work that is done again and again while the process serves."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack

from lib.errors import GatewayError
from lib.shortage import start_thread

_log = logging.getLogger(__name__)


def every(interval: float, name: str, work: Callable[[], object], stack: ExitStack) -> None:
    """Do something every ``interval`` seconds until the stack is closed, whatever comes of it.

    Raises:
        ShortageError: there is no thread to do it with.
    """
    stopped = threading.Event()
    stack.callback(stopped.set)

    def repeat() -> None:
        while not stopped.wait(interval):
            try:
                work()
            except GatewayError as error:
                _log.warning(f"{name} failed", extra={"code": error.code, "reason": str(error)})
            except Exception:  # noqa: BLE001 - whatever it is, the next time may be better
                _log.exception(f"{name} failed")

    start_thread(repeat, name)
