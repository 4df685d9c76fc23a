"""The gateway whose data a command works on: this machine's, or Google Cloud's."""

import sys

from lib.runtime import local_data, log
from lib.runtime.gateway import Gateway
from lib.settings import config as configuration


def connected(*, local: bool) -> Gateway:
    """Return the gateway of the environment; ``local`` is of DATA_DIR, whatever else is set.

    Raises:
        ConfigurationError: a setting is wrong, or the data are somebody else's.
    """
    config = configuration.load(configuration.environment())
    log.configure(config, sys.stderr)
    if config.google.project and not local:
        return Gateway(config)
    folder = local_data.folder_to_look_at(config)
    gateway = Gateway(config._replace(data_dir=folder), local=True)
    if config.twilio.is_set:
        # The demo's are not for real people, nor another account's for this one's.
        local_data.check(gateway.sqlite(), config, folder)
    elif folder != config.data_dir:
        sys.stderr.write(f"These are the demo's, in {folder}.\n")
    return gateway
