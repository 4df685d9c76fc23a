"""Assistants whose text begins with their thinking, without a sign that says so.

Some chat templates write the sign that opens thinking into the prompt; where a server does not
sort it out, only the sign that ends it is in the text: too late for who listens meanwhile.
Sources: the templates of DeepSeek R1, QwQ, and Qwen 3's models named Thinking.
"""

from lib.model import Assistant

_NAMES = frozenset({"r1", "qwq"})
_MOST_COMPARED = 40


class UnsaidThinking:
    """Knows them by the names of their models, and by what they have answered."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __contains__(self, assistant: Assistant) -> bool:
        model = assistant.settings.get("model", "").lower()
        is_named = "thinking" in model or not _NAMES.isdisjoint(_words(model))
        return is_named or assistant.id in self._known

    def learn(self, assistant: Assistant, text: str, thinking: str) -> None:
        """Look at an answer as it came, and the thinking that was cut out of it."""
        if thinking and text.lstrip().startswith(thinking[:_MOST_COMPARED]):
            self._known.add(assistant.id)


def _words(model: str) -> list[str]:
    for sign in "/:._":
        model = model.replace(sign, "-")
    return model.split("-")
