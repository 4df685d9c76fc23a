"""``make languages``: draw the sheet of all sentences, so that native readers can check them."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from lib.language.files import sentences_in, words_of_commands
from lib.language.names import ENGLISH_NAMES, OWN
from lib.model.language import CODES, ENGLISH
from lib.reply.phrase import Phrase

ROOT = Path(__file__).parents[1]
SHEET = ROOT / "docs/languages.md"

_HEAD = """\
# Languages

Every sentence that the gateway itself says, in every language that it speaks. This sheet is drawn
by `make languages` from the English sentences in `lib/reply/*texts.py` and the files
`lib/language/<code>.toml`; whoever speaks one of the languages is asked to read their part and to
correct the file. `{braces}` name what is put in.

[Decision 0082](decisions/0082-a-sentence-is-translated-when-it-is-said.md) says how a language is
chosen.
"""


def main() -> int:
    """Draw the sheet; return the exit code."""
    SHEET.write_text(sheet(), encoding="utf-8")
    sys.stdout.write(f"Drawn: {SHEET.relative_to(ROOT)}\n")
    return 0


def sheet() -> str:
    """Return the sheet: a table a language, and the words of commands."""
    return "\n".join((_HEAD, *map(_language, CODES[1:]), _words()))


def english() -> Mapping[str, str]:
    """Return the English sentences by their keys, in the order in which they stand in the code."""
    return {one.key: one.form for one in phrases()}


def phrases() -> Iterator[Phrase]:
    """Give every phrase of the code that is to be translated."""
    for path in sorted((ROOT / "lib/reply").glob("*texts.py")):
        module = import_module(f"lib.reply.{path.stem}")
        for value in vars(module).values():
            yield from (one for one in _phrases(value) if one.key)


def _phrases(value: Any) -> Iterator[Phrase]:
    if isinstance(value, Phrase):
        yield value
    elif isinstance(value, (Mapping, tuple)):
        held = value.values() if isinstance(value, Mapping) else value
        yield from (one for one in held if isinstance(one, Phrase))


def _language(code: str) -> str:
    known = sentences_in(code)
    rows = [f"| {_cell(form)} | {_cell(known.get(key, ''))} |" for key, form in english().items()]
    head = f"## {OWN[code]} ({code})\n\n| {ENGLISH_NAMES[ENGLISH]} | {OWN[code]} |\n|---|---|"
    return "\n".join((head, *rows, ""))


def _words() -> str:
    lines = ["## Words of commands\n", "Each is understood from everybody.\n"]
    lines += [f"| command | {' | '.join(CODES[1:])} |", f"|---|{'---|' * (len(CODES) - 1)}"]
    for command, languages in words_of_commands().items():
        cells = (" ".join(languages.get(code, ())) for code in CODES[1:])
        lines.append(f"| /{command} | {' | '.join(cells)} |")
    return "\n".join((*lines, ""))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("_", "\\_").replace("\n", "<br>")


if __name__ == "__main__":
    sys.exit(main())
