"""The one Twilio account that the stand-in knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.twilio.carrier import Carrier
from simulator.twilio.faults import Faults
from simulator.twilio.messages import Message, Messages


def _ignore(message: Message) -> None:
    del message


@dataclass(slots=True)
class Account:
    """Credentials, senders and everything that happened.

    ``senders`` are numbers such as ``+14155238886``. ``api_keys`` maps key SIDs to secrets.
    ``on_message`` is called with every message taken, in the thread of its request.
    """

    sid: str
    auth_token: str = field(repr=False)
    senders: frozenset[str]
    api_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    on_message: Callable[[Message], None] = _ignore
    messages: Messages = field(default_factory=Messages, init=False)
    faults: Faults = field(default_factory=Faults, init=False)
    carrier: Carrier = field(init=False)

    def __post_init__(self) -> None:
        self.carrier = Carrier(self.messages, self.auth_token)

    def reset(self) -> None:
        """Forget all messages and faults."""
        self.faults.clear()
        self.messages.clear()

    def close(self) -> None:
        """Let go of what is waiting; return when every status callback is sent."""
        self.faults.clear()
        self.carrier.close()
