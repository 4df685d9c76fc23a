"""The table, the values and the plot of a run."""

import json
import subprocess
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from bench import machine, plot, report
from bench.processes import ROOT
from bench.rows import Row, in_unit
from tests.processes import python

FAST = Row("fast", "1 s", "1.2 s", 1.2, target=1.3, ratio=1.2, note="all well", raw={"s": [1]})
SLOW = Row("slow & <late>", "–", "9 ms", 9.0, unit="ms", target=3.0)
MANY = Row("many", "–", "900 /s", 900.0, unit="/s", target=800.0, at_most=False)
ONLY = Row("only told", "–", "5 MB", 5.0, unit="MB")
ROWS = [FAST, SLOW, MANY, ONLY]


@pytest.mark.parametrize(("row", "met"), [(FAST, True), (SLOW, False), (MANY, True), (ONLY, None)])
def test_a_target_is_met_or_not(row, met):
    assert row.met is met


def test_the_share_of_a_target_is_below_one_where_it_is_met():
    assert SLOW.share == 3.0
    assert MANY.share == pytest.approx(800 / 900)
    with pytest.raises(ValueError, match="no target"):
        _ = ONLY.share


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.2345, "×", "1.23×"),
        (1.0, "×", "1×"),
        (312.4, "/s", "312 /s"),
        (100.0, "MB", "100 MB"),
        (4.56, "ms", "4.6 ms"),
        (0.02, "s", "0.02 s"),
        (5, "", "5"),
    ],
)
def test_a_figure_has_no_more_digits_than_mean_anything(value, unit, expected):
    assert in_unit(value, unit) == expected


def test_the_table_has_a_line_for_each_row():
    lines = report.table(ROWS).splitlines()
    assert lines[2] == "| fast | 1 s | 1.2 s | 1.2× | at most 1.3× | yes |"
    assert lines[3] == "| slow & <late> | – | 9 ms | – | at most 3 ms | **no** |"
    assert lines[4] == "| many | – | 900 /s | – | at least 800 /s | yes |"
    assert lines[5] == "| only told | – | 5 MB | – | – | – |"


def test_the_document_tells_the_machine_what_failed_and_the_notes():
    where = replace(machine.here(), pace=(80.2, 79.6, 91.0))
    written = report.document(ROWS, where, {"cold": "Error: it broke\nmore"}, quick=True)
    assert "**cold failed:** Error: it broke\n" in written
    assert "- fast: all well." in written
    assert "A quick run" in written
    assert "functions-framework 3." in written
    assert "load average" in written
    assert "took 80 ms (80..91) of CPU" in written


def test_the_values_are_json_with_everything_in_it():
    kept = json.loads(report.raw(ROWS, machine.here(), {}, quick=False))
    assert [row["met"] for row in kept["rows"]] == [True, False, True, None]
    assert kept["rows"][0]["raw"] == {"s": [1]}
    assert kept["machine"]["cpus"] >= 1


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own


def test_the_plot_is_svg_with_a_bar_for_each_target():
    root = parsed(plot.svg(ROWS))
    space = "{http://www.w3.org/2000/svg}"
    bars = list(root.iter(f"{space}rect"))[1:]
    words = [one.text for one in root.iter(f"{space}text")]
    assert len(bars) == 3
    assert "slow & <late>" in words
    assert "only told" not in words
    widths = [float(bar.get("width")) for bar in bars]
    assert widths[1] > widths[0] > widths[2]
    ends = [float(bar.get("x")) + float(bar.get("width")) for bar in bars]
    assert max(ends) < float(root.get("width"))


def bench(*arguments):
    return subprocess.run(
        python("-m", "bench", *arguments), cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.thorough
def test_a_run_writes_table_values_and_plot(tmp_path):
    done = bench("--quick", "--only", "formatting", "--results", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "| formatting and chunking 0.1 MB" in done.stdout
    [values] = tmp_path.glob("*.json")
    kept = json.loads(values.read_text())
    assert len(kept["rows"]) == 2
    assert len(kept["machine"]["pace"]) == 2
    assert "| formatting" in (tmp_path / "latest.md").read_text()
    parsed((tmp_path / "latest.svg").read_text())


def test_the_parts_are_listed_and_a_wrong_one_is_named():
    listed = bench("--list").stdout
    assert "throughput" in listed
    wrong = bench("--only", "cold,warm")
    assert wrong.returncode == 2
    assert "nothing is called warm" in wrong.stderr
