"""How much work one answer may be: a check that is asked again and again while it is made.

It is known to whatever is called within ``limited``, and nobody else: the parts of a formatter
are many, and none of them decides how long it may take.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lib.errors import GatewayError

Check = Callable[[], None]
"""Returns while the work may go on, and raises a WorkLimitError when it may not."""


class WorkLimitError(GatewayError):
    """Making messages of an answer takes more work than it may."""

    code = "work_limit"


def unlimited() -> None:
    """Return whatever was done."""


_check: ContextVar[Check | None] = ContextVar("check", default=None)


@contextmanager
def limited(check: Check) -> Iterator[None]:
    """Ask this check at every checkpoint within the block."""
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def checkpoint() -> None:
    """Go on, if there may be more work; called before each block, line and chunk.

    Raises:
        WorkLimitError: there may not.
    """
    check = _check.get()
    if check is not None:
        check()
