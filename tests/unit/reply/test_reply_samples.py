"""Every sample is what is sent, and the document for people shows no other."""

import pytest

from tests.formatting_document import DOCUMENT, document, kinds, sent

SAMPLES = [
    pytest.param(*sample, kind, id=f"{kind['title']}: {sample[0][:30]}")
    for kind in kinds()
    for sample in kind["samples"]
]


@pytest.mark.parametrize(("markdown", "expected", "kind"), SAMPLES)
def test_a_sample_becomes_what_it_says(markdown, expected, kind):
    messages = sent(markdown, kind.get("limit", 1600), media=kind.get("media", False))
    assert messages == ([expected] if isinstance(expected, str) else expected)


def test_the_document_shows_what_the_samples_give():
    assert DOCUMENT.read_text() == document()
