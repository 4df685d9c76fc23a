"""The process's one gateway."""

import gc
import logging
import threading

from lib.runtime import log
from lib.runtime.gateway import Gateway
from lib.settings import config as configuration
from lib.settings.config import Config

NEW_OBJECTS = 10_000
"""Containers made and not yet freed before Python searches the young ones; its default is 700."""

_log = logging.getLogger(__name__)
_gateway: Gateway | None = None
_gateway_lock = threading.Lock()


def install(gateway: Gateway) -> None:
    """Make this the process's gateway, and its configuration that of the logs."""
    global _gateway  # noqa: PLW0603 - a process has exactly one gateway
    log.configure(gateway.config)
    for name, likely in gateway.config.misspelt.items():
        _log.warning("unknown setting", extra={"setting": name, "likely": likely})
    _gateway = gateway


def forget() -> None:
    """Let the next call make a new gateway, from the environment as it is then."""
    global _gateway  # noqa: PLW0603 - as above
    _gateway = None


def gateway() -> Gateway:
    """Return the process's gateway, made from the environment if none was installed.

    Raises:
        ConfigurationError: a setting is wrong; every one of them is named.
    """
    with _gateway_lock:
        if _gateway is None:
            # Whatever is wrong with the settings must be told in the form of every other line.
            log.configure(Config())
            install(Gateway(configuration.load(configuration.environment())))
            _search_garbage_seldom()
        assert _gateway is not None  # noqa: S101 - install just set it
        return _gateway


def _search_garbage_seldom() -> None:
    """Search less often for objects that only hold one another, never in what is loaded by now.

    Each search for all of them walks everything that was ever loaded, and loading Firestore's
    client alone would start several (decision 0033). For a process that serves, after its fork.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
