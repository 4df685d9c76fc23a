"""What every test stands on: nothing of the developer's environment, nothing left behind."""

import logging
import os

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
