"""Logs: one JSON object a line as Cloud Logging reads it, or short lines on a terminal.

Special keys are those of Cloud Logging's structured logs (``severity``, ``message``, ``time``,
``logging.googleapis.com/trace``). Whatever looks like a phone number is masked on its way out,
as a net under the rule that nobody logs one.
"""

import json
import logging
import re
import sys
import traceback
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, TextIO

from lib import trace
from lib.settings.config import Config

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "trace_id"}
# It begins with single characters, so that the search is over in one quick pass: it is made in
# every line, and finds nothing in nearly all of them.
_E164 = re.compile(
    r"[+%Ww](?:(?<![\w.].)|(?<=\\[nrt].))"  # after no word, but after a line end within JSON
    r"(?:(?<=\+)|(?i:(?<=%)2B|(?<=w)hatsapp:\s?))\d{4,11}(?=\d{4}(?!\d))"
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)
# Vendors that log URLs, headers or bodies below WARNING.
_TALKATIVE = ("twilio", "urllib3", "google", "grpc", "waitress", "werkzeug")


class JsonFormatter(logging.Formatter):
    """Renders a record as one line of JSON; ``verbose`` adds the text of exceptions."""

    def __init__(self, project: str = "", *, verbose: bool = False) -> None:
        super().__init__()
        self._traces = f"projects/{project}/traces/" if project else ""
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        entry: dict[str, Any] = {
            "severity": record.levelname,
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
        }
        trace_id = trace_of(record)
        if trace_id:
            entry["trace_id"] = trace_id
            if self._traces:
                entry["logging.googleapis.com/trace"] = self._traces + trace.hex_id(trace_id)
        entry |= facts_of(record)
        if record.exc_info:
            entry["stack_trace"] = stack_of(record, verbose=self._verbose)
        return masked(_ENCODER.encode(entry))


class TerminalFormatter(logging.Formatter):
    """Renders a record for a person who watches."""

    def __init__(self, *, verbose: bool = False) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        """Return a line, and the stack of an exception below it."""
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        facts = "".join(f" {key}={value}" for key, value in facts_of(record).items())
        colour = "\x1b[31m" if record.levelno >= logging.WARNING else "\x1b[2m"
        line = f"{colour}{time} {record.levelname.lower()} {record.getMessage()}{facts}\x1b[0m"
        if record.exc_info:
            line += "\n" + stack_of(record, verbose=self._verbose)
        return masked(line)


class LineHandler(logging.StreamHandler[TextIO]):
    """Writes each record at once. No thread waits while another one renders its record."""

    def handle(self, record: logging.LogRecord) -> bool:
        """Render a record, and only then take the lock and write it."""
        if not self.filter(record):
            return False
        try:
            line = self.format(record) + self.terminator
            with self.lock or nullcontext():
                self.stream.write(line)
                self.stream.flush()
        except Exception:  # noqa: BLE001 - told on standard error: no log may be what fails
            self.handleError(record)
        return True


def configure(config: Config, stream: TextIO | None = None) -> None:
    """Send every record to the stream (standard output), as the configuration asks."""
    stream = stream or sys.stdout
    verbose = config.debug or config.vac_debug
    handler = LineHandler(stream)
    handler.setFormatter(
        TerminalFormatter(verbose=verbose)
        if stream.isatty()
        else JsonFormatter(config.google.project, verbose=verbose)
    )
    _leave_out_what_no_line_tells()
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # A request that waits for a thread is no event: under load there would be a line for each.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.getLogger("lib").setLevel(logging.DEBUG if config.debug else logging.INFO)
    vac_level = logging.DEBUG if config.debug or config.vac_debug else logging.INFO
    logging.getLogger("lib.assistant").setLevel(vac_level)


def _leave_out_what_no_line_tells() -> None:
    """Spare each record its thread, process and source line: half of what it costs to make one.

    Source: Python's "Logging HOWTO", "Optimization".
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - the documented switch, whatever its name looks like


def trace_of(record: logging.LogRecord) -> str:
    """The trace id of a record: its own, or that of the message being worked on."""
    return str(getattr(record, "trace_id", "") or trace.current.get())


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller passed as ``extra``."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


def stack_of(record: logging.LogRecord, *, verbose: bool) -> str:
    """The stack of a record's exception; its text, which may quote a message, only if verbose."""
    if verbose:
        return logging.Formatter().formatException(record.exc_info or (None, None, None))
    kind, _, tail = record.exc_info or (None, None, None)
    frames = "".join(traceback.format_tb(tail))
    return f"Traceback (most recent call last):\n{frames}{kind.__name__ if kind else ''}"


def masked(text: str) -> str:
    """The text with all but the last four digits of phone numbers taken out."""
    return _E164.sub("…", text)
