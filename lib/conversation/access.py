"""Who may use which assistant, and who answers a session."""

from collections.abc import Mapping, Sequence

from lib.model import Assistant, Conversation, Permissions


def available_assistants(conversation: Conversation, default: Assistant) -> tuple[Assistant, ...]:
    """The enabled assistants this person may use, by name.

    Where nothing is described, there is still the default assistant.
    """
    known = conversation.assistants or (default,)
    usable = (one for one in known if one.enabled and _may_use(conversation, one.id))
    return tuple(sorted(usable, key=lambda one: (one.name.casefold(), one.id)))


def choose_assistant(
    assistant_id: str,
    conversation: Conversation,
    available: Sequence[Assistant],
    default: Assistant,
) -> Assistant | None:
    """The assistant of that id if it may be used, else the default one, else the first there is.

    The default assistant answers even if only others are described, as long as nothing
    forbids it.
    """
    by_id = {one.id: one for one in available}
    described = {one.id for one in conversation.assistants}
    if default.id not in described and _may_use(conversation, default.id):
        by_id.setdefault(default.id, default)
    return by_id.get(assistant_id) or by_id.get(default.id) or next(iter(available), None)


def undescribed(assistant_id: str, backend: str, settings: Mapping[str, str]) -> Assistant:
    """An assistant of which nobody has told a name."""
    name = assistant_id.replace("-", " ").replace("_", " ").title()
    return Assistant(id=assistant_id, name=name, backend=backend, settings=settings)


def _may_use(conversation: Conversation, assistant_id: str) -> bool:
    return conversation.permissions.allows(assistant_id)


def is_admitted(conversation: Conversation, access: str) -> bool:
    """Whether somebody is answered, by whom the gateway answers (see ``lib.model.access``)."""
    if access == "open" or conversation.listed:
        return True
    session = conversation.session
    return access == "invited" and session is not None and session.login is not None


def usable_tools(permissions: Permissions) -> tuple[str, ...] | None:
    """The tools that somebody may use, by name; None where nothing is said of them."""
    if permissions.tools is None:
        return None
    return tuple(sorted(permissions.tools - permissions.denied))
