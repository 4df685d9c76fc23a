import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.reply.components import to_markdown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('a <highlight color="#ff0">b</highlight> c', "a **b** c"),
        ('<Alert type="error">Bad > x</Alert>', "❌ Bad > x"),
        ("<alert>Note</alert>", "ℹ️ Note"),
        ('<tooltip text="it\'s x" position="top">t</tooltip>', "t (it's x)"),
        ('<preview uri="https://u.io/d.pdf" type="pdf" name="Doc" />', "- Doc https://u.io/d.pdf"),
        (
            """<preview items='[{"uri": "https://u.io", "name": "N's > 1"}]' />""",
            "- N's > 1 https://u.io",
        ),
        (
            """<plot data='{"x": ">"}' layout='{"title": {"text": "Sales"}}' />""",
            "Sales: chart, see the web app",
        ),
        ("<plot data='{}' layout='{}' />", "Chart, see the web app"),
        (
            '<GoogleSearch queries="<b>" sources=[{"uri": "https://u.io", "title": "T"}] />',
            "- T https://u.io",
        ),
        ("<GoogleSearch queries='[]' />done", "done"),
        ("<alert><highlight>both</highlight></alert>", "ℹ️ **both**"),
        ("<highlight>never closed", "never closed"),
        ("closed only</highlight>", "closed only"),
        ("`<highlight>x</highlight>`", "`<highlight>x</highlight>`"),
        ("```\n<alert>x</alert>\n```", "```\n<alert>x</alert>\n```"),
        ("```md\n<highlight>x</highlight>\n```", "**x**"),
        ("<highlighter>x</highlighter>", "<highlighter>x</highlighter>"),
        ('cut off <plot data=\'{"a": 1', 'cut off <plot data=\'{"a": 1'),
    ],
)
def test_a_component_becomes_text(said, shown):
    assert to_markdown(said).strip() == shown


@given(
    st.lists(
        st.sampled_from(
            [
                "<alert",
                "<plot",
                "</alert>",
                "<highlight>",
                "</highlight>",
                ">",
                "/>",
                " data='",
                "'",
                '"',
                "{",
                "]",
                " a=",
                "`",
                "```",
                "x",
                "\n",
                "[",
                "<preview items=[",
            ]
        )
    ).map("".join)
)
def test_broken_tags_never_fail(said):
    assert isinstance(to_markdown(said), str)


@given(st.text())
def test_text_without_tags_is_left_as_it_is(said):
    if "<" not in said:
        assert to_markdown(said) == said
