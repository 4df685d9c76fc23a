"""One thing on the bench that can be broken or changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.twilio.faults import Fault

if TYPE_CHECKING:
    from simulator.page.chat_page import ChatPage

Action = Callable[["ChatPage", str], object]
NEXT, MEDIA, CONTACT = "next", "media", "contact"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to break.

    ``scope`` says if it waits for the next message or medium, or concerns a contact. ``when`` is
    the state of a contact in which it makes sense.
    """

    title: str
    hint: str
    act: Action = field(repr=False)
    scope: str = NEXT
    fault: Fault | None = None
    when: Mapping[str, bool] = field(default_factory=dict)


def of_twilio(title: str, hint: str, fault: Fault, scope: str = NEXT) -> Item:
    """A fault of Twilio's that waits for its time."""

    def act(chat_page: "ChatPage", _contact: str) -> None:
        chat_page.account.faults.add(fault)

    return Item(title, hint, act, scope, fault)
