"""What Google's servers answer."""

from lib.web.message import Response

MOST_BYTES = 64 * 1024
"""Of an answer. Those of Pub/Sub and of the metadata server have a few hundred."""

_OK = 200


class StatusError(Exception):
    """An answer other than success. ``passing`` says that the same request may work later."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        # What Google's own client tries again; 409 is ABORTED there, and 499 CANCELLED.
        self.passing = status in {409, 429, 499} or status >= 500  # noqa: PLR2004


def body_of(answer: Response) -> bytes:
    """Return the body of a success.

    Raises:
        StatusError: it is none.
    """
    if answer.status != _OK:
        raise StatusError(answer.status)
    return answer.body
