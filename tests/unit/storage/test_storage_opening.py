"""Hours of assistants in a file: holidays worked out, and what is wrong told with its place."""

import subprocess
from datetime import UTC, datetime

import pytest

from lib.errors import ConfigurationError
from lib.storage.catalogue.documents import assistant_document, read_assistant
from lib.storage.catalogue.file import load
from operations.assistants import main
from tests.processes import python

OFFICE = """\
    hours: "Mo-Fr 09:00-17:30"
    timezone: Europe/Berlin
"""


def written(tmp_path, lines, others=""):
    file = tmp_path / "assistants.yaml"
    file.write_text(f"assistants:\n  expert:\n{lines}{others}")
    return file


def settings(tmp_path, lines):
    (assistant,) = load(written(tmp_path, lines)).assistants
    return assistant.settings


def test_hours_are_kept_as_they_are_written(tmp_path):
    told = settings(tmp_path, OFFICE + "    closed: [2026-12-24, 2026-12-31]\n")
    assert told == {
        "hours": "Mo-Fr 09:00-17:30",
        "timezone": "Europe/Berlin",
        "closed": "2026-12-24, 2026-12-31",
    }


@pytest.mark.parametrize("closes", [False, True])
def test_the_holidays_of_two_years_are_worked_out_for_the_region(tmp_path, closes):
    year = datetime.now(UTC).year
    bavaria = OFFICE + "    country: DE\n    region: BY\n"
    bavaria += f"    closed: {year}-12-24\n" * closes
    days = settings(tmp_path, bavaria)["closed"].split(", ")
    for each in (year, year + 1):
        assert {f"{each}-01-01", f"{each}-01-06", f"{each}-12-25"} <= set(days)
    assert (f"{year}-12-24" in days) is closes
    assert days == sorted(set(days))
    berlin = settings(tmp_path, OFFICE + "    country: DE\n")["closed"].split(", ")
    assert f"{year}-01-06" not in berlin


def test_hours_for_holidays_leave_these_to_the_hours(tmp_path):
    told = settings(
        tmp_path, "    hours: PH 10:00-12:00\n    timezone: Europe/Berlin\n    country: DE\n"
    )
    assert "closed" not in told


def test_days_may_be_a_list_in_a_database_too(tmp_path):
    written(tmp_path, OFFICE)
    (assistant,) = load(tmp_path / "assistants.yaml").assistants
    document = {**assistant_document(assistant), "closed": ["2026-12-24", "2026-12-25"]}
    assert read_assistant("expert", document).settings["closed"] == "2026-12-24, 2026-12-25"


WRONG = [
    (
        '    hours: "Mo-Fr 9-17"\n    timezone: Europe/Berlin\n',
        "line 3: assistant 'expert': hours, column 7: “9-17” is not understood",
    ),
    ('    hours: "Mo-Fr 09:00-17:30"\n', "line 3: assistant 'expert': timezone is needed"),
    (
        '    hours: "Mo-Fr 09:00-17:30"\n    timezone: Berlin\n',
        "line 4: assistant 'expert': timezone is unknown",
    ),
    (OFFICE + "    country: XX\n", "line 5: assistant 'expert': country is unknown"),
    (
        OFFICE + "    country: DE\n    region: Bavaria\n",
        "line 6: assistant 'expert': region is unknown; of DE there is BB, BE, BW, BY",
    ),
    (OFFICE + "    region: BY\n", "line 3: assistant 'expert': country is needed beside region"),
    (
        "    hours: PH 10:00-12:00\n    timezone: UTC\n    country: DE\n    region: BY\n",
        "line 6: assistant 'expert': region knows no hours for holidays",
    ),
    (OFFICE + "    closed: [Christmas]\n", "line 5: assistant 'expert': closed is a list of days"),
    (OFFICE + "    outside: sleep\n", "line 5: outside is one of notice, answer, other"),
    (OFFICE + "    outside: other\n", "line 2: assistant 'expert': other_assistant is the id"),
    (
        OFFICE + "    outside: other\n    other_assistant: expert\n",
        "line 2: assistant 'expert': other_assistant is the id of another one",
    ),
    ("    outside: answer\n", "line 3: assistant 'expert': outside needs hours beside it"),
]


@pytest.mark.parametrize(("lines", "words"), WRONG)
def test_what_is_wrong_is_told_with_file_line_assistant_and_column(tmp_path, lines, words):
    file = written(tmp_path, lines)
    with pytest.raises(ConfigurationError) as refused:
        load(file)
    assert str(refused.value).startswith(f"{file}, {words}")


def test_who_answers_instead_is_in_the_same_file(tmp_path):
    lines = OFFICE + "    outside: other\n    other_assistant: second\n"
    first, _ = load(written(tmp_path, lines, "  second: {name: Second}\n")).assistants
    assert first.settings["other_assistant"] == "second"


def test_the_command_that_loads_a_file_ends_with_2_where_hours_are_wrong(tmp_path, capsys):
    assert main([str(written(tmp_path, WRONG[0][0])), "--dry-run"]) == 2
    assert "assistant 'expert': hours, column 7" in capsys.readouterr().err


@pytest.mark.parametrize("lines", ["    name: Expert\n", OFFICE])
def test_what_knows_holidays_is_loaded_for_a_country_alone_and_hours_for_hours(tmp_path, lines):
    program = (
        "import sys\nfrom pathlib import Path\nfrom lib.storage.catalogue.file import load\n"
        f"load(Path({str(written(tmp_path, lines))!r}))\n"
        "print(*({'holidays', 'opening_hours'} & set(sys.modules)))"
    )
    done = subprocess.run(python("-c", program), capture_output=True, text=True, check=True)
    assert done.stdout.split() == (["opening_hours"] if "hours" in lines else [])
