"""A whole gateway of one process: real SQLite, and Twilio and assistants played over real HTTP."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import requests

from lib.model import InboundMessage, Media, QueueDelivery
from lib.queue.envelope import encode
from lib.runtime.gateway import Gateway
from lib.settings.assistant import AssistantSettings
from lib.settings.config import Config
from lib.settings.joining import JoiningSettings
from lib.settings.media import MediaSettings
from lib.settings.people import PeopleSettings
from lib.settings.speaking import SpeakingSettings
from lib.settings.transcribing import TranscribingSettings
from lib.settings.turn import TurnSettings
from lib.settings.twilio import TwilioSettings
from lib.turn.respond import respond
from simulator.assistants import app as assistants
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from simulator.twilio.media import Medium
from simulator.twilio.messages import INBOUND

NUMBER = "+14155238886"
ANN = "+15550001111"
ACCOUNT_SID = "AC" + "1" * 32
TOKEN = "local-token"


def keep_medium(
    account: Account, content_type: str, data: bytes, name: str = "", sender: str = ANN
) -> str:
    """Let Twilio keep something that a person sent; return the path at which it is."""
    medium = account.media.add(Medium(content_type, data, name))
    message = account.messages.add(
        ACCOUNT_SID,
        f"whatsapp:{NUMBER}",
        f"whatsapp:{sender}",
        "",
        direction=INBOUND,
        status="received",
        media=(medium.sid,),
    )
    return f"{message.uri}/Media/{medium.sid}"


@dataclass
class LocalGateway:
    """A gateway and the stand-ins around it."""

    gateway: Gateway
    twilio_url: str
    account: Account | None = None
    _numbers: count = None

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def message(self, text: str = "", sender: str = ANN, **fields) -> InboundMessage:
        """A message as it leaves the webhook."""
        sid = f"SM{next(self._numbers):032x}"
        return InboundMessage(
            id=sid, address=sender, received_at=datetime.now(UTC), text=text, **fields
        )

    def medium(self, content_type: str, data: bytes, name: str = "") -> Media:
        """Something that a person sent, as Twilio keeps it and its webhook names it."""
        return Media(
            self.twilio_url + keep_medium(self.account, content_type, data, name), content_type
        )

    def hand_over(self, message: InboundMessage) -> bool:
        """Give a message to the responder, as the queue does."""
        data, _ = encode(message)
        return respond(QueueDelivery(message, payload=data.decode()), self.gateway.responder())

    def say(self, text: str, sender: str = ANN, **fields) -> list[str]:
        """Say something and return what is answered to that person."""
        before = len(self.sent(sender))
        assert self.hand_over(self.message(text, sender, **fields))
        return self.sent(sender)[before:]

    def sent(self, to: str = ANN) -> list[str]:
        """Everything sent to a person so far."""
        return [one["body"] for one in self.resources() if one["to"] == f"whatsapp:{to}"]

    def resources(self) -> list[dict]:
        """Everything that was sent, as Twilio keeps it."""
        return requests.get(f"{self.twilio_url}/simulator/messages", timeout=5).json()["messages"]

    def fault(self, **fault) -> None:
        """Make Twilio fail."""
        answer = requests.post(f"{self.twilio_url}/simulator/faults", json=fault, timeout=5)
        assert answer.status_code == 204, answer.text


@contextmanager
def local_gateway(  # noqa: PLR0913 - settings of features, all plain values
    folder: Path,
    catalogue: str = "",
    *,
    bursts: bool = False,
    menus: bool = True,
    media: int = MediaSettings().most_bytes,
    media_url: str = "",
    deletes_media: bool = False,
    speaking: SpeakingSettings = SpeakingSettings(),  # noqa: B008 - a value
    transcribing: TranscribingSettings | None = None,
    media_out: bool = True,
    people: PeopleSettings | None = None,
    **assistant_settings,
) -> Iterator[LocalGateway]:
    """Set everything up in a folder; ``catalogue`` is the text of an assistants file.

    Without ``bursts`` each message is answered at once, however short it is. ``media_url`` is
    where media are served; ``deletes_media``: what was answered is deleted at Twilio.
    """
    file = folder / "assistants.yaml"
    file.write_text(catalogue)
    with ExitStack() as stack:
        account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
        stack.callback(account.close)
        twilio_url = stack.enter_context(serve(twilio.create_app(account))).url
        assistant_url = stack.enter_context(serve(assistants.create_app())).url
        assistant = AssistantSettings(url=assistant_url, file=file)
        config = Config(
            twilio=TwilioSettings(
                ACCOUNT_SID,
                TOKEN,
                whatsapp_number=NUMBER,
                api_base_url=twilio_url,
                recipient_seconds=0,
                menus=menus,
            ),
            # Nothing calls back here, so there is nothing to wait for.
            turn=TurnSettings(settling=0.001, chunk_wait=0),
            assistant=assistant._replace(**assistant_settings),
            joining=JoiningSettings(bursts=bursts),
            media=MediaSettings(
                most_bytes=media,
                public_url=media_url,
                delete_at_twilio=deletes_media,
                out=media_out,
            ),
            speaking=speaking,
            transcribing=transcribing or TranscribingSettings(),
            people=people or PeopleSettings(),
            data_dir=folder,
        )
        gateway = Gateway(config, local=True)
        stack.callback(lambda: gateway.database().close())
        yield LocalGateway(gateway, twilio_url, account)
