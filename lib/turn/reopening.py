"""The use case that asks a person to write, where nothing else may be sent."""

import logging

from lib.errors import SendError
from lib.ports.sender import Sender

_log = logging.getLogger(__name__)


def knock(address: str, sender: Sender) -> None:
    """Send the template that was configured for this, if one was; best effort."""
    try:
        if sender.knock(address):
            _log.info("knocked")
    except SendError as error:
        facts = {"code": error.code, "provider_code": error.provider_code, "reason": str(error)}
        _log.warning("knock failed", extra=facts)
