"""Starting and stopping the gateway's process."""

import logging
import socket
from contextlib import ExitStack

from lib.runtime import local_data
from lib.settings.config import Config
from lib.shortage import allow_descriptors
from standalone import settings
from standalone.loading import unsearched
from standalone.ownership import owning
from standalone.settings import StandIns
from standalone.shutdown import stop_on_signals
from standalone.sockets import address, listen

READY = "gateway ready"
"""The log message with which the process says that it serves."""

_log = logging.getLogger(__name__)


def run(
    config: Config,
    stand_ins: StandIns,
    listener: socket.socket | None = None,
    *,
    adopt: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish or hand back what is in hand.

    With a ``listener`` the process is a worker: it serves from it.
    ``adopt`` is whether data of another account are this one's from now on.
    """
    allow_descriptors()
    with ExitStack() as stack:
        folder = local_data.folder_of(config)
        stack.enter_context(owning(folder))
        declared = settings.on_loopback(config)
        public = stack.enter_context(listener or listen(declared.host, declared.port))
        config = stand_ins.fill(declared)._replace(data_dir=folder)
        with unsearched():
            # Only now: who writes meanwhile waits in the socket, and is not turned away.
            from standalone.serving import gateway_on  # noqa: PLC0415 - as above

            server = gateway_on(public, config, declared, stack, adopt=adopt)
        if listener is None:
            from standalone import banner  # noqa: PLC0415 - a worker shows none

            banner.show(banner.of_account(declared, address(public), folder))
        stop_on_signals(server.stop)
        _log.info(READY)
        server.run()
        _log.info("stopping")
