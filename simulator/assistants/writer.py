"""An assistant that writes as many characters as it is asked for."""

import re

MOST = 20_000
_DEFAULT = 5_000
_LEAST = 120
_PER_PARAGRAPH = 4
_SENTENCE = "This is sentence {number}; every one of them must arrive, once and in its place."


def answer(asked: str) -> str:
    """Return a text of exactly the length in ``asked``, in sentences that are numbered."""
    number = re.search(r"\d{1,6}", asked.replace(",", "").replace(".", ""))
    length = min(max(int(number[0]) if number else _DEFAULT, _LEAST), MOST)
    text = f"I write filler on demand; here are **{length} characters**.\n\n"
    for count in range(1, MOST):
        sentence = _SENTENCE.format(number=count)
        between = "\n\n" if count % _PER_PARAGRAPH == 0 else " "
        if len(text) + len(sentence) + len(between) > length - len("End."):
            break
        text += sentence + between
    # The rest is made up of dots, so that the last words end exactly where they should.
    return text.rstrip() + " " + "." * (length - len(text.rstrip()) - 5) + "End."
