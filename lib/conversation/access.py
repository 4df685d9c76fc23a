"""Who may use which assistant, and who answers a session."""

from collections.abc import Sequence

from lib.model import Assistant, Conversation


def available_assistants(conversation: Conversation, default_id: str) -> tuple[Assistant, ...]:
    """The enabled assistants this person may use, by name.

    Where nothing is described, there is still the default assistant.
    """
    known = conversation.assistants or (undescribed(default_id),)
    usable = (one for one in known if one.enabled and _may_use(conversation, one.id))
    return tuple(sorted(usable, key=lambda one: (one.name.casefold(), one.id)))


def choose_assistant(
    assistant_id: str, conversation: Conversation, available: Sequence[Assistant], default_id: str
) -> Assistant | None:
    """The assistant of that id if it may be used, else the default one, else the first there is.

    The default assistant answers even if only others are described, as long as nothing
    forbids it.
    """
    by_id = {one.id: one for one in available}
    described = {one.id for one in conversation.assistants}
    if default_id not in described and _may_use(conversation, default_id):
        by_id.setdefault(default_id, undescribed(default_id))
    return by_id.get(assistant_id) or by_id.get(default_id) or next(iter(available), None)


def undescribed(assistant_id: str) -> Assistant:
    """An assistant of which only the id is known."""
    name = assistant_id.replace("-", " ").replace("_", " ").title()
    return Assistant(id=assistant_id, name=name)


def _may_use(conversation: Conversation, assistant_id: str) -> bool:
    allowed = conversation.permissions.assistants
    return allowed is None or assistant_id in allowed
