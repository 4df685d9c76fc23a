"""What `make` says where it cannot set anything up."""

import os
import subprocess

import pytest

from tests.processes import ROOT

# Pythons that make environments, or fail to, in the ways real ones do.
OLD = "exit 1"
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1 ;; esac'
WITHOUT_NETWORK = (
    'if [ "$2" = venv ]; then mkdir -p "$3/bin"; touch "$3/bin/python"; '
    "printf '#!/bin/sh\\necho no route >&2\\nexit 1\\n' > \"$3/bin/pip\"; "
    'chmod +x "$3/bin/pip"; fi'
)


@pytest.mark.parametrize(
    ("python", "venv", "said"),
    [
        (OLD, "venv", "Python 3.11 or newer is needed"),
        (WITHOUT_VENV, "venv", "apt install python3-venv"),
        (WITHOUT_NETWORK, "venv", "behind a proxy set HTTPS_PROXY"),
        ("", "/proc/no-such-folder", "/proc/no-such-folder cannot be written"),
    ],
)
def test_a_set_up_that_fails_names_the_cause_and_the_way_out(tmp_path, python, venv, said):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{python}\n")
    program.chmod(0o755)
    done = subprocess.run(
        ["make", "run", f"PYTHON={program}", f"VENV={tmp_path / venv}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode != 0
    assert said in done.stderr
    others = {"3.11 or newer", "python3-venv", "HTTPS_PROXY", "cannot be written"}
    assert [one for one in others if one in done.stderr] == [o for o in others if o in said]
