"""The times of a turn; see ``docs/turn.md``."""

from typing import NamedTuple

from lib.settings.reader import Settings

# Waiting for the pace, all tries and the last time-out; see lib.turn.deliver.
_LONGEST_SEND = 20.0


class TurnSettings(NamedTuple):
    """Times in seconds.

    A worker that fell silent keeps its turn for ``lease``; Twilio surely lists a message
    ``settling`` after it took it; a chunk waits ``chunk_wait`` at most for the one before it to be
    reported as sent. After ``progress_note`` a person is told once that work goes on, 0 for never.
    """

    lease: float = 60.0
    settling: float = 5.0
    chunk_wait: float = 1.5
    progress_note: float = 60.0


def read(settings: Settings) -> TurnSettings:
    """Read the settings; a lease that a single send may outlast is noted as wrong."""
    defaults = TurnSettings()
    # The typing indicator says the same, and disturbs nobody.
    is_shown = settings.flag("TWILIO_TYPING_INDICATOR", default=False)
    note = 0.0 if is_shown else defaults.progress_note
    turn = TurnSettings(
        lease=settings.seconds("TURN_LEASE_SECONDS", defaults.lease, high=600.0),
        settling=settings.seconds("SEND_SETTLE_SECONDS", defaults.settling, high=60.0),
        chunk_wait=settings.amount("CHUNK_WAIT_SECONDS", defaults.chunk_wait, high=20.0),
        progress_note=settings.amount("PROGRESS_NOTE_SECONDS", note, high=600.0),
    )
    least = _LONGEST_SEND + turn.settling + turn.chunk_wait
    if turn.lease < least:
        settings.refuse("TURN_LEASE_SECONDS", f"must be {least:g} at least: longer than one send")
    return turn
