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


def doubted(shown: str) -> str | None:
    """What was heard with doubt, if a first line asks whether it was said; else None."""
    asked = (pattern.fullmatch(shown) for pattern in _PATTERNS)
    return next((match[1] for match in asked if match), None)
