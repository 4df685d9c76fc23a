"""The change that CONTRIBUTING takes step by step, taken on a copy of the tree."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import dataclass

import pytest

from tests.processes import ROOT, python

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGE = TEXT.partition("\n## A change, step by step")[2]
LANGUAGES = ("es", "pt", "fr", "de", "it", "da", "no", "ar", "hi", "zh", "ja")
PLACED = re.compile(
    r"^In (?P<kind>each |the new )?`(?P<file>[^`]+)`"
    r"(?:, after `(?P<anchor>[^`]+)`|, at the end)?[^`\n]*:\n\n"
    r"```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
TESTS = sorted(set(re.findall(r"tests/[\w/]+(?:\.py)?", CHANGE)))
COPIED_WITHOUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build")


@dataclass(frozen=True)
class Snippet:
    """Lines that belong into a file: behind the one line with some words, or at its end."""

    file: str
    anchor: str
    text: str
    is_new: bool

    def places(self, tree) -> list[int]:
        """The numbers of lines behind which it may belong."""
        if not self.anchor:
            return [len(self._lines(tree))]
        words = re.compile(rf"(?<!\w){re.escape(self.anchor)}")
        return [number for number, line in enumerate(self._lines(tree), 1) if words.search(line)]

    def insert(self, tree) -> None:
        lines = self._lines(tree)
        (place,) = self.places(tree)
        gap = "" if self.anchor or self.is_new else "\n"
        lines.insert(place, f"{gap}{self.text}")
        (tree / self.file).write_text("".join(lines), encoding="utf-8")

    def _lines(self, tree) -> list[str]:
        if self.is_new:
            return []
        return (tree / self.file).read_text(encoding="utf-8").splitlines(keepends=True)


def in_all_languages(text):
    """A snippet whose German line stands for every language's."""
    german = re.compile(r"^de( = .*\n)", re.MULTILINE)
    return german.sub(lambda line: "".join(f"{code}{line[1]}" for code in LANGUAGES), text)


def snippets():
    """The snippets in their order; German ones, too, where other languages would have theirs."""
    for found in PLACED.finditer(CHANGE):
        text, is_new = in_all_languages(found["text"]), found["kind"] == "the new "
        for code in LANGUAGES if found["kind"] == "each " else ("",):
            yield Snippet(
                found["file"].replace("<code>", code), found["anchor"] or "", text, is_new
            )


SNIPPETS = tuple(snippets())
NEW = {one.file for one in SNIPPETS if one.is_new}
# Whoever has taken the steps runs the tests on what came of it.
TRIED = any((ROOT / file).exists() for file in NEW) and os.environ.get("CI") != "true"
pytestmark = pytest.mark.skipif(TRIED, reason="the change of CONTRIBUTING is made here already")


def test_every_snippet_has_its_place():
    blocks = re.findall(r"^```(\w+)$", CHANGE, re.MULTILINE)
    assert len(PLACED.findall(CHANGE)) == len([one for one in blocks if one != "sh"])
    assert [file for file in NEW if (ROOT / file).exists()] == []
    assert [one for one in SNIPPETS if len(one.places(ROOT)) != 1] == []


def test_what_a_snippet_is_put_into_can_still_be_read(tmp_path):
    for file in {one.file for one in SNIPPETS}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        if file not in NEW:
            shutil.copy(ROOT / file, tmp_path / file)
    for one in SNIPPETS:
        one.insert(tmp_path)
    for path in tmp_path.rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), path, "exec")
    for path in tmp_path.rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))


def test_what_the_text_names_is_there():
    files = set(re.findall(r"`((?:lib|tests|docs|simulator|\.ci)/[\w./-]+)`", TEXT)) - NEW
    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []
    targets = re.findall(r"^([a-z -]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    known = {target for line in targets for target in line.split()}
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", TEXT, re.MULTILINE)) <= known


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_the_change_works_as_it_is_told(tmp_path):
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=COPIED_WITHOUT)
    for one in SNIPPETS:
        one.insert(tree)
    for arguments in (
        "operations.languages",
        "ruff format .",
        "ruff check .",
        "mypy",
        f"pytest -q -x -m 'not thorough' --basetemp={tmp_path / 'inner'} {' '.join(TESTS)}",
    ):
        done = subprocess.run(
            python("-m", *shlex.split(arguments)),
            cwd=tree,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
