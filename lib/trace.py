"""The trace id of the message being worked on, for every log line written meanwhile."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

current: ContextVar[str] = ContextVar("trace_id", default="")


@contextmanager
def following(trace_id: str) -> Iterator[None]:
    """Let log lines carry the trace id until the block ends."""
    token = current.set(trace_id)
    try:
        yield
    finally:
        current.reset(token)


def hex_id(trace_id: str) -> str:
    """The 32 hex digits that stand for a trace id where only such are allowed.

    The same rule as Langfuse's seeded trace ids: the first half of the seed's SHA-256, where
    the seed is the provider's message id.
    """
    seed = trace_id.removeprefix("whatsapp-")
    return hashlib.sha256(seed.encode(errors="replace")).hexdigest()[:32]
