"""Settings that are misspelt, which nobody would read."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

# The share of letters that a slip leaves in common. Other programs' names have less of it: the
# closest are TWILIO_API_SECRET and TWILIO_API_KEY of Twilio's command line, with 0.89 and 0.88.
_LIKENESS = 0.9


def misspelt(names: Iterable[str], unset: Sequence[str]) -> dict[str, str]:
    """Return those of the names that look like a setting, each with the one likely meant.

    A setting that is set is not meant: what resembles it stands beside it on purpose.
    """
    close = {name: get_close_matches(name, unset, 1, _LIKENESS) for name in names}
    return {name: found[0] for name, found in close.items() if found and _is_slip(name, found[0])}


def _is_slip(name: str, setting: str) -> bool:
    """Whether a name is no variant made on purpose: with a further word, or a number."""
    if name.replace("_", "") == setting.replace("_", ""):
        return True
    return name.count("_") <= setting.count("_") and not name[-1].isdigit()
