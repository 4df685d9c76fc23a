"""Questions whether a recording was heard aright, as the people who get them read them."""

import re

# In the languages in which the tests of the voices speak.
QUESTIONS = {
    "en": "Did you say: “{words}”?",
    "de": "Hast du gesagt: „{words}“?",
    "fr": "Avez-vous dit : « {words} » ?",
}
_PATTERNS = [
    re.compile(re.escape(question).replace(re.escape("{words}"), "(.*)"))
    for question in QUESTIONS.values()
]


def heard(shown: str) -> tuple[str, bool]:
    """What was heard, by the first line of an answer or of a question, and whether in doubt."""
    asked = (pattern.fullmatch(shown) for pattern in _PATTERNS)
    doubted = next((match[1] for match in asked if match), None)
    return (shown.removeprefix("> "), False) if doubted is None else (doubted, True)
