"""An assistant that fails, each time in another way. Honest only in its name."""

from flask import Response

from simulator.assistants import moods

WAYS = ("failing", "traceback", "empty", "cut", "html", "hang")
"""The moods it has; the last only if asked for by name, since it takes until the deadline."""


def reply(asked: str, number: int) -> Response:
    """Fail as the question's first word says (such as ``traceback``), or in the next way."""
    word = asked.strip().casefold().partition(" ")[0]
    way = word if word in WAYS else WAYS[number % (len(WAYS) - 1)]
    failed = moods.reply(f"mood-{way}", {"user_input": asked})
    return failed or Response(status=500)
