"""Runs a program that kills itself, with SIGKILL, at the steps it is ordered to.

    python victim.py ORDERS MODULE [ARGUMENT ...]

An order is a file in the folder ORDERS: its name is the log message that marks the step (blanks
as ``_``), its content the seconds to live on after it. Whoever reaches the step first takes the
order. Steps are log messages because those are written by the very thread that does the work.
"""

import logging
import os
import runpy
import signal
import sys
import threading
import time
from pathlib import Path


class Executioner(logging.Handler):
    """Ends the process at the ordered step."""

    def __init__(self, orders: Path) -> None:
        super().__init__()
        self._orders = orders

    def emit(self, record: logging.LogRecord) -> None:
        step = record.getMessage().replace(" ", "_")
        order, taken = self._orders / step, self._orders / f"{step}.{os.getpid()}.taken"
        try:
            order.rename(taken)
        except FileNotFoundError:
            return
        delay = float(taken.read_text() or 0)
        if delay:
            threading.Thread(target=self._later, args=(delay,), daemon=True).start()
        else:
            self._die()

    def _later(self, delay: float) -> None:
        time.sleep(delay)
        self._die()

    @staticmethod
    def _die() -> None:
        # With the server that would start it anew at once: an instance ends as a whole.
        os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    orders, module, *arguments = sys.argv[1:]
    logging.getLogger("lib").addHandler(Executioner(Path(orders)))
    # As with python -m: the folder it is started in comes first.
    sys.path[0] = os.getcwd()  # noqa: PTH109 - a path to import from, as text
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
