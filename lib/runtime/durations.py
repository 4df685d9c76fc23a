"""How long what a process does may take."""

from datetime import timedelta

from lib.settings.config import Config

# The stores before and after, and the work on a reply, on a machine with far too much to do.
_AROUND_AN_ANSWER = timedelta(seconds=60)
# All media of a message; see lib.media.reader. The last of them may take its own time in full.
_READING = 60.0 + 40.0


def longest_answer(config: Config) -> timedelta:
    """How long an answer may take: the assistant's time, and some for all around it."""
    seconds = config.assistant.timeout + (_READING if config.media.most_bytes else 0)
    return timedelta(seconds=seconds) + _AROUND_AN_ANSWER
