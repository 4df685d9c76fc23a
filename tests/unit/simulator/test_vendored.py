"""What the page carries of others' is what they published, to the byte."""

import hashlib

import pytest

from tests.absent import skip_outside_ci
from tests.processes import ROOT

STATIC = ROOT / "simulator/page/static/vendor/lit-html"
PUBLISHED = ROOT / "tests/node/node_modules/lit-html"
FILES = ["lit-html.js", "directive.js", "directive-helpers.js", "directives/repeat.js", "LICENSE"]


@pytest.mark.parametrize("name", FILES)
def test_lit_html_is_the_published_one(name):
    if not PUBLISHED.exists():
        skip_outside_ci(
            "the published lit-html is not installed; `make test` installs it if npm is there"
        )
    ours, theirs = ((folder / name).read_bytes() for folder in (STATIC, PUBLISHED))
    assert hashlib.sha256(ours).digest() == hashlib.sha256(theirs).digest()


def test_nothing_else_is_carried():
    carried = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert carried == set(FILES)
