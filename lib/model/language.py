"""The languages that the gateway speaks, by their codes (ISO 639-1)."""

ENGLISH = "en"
CODES = (ENGLISH, "es", "pt", "fr", "de", "it", "da", "no", "ar", "hi", "zh", "ja")
"""English stands in the code; each of the others has a file."""

_AS = {"nb": "no", "nn": "no"}


def known(tag: str) -> str:
    """Return the language of a tag such as ``pt-BR`` (BCP 47); empty if it is not spoken here."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    code = _AS.get(code, code)
    return code if code in CODES else ""
