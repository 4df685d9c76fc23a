"""Who may use which assistant, and who answers a session."""

from collections.abc import Sequence

from lib.model import Assistant, Conversation


def available_assistants(conversation: Conversation, default_id: str) -> tuple[Assistant, ...]:
    """The enabled assistants this person may use, by name.

    The default assistant exists even where no catalogue describes it, as long as the
    catalogue does not say otherwise.
    """
    known = conversation.assistants
    if all(assistant.id != default_id for assistant in known):
        known = (*known, _undescribed(default_id))
    allowed = conversation.permissions.assistants
    usable = (a for a in known if a.enabled and (allowed is None or a.id in allowed))
    return tuple(sorted(usable, key=lambda assistant: (assistant.name.casefold(), assistant.id)))


def choose_assistant(
    session_assistant_id: str, assistants: Sequence[Assistant], default_id: str
) -> Assistant | None:
    """The session's assistant if it may still be used, else the default one, else none."""
    by_id = {assistant.id: assistant for assistant in assistants}
    return by_id.get(session_assistant_id) or by_id.get(default_id)


def _undescribed(assistant_id: str) -> Assistant:
    name = assistant_id.replace("-", " ").replace("_", " ").title()
    return Assistant(id=assistant_id, name=name)
