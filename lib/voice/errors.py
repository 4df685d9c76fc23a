"""Why a text could not be spoken."""

from lib.errors import GatewayError


class SpeechError(GatewayError):
    """There is no recording of a text, which has to do by itself."""

    code = "speech"
