"""What every test stands on: nothing of the developer's environment, nothing left behind."""

import gc
import logging
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings

from lib.runtime import wiring

pytest_plugins = ["tests.emulators", "tests.google.project"]

# On a busy machine any example may take long; what work may cost is measured elsewhere. In CI the
# examples are the same each time: what is new is found by whoever works on it, not by luck.
settings.register_profile(
    "patient", settings.default, deadline=None, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("patient")

_OURS = (
    "TWILIO_",
    "ASSISTANT_",
    "WHATSAPP_",
    "VAC_",
    "PUBSUB_TOPIC",
    "PUBSUB_ENDPOINT",
    "FUNCTION_",
)
_OURS_ALONE = frozenset(
    {"ASSISTANTS_FILE", "DATA_DIR", "DEFAULT_ASSISTANT_ID", "GOOGLE_CLOUD_PROJECT", "HOST"}
    | {"DEMO_ASSISTANTS", "K_SERVICE", "PORT"}
)


# What is counted by day begins anew at midnight (UTC), as it should. No test is begun so near to
# one that it would see two days.
_ONE_DAY = timedelta(seconds=30)


def _left_of_the_day(now):
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - now


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    left = _left_of_the_day(datetime.now(UTC))
    if left <= _ONE_DAY:
        time.sleep(left.total_seconds())


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage among the tests themselves: half a million things, none of it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith(_OURS) or name in _OURS_ALONE:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _own_gateway():
    yield
    wiring.forget()


@pytest.fixture(autouse=True)
def _own_logging():
    root = logging.getLogger()
    handlers = list(root.handlers)
    known = [root, *filter(_is_logger, root.manager.loggerDict.values())]
    levels = [(logger, logger.level) for logger in known]
    yield
    root.handlers = handlers
    for logger, level in levels:
        # To set one has every logger forget what it is enabled for.
        if logger.level != level:
            logger.setLevel(level)


def _is_logger(entry):
    return isinstance(entry, logging.Logger)
