"""What can be measured, by the name that ``--only`` takes. Each is imported when it is run."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bench.rows import Row
from bench.scene import Scene


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are measured together, by the ``measure`` of a module of the same name."""

    name: str
    what: str

    def load(self) -> Callable[[Scene], list[Row]]:
        """Return what measures them."""
        measure: Callable[[Scene], list[Row]] = import_module(f"bench.{self.name}").measure
        return measure


GROUPS = (
    Group("turn", "what the gateway adds to a message's way, on one machine"),
    Group("throughput", "webhooks and turns a second on one machine, and memory under load"),
)
