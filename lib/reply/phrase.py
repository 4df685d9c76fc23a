"""Phrases: sentences of the gateway's own, which whoever reads them is told in their language."""

from collections.abc import Callable, Mapping
from typing import Any, Self

Say = Callable[[str], str]
"""Says a text as its person is told it: in their language, and without what cannot be seen."""


class Phrase(str):
    """A sentence in English that knows how it is said in other languages.

    It is equal to its English text. ``key`` names it in the file of each language; it is empty
    where there is nothing to translate but the values. ``form`` is the English sentence with
    ``{names}``, ``values`` is what stands in their places: phrases, names of others, numbers.
    """

    __slots__ = ("form", "key", "values")
    form: str
    key: str
    values: Mapping[str, Any] | None

    def __new__(cls, key: str, form: str, values: Mapping[str, Any] | None = None) -> Self:
        """Make a phrase; without ``values`` its form is said as it is."""
        made = super().__new__(cls, form if values is None else form.format_map(values))
        made.key, made.form, made.values = key, form, values
        return made

    def with_values(self, **values: Any) -> "Phrase":
        """Return the sentence with these values in it."""
        return Phrase(self.key, self.form, values)


def joined(glue: str, *parts: str) -> Phrase:
    """Return phrases, and words that are said as they are, as one: with ``glue`` between them."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Phrase("", glue.join(f"{{{name}}}" for name in values), values)


def lines(*parts: str) -> Phrase:
    """Return phrases below one another."""
    return joined("\n", *parts)
