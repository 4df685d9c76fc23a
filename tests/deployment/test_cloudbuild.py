"""``cloudbuild.yaml``: its schema, gcloud's own decoder, and what neither of them looks at."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.google.apis import PROJECT
from tests.processes import ROOT

FILE = ROOT / "cloudbuild.yaml"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load(FILE.read_text())


def test_it_follows_the_schema():
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.cloudbuild", FILE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def _submit(project, file):
    command = ["gcloud", "builds", "submit", "--no-source", "--async", f"--config={file}"]
    return subprocess.run(
        [*command, f"--project={PROJECT}"],
        env=project.environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_gcloud_knows_every_word_of_it(project):
    done = _submit(project, FILE)
    assert done.returncode == 0, done.stderr
    (build,) = [one.body for one in project.google.calls if one.path.endswith("/builds")]
    assert [step["id"] for step in build["steps"]] == [
        "setup",
        "lint",
        "types",
        "test",
        "stage",
        "deploy",
        "smoke",
    ]
    assert build["serviceAccount"].endswith(
        "/${_GATEWAY}-pipeline@$PROJECT_ID.iam.gserviceaccount.com"
    )


def test_gcloud_would_refuse_a_word_it_does_not_know(project, tmp_path):
    wrong = tmp_path / "cloudbuild.yaml"
    wrong.write_text(FILE.read_text().replace("timeout:", "timout:"))
    assert "timout" in _submit(project, wrong).stderr


def test_every_step_waits_for_steps_that_are_there(document):
    seen = set()
    for step in document["steps"]:
        assert set(step.get("waitFor", [])) <= seen
        seen.add(step["id"])


@pytest.mark.parametrize("position", range(7))
def test_a_step_is_a_clean_script_and_uses_only_substitutions_that_are_there(document, position):
    script = document["steps"][position]["script"]
    known = "".join(f"{name}=x\n" for name in (*document["substitutions"], "PROJECT_ID"))
    shebang, _, body = script.partition("\n")
    done = subprocess.run(
        [BIN / "shellcheck", "--exclude=SC2034", "-"],
        input=f"{shebang}\n{known}{body}",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
