"""What a gateway of an account loads before it serves: who writes meanwhile waits for it."""

import subprocess

from tests.processes import ROOT, python

PROGRAM = """
import sys
import standalone.start
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "simulator"))
"""


def test_nothing_is_loaded_of_what_is_played_but_its_guard():
    loaded = subprocess.run(
        python("-c", PROGRAM), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == ["simulator", "simulator.guard"]
