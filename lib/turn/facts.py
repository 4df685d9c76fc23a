"""What a log may tell of a send: where in the reply it stands, and why it failed."""

from lib.address import mask
from lib.errors import SendError
from lib.model import Turn
from lib.turn import chunks


def facts_of(turn: Turn) -> dict[str, object]:
    """Which chunk of a turn is being sent, and to whom."""
    return {
        "chunk": (chunks.first_unsent(turn) or 0) + 1,
        "chunks": len(turn.chunks),
        "contact": mask(turn.address),
        "trace_id": turn.trace_id,
    }


def reasons_of(error: SendError) -> dict[str, object]:
    """Why a send failed, in our terms and the provider's."""
    return {"code": error.code, "provider_code": error.provider_code, "reason": str(error)}
