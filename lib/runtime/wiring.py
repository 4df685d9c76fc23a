"""The process's one gateway, and what the functions ask of it."""

import threading
from typing import TYPE_CHECKING

from lib.errors import ConfigurationError
from lib.runtime import garbage, log
from lib.runtime.gateway import Gateway
from lib.runtime.health import SETTINGS, unhealthy
from lib.runtime.health import health as health_document
from lib.settings import config as configuration
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.inbound.receive import Receiver
    from lib.inbound.record import Recorder
    from lib.turn.overdue import Requeuer
    from lib.turn.responder import Responder

_gateway: Gateway | None = None
_gateway_lock = threading.Lock()


def install(gateway: Gateway) -> None:
    """Make this the process's gateway, and its configuration that of the logs."""
    global _gateway  # noqa: PLW0603 - a process has exactly one gateway
    log.configure(gateway.config)
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
            garbage.search_seldom()
        assert _gateway is not None  # noqa: S101 - install just set it
        return _gateway


def receiver() -> "Receiver":
    """What the webhook needs."""
    return gateway().receiver()


def status_recorder() -> "Recorder":
    """What the status callback needs."""
    return gateway().recorder()


def responder() -> "Responder":
    """What answering needs."""
    return gateway().responder()


def requeuer() -> "Requeuer":
    """What the tick needs."""
    return gateway().requeuer()


def give_up(body: bytes, reason: str) -> None:
    """Settle a push that a queue gave up."""
    gateway().give_up(body, reason)


def health() -> dict[str, object]:
    """What the health check answers: with the settings as they are, right or wrong."""
    try:
        current = gateway()
    except ConfigurationError as error:
        return unhealthy(str(error).splitlines(), configuration.present(SETTINGS))
    document = health_document(current.declared)
    # On Google Cloud each function counts for itself: there, the logs are counted.
    return {**document, "refused_requests": current.refused().all()} if current.local else document
