"""The project's own documents as sections that can be searched.

Retrieval is SQLite's full-text search (FTS5) with its BM25 ranking, words cut to their stems.
"""

import math
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PATTERNS = ("README.md", "docs/**/*.md")
# Sentences in twelve languages, for those who check them: they share words with any question.
_LEFT_OUT = frozenset({"docs/languages.md"})
_MOST_BYTES = 1 << 20
_HEADING = re.compile(r"(#{1,6})\s+(.+)")
_FENCE = "```"
_HEADING_WEIGHT, _TEXT_WEIGHT = 10.0, 1.0
# How to use it stands before how it works, and that before why it was built so.
_BY_FILE = (
    "CASE WHEN file = 'README.md' THEN 1.5 WHEN file LIKE 'docs/decisions/%' THEN 0.6 ELSE 1 END"
)
# Sections that share words with a question, and are about something else.
_PASSED_OVER = 9
# Of the weight of a question's words: below this, a section shares a word with it by chance.
_LEAST_COVERED = 0.5
# Words that say nothing about what is sought.
_COMMON = (
    "a about an and are as at be but by can could did do does for from get has have he how i if "
    "in into is it its me my of on or our say says shall she should so tell that the their them "
    "then there these they this to us was we were what when where which who why will with would "
    "you your please happens happen mean means explain know want need like any some much many "
    "time today tomorrow yesterday now day old yes no ok okay good morning evening night"
)
_STOP_WORDS = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under one heading; ``title`` names the headings above it, too."""

    file: str
    title: str
    text: str


class Library:
    """The documents under ``root``, read and indexed at the first question."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._index: sqlite3.Connection | None = None

    def search(self, question: str, most: int = 3) -> list[Section]:
        """Return the sections that fit best: those with all the words, else with most of them.

        None where what is sought lies outside: rare words weigh more, unknown ones the most.
        """
        words = keywords(question)
        if not words:
            return []
        with self._lock:
            index = self._index = self._index or self._read()
            found = self._find(index, " AND ", words, most + _PASSED_OVER)
            if not found:
                found = self._find(index, " OR ", words, most + _PASSED_OVER)
                found = [one for one in found if self._covers(index, one, words)]
            about = [one for one in found if self._is_about(index, one, words)]
            return sorted(about, key=lambda one: not self._is_titled(index, one, words))[:most]

    def _is_titled(self, index: sqlite3.Connection, one: Section, words: Sequence[str]) -> bool:
        """Whether the title holds every word: then the section is the very answer."""
        titled = " AND ".join(f'title : "{word}"' for word in words)
        query = "SELECT 1 FROM sections WHERE sections MATCH ? AND file = ? AND title = ?"
        return bool(index.execute(query, (titled, one.file, one.title)).fetchall())

    def _is_about(self, index: sqlite3.Connection, one: Section, words: Sequence[str]) -> bool:
        """Whether the rarest word of a question is more than mentioned in passing."""
        rarest = min(words, key=lambda word: self._count(index, word) or math.inf)
        (in_title, in_text), *_ = index.execute(
            "SELECT highlight(sections, 1, char(1), ''), highlight(sections, 2, char(1), '') "
            "FROM sections WHERE sections MATCH ? AND file = ? AND title = ?",
            (f'"{rarest}"', one.file, one.title),
        ).fetchall() or [("", "")]
        # The number of an error is written down where it is told what becomes of it.
        return "\1" in in_title or in_text.count("\1") > (0 if rarest.isdigit() else 1)

    def _covers(self, index: sqlite3.Connection, best: Section, words: Sequence[str]) -> bool:
        (total,) = index.execute("SELECT count(*) FROM sections").fetchone()
        weights = {word: math.log((total + 1) / (self._count(index, word) + 0.5)) for word in words}
        there = [word for word in words if self._count(index, word, best)]
        return sum(weights[word] for word in there) >= _LEAST_COVERED * sum(weights.values())

    def _count(self, index: sqlite3.Connection, word: str, within: Section | None = None) -> int:
        """Count the sections with a word; of one section, 1 or 0."""
        query, values = "SELECT count(*) FROM sections WHERE sections MATCH ?", [f'"{word}"']
        if within is not None:
            query += " AND file = ? AND title = ?"
            values += [within.file, within.title]
        (count,) = index.execute(query, values).fetchone()
        return int(count)

    def _find(
        self, index: sqlite3.Connection, joint: str, words: Sequence[str], most: int
    ) -> list[Section]:
        rows = index.execute(
            "SELECT file, title, text FROM sections WHERE sections MATCH ? "  # noqa: S608 - constants
            f"ORDER BY bm25(sections, 0, ?, ?) * {_BY_FILE} LIMIT ?",
            (joint.join(f'"{word}"' for word in words), _HEADING_WEIGHT, _TEXT_WEIGHT, most),
        )
        return [Section(*row) for row in rows]

    def _read(self) -> sqlite3.Connection:
        index = sqlite3.connect(":memory:", check_same_thread=False)
        index.execute(
            "CREATE VIRTUAL TABLE sections USING fts5"
            "(file UNINDEXED, title, text, tokenize='porter unicode61')"
        )
        files = sorted({file for pattern in _PATTERNS for file in self._root.glob(pattern)})
        for file in files:
            name = str(file.relative_to(self._root))
            if name not in _LEFT_OUT and file.stat().st_size <= _MOST_BYTES:
                text = file.read_text(encoding="utf-8", errors="replace")
                rows = [(one.file, one.title, one.text) for one in sections(name, text)]
                index.executemany("INSERT INTO sections VALUES (?, ?, ?)", rows)
        return index


def keywords(question: str) -> list[str]:
    """Return the words of a question that say what it is about."""
    words = re.findall(r"[^\W\d]\w+|\d{3,}", question.casefold())
    return [word for word in dict.fromkeys(words) if word not in _STOP_WORDS][:12]


def sections(file: str, markdown: str) -> Iterator[Section]:
    """Cut a document at its headings; what stands before the first is left out."""
    lines = markdown.splitlines()
    headings = list(_headings(lines))
    ends = [start for start, _, _ in headings[1:]] + [len(lines)]
    above: dict[int, str] = {}
    for (start, level, title), end in zip(headings, ends, strict=False):
        above = {depth: name for depth, name in above.items() if depth < level} | {level: title}
        text = "\n".join(lines[start + 1 : end]).strip()
        if text:
            yield Section(file, _path(file, above), text)


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The line, level and text of each heading. Our own documents write them in one way only."""
    inside = False
    for number, line in enumerate(lines):
        inside ^= line.lstrip().startswith(_FENCE)
        if not inside and (heading := _HEADING.fullmatch(line)):
            yield number, len(heading[1]), heading[2].strip()


def _path(file: str, above: Mapping[int, str]) -> str:
    # The README's own title is the project's name, which says nothing here.
    names = [name for depth, name in sorted(above.items()) if depth > 1 or file != "README.md"]
    return " > ".join(names or above.values())
