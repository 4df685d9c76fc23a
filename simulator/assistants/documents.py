"""Long texts whose every sentence can be told from the others, and that end where they should."""

_SENTENCE = "This is sentence {number}; every one of them must arrive, once and in its place."
_PER_PARAGRAPH = 4
_END = "End."
# About what fits into one message with room left, so that a part would end within the block.
_PART = 1350
_THOUGHT = "<thinking>This is a secret thought, which may never reach a phone.</thinking>\n\n"
_THINKS_FROM = 3600


def numbered(length: int, sentence: str = _SENTENCE, opening: str = "") -> str:
    """Return exactly that many characters of numbered sentences, in paragraphs.

    ``sentence`` has ``{number}`` where its number stands. Too few for one are dots.
    """
    text, number = opening, 1
    while True:
        said = sentence.format(number=number)
        between = "\n\n" if number % _PER_PARAGRAPH == 0 else " "
        if len(text) + len(said) + len(between) > length - len(_END):
            break
        text += said + between
        number += 1
    # The rest is made up of dots, so that the last word ends exactly where it should.
    text = text.rstrip() + " " if text else ""
    dots = length - len(text) - len(_END)
    return text + "." * dots + _END if dots >= 0 else "." * length


def thinking_late(length: int) -> str:
    """Return that many characters and a thought, which begins in the third part of three."""
    text = numbered(length)
    place = text.rfind("\n\n", 0, _THINKS_FROM) + 2 if length > _THINKS_FROM else length
    return text[:place] + _THOUGHT + text[place:]


def blocks() -> str:
    """Return a document with a block that should stay whole wherever a message would be cut."""
    rows = "".join(f"| row {n} | the value of row {n} |\n" for n in range(1, 16))
    table = f"| name | value |\n|---|---|\n{rows}"
    entries = "".join(f"- entry {n} of a list that is cut\n" for n in range(1, 21))
    code = "".join(f"value_{n} = compute({n})  # line {n}\n" for n in range(1, 21))
    filler = [numbered(_PART, f"Filler {one}, sentence {{number}}.") for one in (1, 2, 3)]
    fence = f"```python\n{code}```"
    return "\n\n".join([filler[0], table, filler[1], entries, filler[2], fence, numbered(300)])


def references(length: int) -> str:
    """Return that many characters and more, with links that are defined where the text ends."""
    sentence = "Sentence {number} has [its source][one] and [another][two]."
    defined = "[one]: https://example.com/one\n[two]: https://example.com/two\n"
    return f"{numbered(length, sentence)}\n\n{defined}"
