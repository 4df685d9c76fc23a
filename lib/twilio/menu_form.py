"""Menus as Twilio's contents: one for each form, whose fields are all variables.

A form is a kind, a number of options and a layout of lines: a variable of a body can hold no line
break (Twilio's error 21656), so each line is one. What is said stands in the variables, so there
are as many contents as forms, however often and to whomever menus are sent.

Sources: Twilio, "twilio/list-picker", "twilio/quick-reply" and "Using variables with Content
Templates": at most 100 of them, and whichever is not passed shows its sample.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from lib.model import Menu, MenuKind

_VERSION = 1
_MOST_VARIABLES = 100
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


@dataclass(frozen=True, slots=True)
class Form:
    """What a menu is sent as. ``types`` is the same for all menus of the same ``name``."""

    name: str
    types: dict[str, Any] = field(repr=False)
    values: tuple[str, ...] = field(repr=False)

    @property
    def variables(self) -> str:
        """The values as Twilio takes them with a message."""
        given = {str(number): value for number, value in enumerate(self.values, 1)}
        # Apostrophes in them were refused with 21656, by reports of 2025; this way there are none.
        return json.dumps(given).replace("'", "\\u0027")

    @property
    def content(self) -> bytes:
        """The request that creates the content, which names nothing that was ever said."""
        samples = {str(number): f"Text {number}" for number in range(1, len(self.values) + 1)}
        document = {
            "friendly_name": self.name,
            "language": "en",
            "variables": samples,
            "types": self.types,
        }
        return json.dumps(document).encode()


def form_of(menu: Menu) -> Form | None:
    """Return the form of a menu; None if it has none, since a part of it is blank."""
    values: list[str] = []

    def variable(value: str) -> str:
        values.append(" ".join(value.split()))
        return f"{{{{{len(values)}}}}}"

    paragraphs = [one.split("\n") for one in _BLANK_LINES.split(menu.body.strip())]
    body = "\n\n".join("\n".join(map(variable, lines)) for lines in paragraphs)
    types = (
        _list(menu, body, variable)
        if menu.kind is MenuKind.LIST
        else _replies(menu, body, variable)
    )
    if not menu.options or not all(values) or len(values) > _MOST_VARIABLES:
        return None
    layout = "_".join(str(len(lines)) for lines in paragraphs)
    name = f"gateway_menu_v{_VERSION}_{menu.kind.value}_{len(menu.options)}_{layout}"
    return Form(name, types, tuple(values))


def _list(menu: Menu, body: str, variable: Any) -> dict[str, Any]:
    button = variable(menu.button)
    items = [
        {
            "item": variable(one.title),
            "id": variable(one.id),
            "description": variable(one.description or one.title),
        }
        for one in menu.options
    ]
    return {"twilio/list-picker": {"body": body, "button": button, "items": items}}


def _replies(menu: Menu, body: str, variable: Any) -> dict[str, Any]:
    actions = [{"title": variable(one.title), "id": variable(one.id)} for one in menu.options]
    return {"twilio/quick-reply": {"body": body, "actions": actions}}
