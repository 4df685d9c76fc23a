"""What the profile makes of logs, stacks and exchanges."""

from bench.profile import imports, sampling
from bench.profile.trace import Span, timeline

LOG = """import time: self [us] | cumulative | imported package
import time:       100 |        100 |     inner
import time:       300 |        400 |   outer
[2026-11-25] a line of something else
import time:        50 |         50 | last
"""


def test_imports_are_read_with_their_depth():
    found = imports.parse(LOG)
    assert [(one.name, one.own, one.whole, one.depth) for one in found] == [
        ("inner", 100, 100, 2),
        ("outer", 300, 400, 1),
        ("last", 50, 50, 0),
    ]


def test_the_slowest_imports_come_first():
    lines = imports.table(imports.parse(LOG)).splitlines()
    assert lines[0] == "3 imports, 0 ms"
    assert lines[2].split() == ["0.3", "outer", "0.4", "outer"]


def test_samples_count_on_top_and_anywhere():
    shown = sampling.table(["main (a.py:1);work (a.py:2) 3", "main (a.py:1) 1"])
    assert shown.splitlines()[0] == "4 samples"
    assert shown.splitlines()[2].split()[:2] == ["75.0%", "75.0%"]
    assert shown.splitlines()[3].split()[:2] == ["25.0%", "100.0%"]


def test_a_timeline_shows_what_runs_side_by_side_and_the_rest():
    found = [Span("a", 0, 10), Span("b", 5, 20), Span("c", 30, 40)]
    lines = timeline(found, 50).splitlines()
    assert [line.split()[2] for line in lines[1:3]] == ["1", "1"]
    assert "█" in lines[3]
    assert lines[3].endswith(" c")
    assert lines[4].endswith("20.0 ms of it waiting for none of these")
