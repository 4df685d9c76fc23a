"""The fault bench: what can be broken by one click, and is healed by the gateway."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.page import media_bench, offers
from simulator.page.bench_item import CONTACT, Action, Item, of_twilio
from simulator.twilio.faults import Fault, FaultKind

if TYPE_CHECKING:
    from simulator.page.chat_page import ChatPage


def _state(title: str, hint: str, **changes: bool) -> Item:
    return Item(
        title,
        hint,
        lambda chat_page, contact: chat_page.account.contacts.change(contact, **changes),
        CONTACT,
        when={name: not value for name, value in changes.items()},
    )


def _arm_twice(chat_page: "ChatPage", _contact: str) -> None:
    chat_page.twice += 1


def _assistant(kind: str) -> Action:
    def act(chat_page: "ChatPage", _contact: str) -> None:
        if chat_page.assistants is not None:
            chat_page.assistants.arm(kind)

    return act


ITEMS: Mapping[str, Item] = {
    "twilio-429": of_twilio(
        "Twilio says 429",
        "The next send is refused once; the gateway sends it again.",
        Fault(FaultKind.ERROR, code=20429, status=429),
    ),
    "twilio-500": of_twilio(
        "Twilio says 500",
        "Nobody can tell if the next send was taken; the gateway looks before it repeats.",
        Fault(FaultKind.ERROR, code=20500, status=500),
    ),
    "lost-answer": of_twilio(
        "Lose the answer of a send",
        "Twilio takes the next send, and its answer gets lost; no second message may come.",
        Fault(FaultKind.CUT_AFTER),
    ),
    "twilio-timeout": of_twilio(
        "Twilio is silent",
        "The next send gets no answer at all; the gateway gives up after ten seconds.",
        Fault(FaultKind.TIME_OUT, seconds=30.0),
    ),
    "attachment-lost": of_twilio(
        "Twilio cannot fetch a file",
        "The next picture or file is reported as 63019; its link comes instead, once.",
        Fault(FaultKind.STATUS, code=63019, operation="attachment"),
    ),
    "attachment-refused": of_twilio(
        "WhatsApp refuses a file",
        "The next picture or file is reported as 63021; its link comes instead, once.",
        Fault(FaultKind.STATUS, code=63021, operation="attachment"),
    ),
    "shuffle-callbacks": of_twilio(
        "Shuffle the status callbacks",
        "The next send is reported as read, then delivered, then sent.",
        Fault(FaultKind.SHUFFLE),
    ),
    "assistant-hang": Item(
        "The assistant hangs", "The next question gets no answer in time.", _assistant("hang")
    ),
    "assistant-error": Item(
        "The assistant fails", "The next question is answered with HTTP 500.", _assistant("error")
    ),
    "kill-worker": Item(
        "Kill the gateway now",
        "kill -9 to its process; it starts again, and nothing is lost.",
        lambda chat_page, _: chat_page.gateway.kill(),
    ),
    "kill-in-turn": of_twilio(
        "Kill it in the middle of a turn",
        "kill -9 during the next send; it starts again and answers once.",
        Fault(FaultKind.CRASH),
    ),
    "webhook-twice": Item(
        "Webhook comes twice",
        "The next message is delivered twice at once; one answer comes.",
        _arm_twice,
    ),
    **media_bench.ITEMS,
    "close-window": Item(
        "Close the 24-hour window",
        "Until they write again, what the business sends fails with 63016; send a list and see.",
        lambda chat_page, contact: chat_page.account.contacts.close_window(contact),
        CONTACT,
        when={"window_open": True},
    ),
    "block": _state("Block the business", "Replies fail with 63014.", blocked=True),
    "unblock": _state("Unblock the business", "Replies arrive again.", blocked=False),
    "leave-sandbox": _state(
        "Leave the sandbox", "Replies fail with 63015 until “join calm-river”.", joined=False
    ),
    "join-sandbox": _state("Join the sandbox", "Replies arrive again.", joined=True),
    "opt-out": _state("Opt out", "Twilio refuses sends with 21610.", opted_out=True),
    "opt-in": _state("Opt in", "Twilio takes sends again.", opted_out=False),
    "send-picture": Item(
        "Send a picture",
        "The business sends an image; Twilio fetches it first.",
        offers.send_picture,
        CONTACT,
    ),
    "send-buttons": Item(
        "Send quick replies",
        "The business sends three buttons through the Content API.",
        offers.send_buttons,
        CONTACT,
    ),
    "send-list": Item(
        "Send a list",
        "The business sends a list of commands through the Content API.",
        offers.send_list,
        CONTACT,
    ),
}


def views(chat_page: "ChatPage") -> list[dict[str, Any]]:
    """Return the bench as the page shows it."""
    return [
        {
            "id": name,
            "title": item.title,
            "hint": item.hint,
            "scope": item.scope,
            "when": dict(item.when),
            "armed": _armed(chat_page, name, item),
            "available": not _why_not(chat_page, name),
            "why_not": _why_not(chat_page, name),
        }
        for name, item in ITEMS.items()
    ]


def disarm(chat_page: "ChatPage") -> None:
    """Let nothing more happen that waits."""
    chat_page.account.faults.clear()
    chat_page.twice = 0
    if chat_page.assistants is not None:
        chat_page.assistants.clear()


def _armed(chat_page: "ChatPage", name: str, item: Item) -> int:
    if item.fault is not None:
        armed = chat_page.account.faults.armed()
        return sum(replace(one, times=item.fault.times) == item.fault for one in armed)
    if name == "webhook-twice":
        return chat_page.twice
    if name.startswith("assistant-") and chat_page.assistants is not None:
        return chat_page.assistants.armed(name.removeprefix("assistant-"))
    return 0


def _why_not(chat_page: "ChatPage", name: str) -> str:
    if name.startswith("assistant-") and chat_page.assistants is None:
        return "Your own assistant answers; only the demo assistants can be made to fail."
    return ""
