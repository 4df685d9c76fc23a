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
    Group("cold", "cold starts of webhook, responder, and both with Pub/Sub between"),
    Group("rate", "signed messages a second that the webhook queues, and its memory"),
    Group("turn", "what the gateway adds to a message's way, on one machine"),
    Group("roundtrips", "sequential round trips to Firestore of one turn, counted on the wire"),
    Group("throughput", "webhooks and turns a second on one machine, and memory under load"),
    Group("bubbles", "time to the first bubble of an answer, streamed against whole"),
    Group("waiting", "many conversations that wait for an assistant at once"),
    Group("formatting", "formatting and chunking of a megabyte, and of twice as much"),
)
