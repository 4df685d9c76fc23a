"""Whether something in the cloud has all that a file wants of it. Exits with 1 if it does not.

What the cloud adds (names, times, defaults) does not count; lists must be equal in length.
"""

import json
import sys
from pathlib import Path
from typing import Any


def has(actual: Any, wanted: Any) -> bool:
    """Whether every part of ``wanted`` is in ``actual``, as JSON values."""
    if isinstance(wanted, dict):
        # Google's APIs leave out what is empty, zero or false.
        return all(
            has(actual[key], value) if isinstance(actual, dict) and key in actual else not value
            for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        same_length = isinstance(actual, list) and len(actual) == len(wanted)
        return same_length and all(map(has, actual, wanted))
    return _plain(actual) == _plain(wanted)


def _plain(value: Any) -> str:
    """A value as text that can be compared: numbers of 64 bits come back as text."""
    try:
        return str(float(value))
    except (TypeError, ValueError):
        return str(value)


if __name__ == "__main__":
    wanted_file, actual_file = map(Path, sys.argv[1:])
    sys.exit(not has(json.loads(actual_file.read_text()), json.loads(wanted_file.read_text())))
