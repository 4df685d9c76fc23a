"""Parts of a process, each built when it is first asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar


class Whole(Protocol):
    """What has parts, by the names of the methods that build them, and a lock to build under."""

    lock: Any
    parts: dict[str, Any]


Owner = TypeVar("Owner", bound=Whole)
Part = TypeVar("Part")


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
