"""The worker's log on the way through its parent: as it is, or for a person who watches."""

import json
import sys
from typing import Any

_DIM, _RED, _PLAIN = "\x1b[2m", "\x1b[31m", "\x1b[0m"
_HIDDEN = frozenset({"severity", "message", "time", "logger", "trace_id", "stack_trace"})
_BAD = frozenset({"WARNING", "ERROR", "CRITICAL"})


def echo(line: str) -> None:
    """Print a line of the worker's log; on a terminal a short one."""
    text = short(line) if sys.stdout.isatty() else line
    sys.stdout.write(text)
    sys.stdout.flush()


def short(line: str) -> str:
    """Return a log line as a person reads it; what is no JSON stays as it is."""
    try:
        entry: dict[str, Any] = json.loads(line)
        time = str(entry["time"])[11:19]
        severity, message = str(entry["severity"]), str(entry["message"])
    except (ValueError, KeyError, TypeError):
        return line
    facts = "".join(f" {name}={value}" for name, value in entry.items() if name not in _HIDDEN)
    colour = _RED if severity in _BAD else _DIM
    stack = f"\n{entry['stack_trace']}" if entry.get("stack_trace") else ""
    return f"{colour}{time} {severity.lower()} {message}{facts}{_PLAIN}{stack}\n"
