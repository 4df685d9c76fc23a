"""Going without features that are switched off: for a person by a flag, for all by the breaker."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from lib.conversation.moment import Tools
from lib.model import Assistant, Conversation
from lib.people.flags import features_off
from lib.ports.listener import Listener


def off(person: Conversation, assistant_id: str, tools: Tools) -> frozenset[str]:
    """Return the features that are not to be used for a person now."""
    flags = person.switches.flags if person.switches else {}
    return features_off(flags, person.contact, assistant_id) | tools.breaker.off(tools.clock())


def without(tools: Tools, names: Iterable[str]) -> Tools:
    """Return the tools of who does not have these features.

    Opening hours are no tool: their step is left out.
    """
    for name in names:
        change = _CHANGES.get(name)
        tools = change(tools) if change else tools
    return tools


def _without_early(tools: Tools) -> Tools:
    def listen(assistant: Assistant, head: str) -> Listener:
        settings = {**assistant.settings, "early": "off"}
        return tools.listen(replace(assistant, settings=settings), head)

    return replace(tools, listen=listen)


_CHANGES: dict[str, Callable[[Tools], Tools]] = {
    "early": _without_early,
    "introduction": lambda tools: replace(tools, introduction=None),
    "joining": lambda tools: replace(tools, joins=False),
    "media": lambda tools: replace(tools, read=None),
    "menus": lambda tools: replace(tools, menus=False),
    "voice": lambda tools: replace(tools, speech=None),
}
