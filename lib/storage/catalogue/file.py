"""The assistants file: who can answer, and who may ask whom, written by an operator.

    assistants:
      <id>: {name, description, enabled, backend, and the settings of the backend}
    user_permissions:
      <contact>@whatsapp.user: {blocked, assistants, email, tools, denied, limits, until}

Permissions are of a contact, of an e-mail address, of a domain, or of everybody (``"*"``).

Settings stand beside the other keys or under ``settings``. Only ``<id>`` is needed.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from lib.model import Assistant, Catalogue, Early, Permissions
from lib.model.language import CODES, known
from lib.people.budget import AMOUNTS, AmountError, amount
from lib.storage.catalogue.documents import ASSISTANT_FIELDS, name_from
from lib.storage.catalogue.opening import check_others, with_hours
from lib.storage.catalogue.permitted import permissions_of
from lib.storage.catalogue.yaml_tree import Tree, read_tree
from lib.storage.document_ids import DocumentIdError, to_document_id

BACKENDS = ("vac", "openai")
"""The APIs spoken; the first is the default."""

Entries = dict[str, tuple[Tree, Tree]]


def load(path: Path) -> Catalogue:
    """Read an assistants file.

    Raises:
        ConfigurationError: it cannot be read, or something in it is wrong; the error names
            the file, the line and the reason.
    """
    sections = read_tree(path).entries()
    _expect(sections, ("assistants", "user_permissions"))
    described = _entries(sections, "assistants")
    assistants = tuple(_assistant(*one) for one in described.values())
    check_others(assistants, {name: key for name, (key, _) in described.items()})
    return Catalogue(
        assistants=assistants,
        permissions=_permissions(_entries(sections, "user_permissions").values()),
    )


def _permissions(entries: Iterable[tuple[Tree, Tree]]) -> dict[str, Permissions]:
    found: dict[str, Permissions] = {}
    for key, value in entries:
        whom, permissions = permissions_of(key, value)
        if whom in found:
            key.refuse("this is there twice, written in two ways")
        found[whom] = permissions
    return found


def _assistant(key: Tree, value: Tree) -> Assistant:
    assistant_id = key.text()
    _check_id(key, assistant_id)
    fields = {name: field for name, (_, field) in value.entries().items()}
    texts = {name: fields[name].text() for name in ("name", "description") if name in fields}
    assistant = Assistant(
        id=assistant_id,
        name=texts.get("name") or name_from(assistant_id),
        description=texts.get("description", ""),
        enabled=fields["enabled"].flag() if "enabled" in fields else True,
        backend=_backend(fields.get("backend")),
        settings=with_hours(assistant_id, _settings(value)),
    )
    if assistant.backend == "openai" and not assistant.settings.get("model"):
        key.refuse(f"{assistant_id!r} has the backend openai, which needs a model")
    return assistant


def _check_id(key: Tree, assistant_id: str) -> None:
    if "/" in assistant_id or any(map(str.isspace, assistant_id)):
        key.refuse(f"the id {assistant_id!r} has a slash or a blank")
    try:
        plain = to_document_id(assistant_id) == assistant_id
    except DocumentIdError:
        plain = False
    if not plain:
        key.refuse(f"{assistant_id[:100]!r} cannot be an id")


def _backend(value: Tree | None) -> str:
    if value is None:
        return BACKENDS[0]
    if value.text() not in BACKENDS:
        value.refuse(f"the backend is one of {', '.join(BACKENDS)}")
    return value.text()


def _settings(assistant: Tree) -> dict[str, Tree]:
    fields = assistant.entries()
    settings = {name: value for name, (_, value) in fields.items() if name not in ASSISTANT_FIELDS}
    for name, (key, value) in _entries(fields, "settings").items():
        if name in settings:
            key.refuse(f"{name!r} is there twice")
        settings[name] = value
    for name, check in _CHECKS.items():
        if name in settings:
            check(settings[name])
    return {name: value for name, value in settings.items() if not value.is_null()}


def _check_early(value: Tree) -> None:
    modes = [mode.value for mode in Early]
    if not value.is_null() and value.text().strip().lower() not in modes:
        value.refuse(f"early is one of {', '.join(modes)}")


def _check_language(value: Tree) -> None:
    if not value.is_null() and not known(value.text()):
        value.refuse(f"language is one of {', '.join(CODES)}")


def _check_amount(name: str, value: Tree) -> None:
    try:
        amount(name, "" if value.is_null() else value.text())
    except AmountError as error:
        value.refuse(str(error))


def _check_flag(value: Tree) -> None:
    if not value.is_null():
        value.flag()


_CHECKS: dict[str, Callable[[Tree], None]] = {
    "early": _check_early,
    "pictures": _check_flag,
    "send_tools": _check_flag,
    "language": _check_language,
    **{name: partial(_check_amount, name) for name in AMOUNTS},
}


def _entries(fields: Entries, name: str) -> Entries:
    return fields[name][1].entries() if name in fields else {}


def _expect(fields: Entries, known: tuple[str, ...]) -> None:
    for name, (key, _) in fields.items():
        if name not in known:
            key.refuse(f"{name!r} is not known here; there is {' and '.join(known)}")
