"""The parts of a process, of which there is one each, built when it is first asked for."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

from lib.settings.config import Config

Owner = TypeVar("Owner", bound="Parts")
Part = TypeVar("Part")


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def once(build: Callable[[Owner], Part]) -> Callable[[Owner], Part]:
    """Make a method build its value at the first call and return it ever after."""

    @wraps(build)
    def built(self: Owner) -> Part:
        with self.lock:
            if build.__name__ not in self.parts:
                self.parts[build.__name__] = build(self)
            part: Part = self.parts[build.__name__]
            return part

    return built


class Parts:
    """The parts of one process, each built at its first use.

    ``local`` means one process on SQLite, else Google Cloud. ``declared`` is what the environment
    said before stand-ins were filled in: what the health check tells.
    """

    def __init__(
        self, config: Config, *, local: bool = False, declared: Config | None = None
    ) -> None:
        self.config = config
        self.local = local
        self.declared = declared or config
        self.lock = threading.RLock()
        self.parts: dict[str, Any] = {}
