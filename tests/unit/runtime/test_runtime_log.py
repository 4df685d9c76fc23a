import io
import json
import logging
import threading
from functools import partial

import pytest

from lib import trace
from lib.runtime import log
from lib.settings.config import load

SWITCHES = ("logThreads", "logProcesses", "logMultiprocessing", "_srcfile")


@pytest.fixture
def lines():
    """Collects log lines as the process would write them, then restores what logging had."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    switches = {name: getattr(logging, name) for name in SWITCHES}
    stream = io.StringIO()

    def configure(**environ):
        log.configure(load(environ), stream)
        return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    yield configure
    root.handlers, root.level = handlers, level
    vars(logging).update(switches)


def test_a_record_is_one_line_that_cloud_logging_understands(lines):
    written = lines(GOOGLE_CLOUD_PROJECT="demo-x")
    with trace.following("whatsapp-SM1"):
        logging.getLogger("lib.x").warning("several\nlines", extra={"chunks": 2})
    (entry,) = written()
    assert entry["severity"] == "WARNING"
    assert entry["message"] == "several\nlines"
    assert entry["chunks"] == 2
    assert entry["trace_id"] == "whatsapp-SM1"
    assert entry["logging.googleapis.com/trace"].startswith("projects/demo-x/traces/")
    assert len(entry["logging.googleapis.com/trace"].rpartition("/")[2]) == 32


def test_nobody_waits_for_a_record_that_is_being_rendered(lines):
    written = lines()
    begun, end = threading.Event(), threading.Event()

    class Slow:
        def __str__(self):
            begun.set()
            assert end.wait(10)
            return "slow"

    log_slowly = partial(logging.getLogger("lib.x").info, "first", extra={"fact": Slow()})
    thread = threading.Thread(target=log_slowly)
    thread.start()
    assert begun.wait(10)
    logging.getLogger("lib.x").info("second")
    assert [entry["message"] for entry in written()] == ["second"]
    end.set()
    thread.join()
    assert [entry["message"] for entry in written()] == ["second", "first"]


@pytest.mark.parametrize(
    "text",
    [
        "to +14155238886",
        "+14155238886",
        "to whatsapp:+14155238886",
        "to WhatsApp: 14155238886",
        "to\nwhatsapp:14155238886",
        "?To=%2B14155238886",
        "?To=%2b14155238886",
    ],
)
def test_a_phone_number_is_masked_wherever_it_stands(lines, text):
    written = lines()
    logging.getLogger("lib.x").error(text, extra={"where": text})
    (entry,) = written()
    assert "1415523" not in json.dumps(entry)
    assert entry["message"].endswith("…8886")


@pytest.mark.parametrize(
    "text",
    ["2026-11-25T20:21:40+00:00", "1+14155238886", "SM14155238886", "+1234567", "w4155238886"],
)
def test_what_is_no_phone_number_stays(lines, text):
    written = lines()
    logging.getLogger("lib.x").error(text)
    assert written()[0]["message"] == text


def test_a_record_is_spared_what_no_line_tells(lines):
    lines()
    kept = []
    logging.getLogger().handlers[0].addFilter(lambda record: kept.append(record) or True)
    logging.getLogger("lib.x").info("said")
    (record,) = kept
    told = (record.thread, record.threadName, record.processName, record.process, record.lineno)
    assert told == (None, None, None, None, 0)


def test_an_exception_shows_its_frames_but_not_its_text(lines):
    written = lines()
    said = "what the person " + "wrote"
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("lib.x").exception("broken")
    (entry,) = written()
    assert "ValueError" in entry["stack_trace"]
    assert said not in json.dumps(entry)


def test_debugging_says_more(lines):
    written = lines()
    logging.getLogger("lib.x").debug("quiet")
    assert written() == []
    written = lines(WHATSAPP_DEBUG="1")
    logging.getLogger("lib.x").debug("loud")
    assert [entry["message"] for entry in written()] == ["loud"]


def test_assistants_can_be_debugged_alone(lines):
    written = lines(VAC_DEBUG="true")
    logging.getLogger("lib.assistant.vac").debug("loud")
    logging.getLogger("lib.conversation").debug("quiet")
    assert [entry["message"] for entry in written()] == ["loud"]


def test_vendors_that_log_numbers_are_silenced(lines):
    written = lines(WHATSAPP_DEBUG="1")
    logging.getLogger("twilio.http_client").info("POST Request")
    assert written() == []
