"""Status callbacks that say something else than what happened: a script for one message."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

STATUSES = ("queued", "sending", "sent", "delivered", "read", "failed", "undelivered", "canceled")

_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """One callback: its status, its ErrorCode (0: none), and whether it names the recipient.

    ``after`` is how many seconds after the one before it comes.
    """

    status: str
    code: int = 0
    named: bool = True
    after: float = 0.0


def parse_script(script: object) -> tuple[Report, ...]:
    """Read a script from its JSON: a list of at least one callback.

    Raises:
        ValueError: it is none; says what is wrong.
    """
    if not isinstance(script, list) or not script:
        raise ValueError("reports is a list of at least one report")
    return tuple(map(_parse, script))


def _parse(document: object) -> Report:
    names = {field.name for field in fields(Report)}
    if not isinstance(document, Mapping) or not set(document) <= names:
        raise ValueError(f"a report is an object with {', '.join(sorted(names))}")
    report = Report(**{"status": "", **document})
    if report.status not in STATUSES:
        raise ValueError(f"the status of a report is one of {', '.join(STATUSES)}")
    if type(report.code) is not int or not isinstance(report.named, bool):
        raise ValueError("code is a number, and named is true or false")
    if type(report.after) not in {int, float} or not 0 <= report.after <= _LONGEST_PAUSE:
        raise ValueError(f"after is from 0 to {_LONGEST_PAUSE:.0f} seconds")
    return report
