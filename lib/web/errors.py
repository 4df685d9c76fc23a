"""Why an exchange over HTTP has no answer. The texts name types of errors only."""


class ExchangeError(Exception):
    """There is no complete answer, and nobody knows what the other side did."""


class UnreachedError(ExchangeError):
    """No connection was made, so nothing was sent."""


class ShortError(UnreachedError):
    """As above, for want of a descriptor, a thread or memory of our own: it may work later."""


class LateError(ExchangeError):
    """The answer was not complete in time."""


class OversizeError(ExchangeError):
    """The answer is too large."""


class UnusableError(ExchangeError):
    """No request can be made of this address or these headers."""
