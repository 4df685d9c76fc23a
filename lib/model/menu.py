"""Menus: what a person may tap instead of typing it."""

from dataclasses import dataclass
from enum import StrEnum


class MenuKind(StrEnum):
    """How options are shown: a list that a button opens, or buttons below the text."""

    LIST = "list"
    REPLIES = "replies"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap. ``id`` is what is received then: a command as it would be typed."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Options below a ``body``, in WhatsApp's formatting; ``button`` opens a list.

    A chunk that has one also has a text, which is sent wherever the menu cannot be.
    """

    kind: MenuKind
    body: str
    options: tuple[Option, ...]
    button: str = ""
