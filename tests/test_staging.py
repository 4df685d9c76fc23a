"""What ``deploy.sh --stage-only`` fills the folders with."""

import subprocess

import pytest

from tests.processes import ROOT

# Of code, requirements, languages, and a protocol.
SUFFIXES = {".py", ".txt", "", ".toml", ".ftz", ".md", ".binpb"}
FUNCTIONS = ("webhook", "responder", "status", "tick", "health", "media")


def deploy(*arguments):
    return subprocess.run(
        [str(ROOT / "deploy.sh"), *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_staged_function_has_what_it_needs_and_nothing_else(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "left_over.py").write_text("broken(")
    assert deploy("--stage-only", "--into", str(tmp_path), name).returncode == 0
    staged = tmp_path / name
    assert {one.name for one in staged.iterdir()} == {"main.py", "requirements.txt", "lib"}
    files = {one.relative_to(staged / "lib") for one in (staged / "lib").rglob("*.py")}
    assert files == {one.relative_to(ROOT / "lib") for one in (ROOT / "lib").rglob("*.py")}
    assert not [one for one in staged.rglob("*") if one.suffix not in SUFFIXES]
    data = {one.name for one in (staged / "lib/language").iterdir() if one.suffix != ".py"}
    assert (staged / "lib/storage/firestore/protocol.binpb").is_file()
    assert {"de.toml", "commands.toml", "lid.176.ftz", "NOTICE.md"} <= data


def test_all_functions_are_staged_unless_some_are_named(tmp_path):
    assert deploy("--stage-only", "--into", str(tmp_path)).returncode == 0
    assert {one.name for one in tmp_path.iterdir()} == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--stage-only", "webhok"], "no function is called webhok"),
        (["--stage"], "unknown option --stage"),
        (["--stage-only", "--into"], "--into needs a folder"),
    ],
)
def test_a_wrong_call_says_what_is_right(arguments, words):
    done = deploy(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_the_help_names_every_option():
    done = deploy("--help")
    assert done.returncode == 0
    assert all(option in done.stdout for option in ("--stage-only", "--into", "--help"))
