"""An assistant that shows every case of formatting, in Markdown."""

_CASES = {
    "emphasis": """\
**bold**, *italic*, ***both***, ~~struck out~~, `inline code`, __bold__ and _italic_ again.

**Bold that spans
two lines**, and super**b**ly marked *in*side a word.""",
    "headings": "# One\n\n## Two with **bold**\n\n### Three\n\nText below.",
    "lists": """\
- a bullet
  - one below it
    - and one below that
- another

1. first
2. second
   - with a bullet

- [x] done
- [ ] not done""",
    "quotes": "> Somebody said this,\n> on two lines.\n>\n> - even with a list",
    "code": """\
Inline `git push --force`, and a block:

```python
def greet(name: str) -> str:
    return f"**{name}** is not bold in here"
```""",
    "tables": """\
| name | age |
|------|----:|
| Ann  | 36  |
| Bob  | 7   |

A wide one:

| setting | default | what it is for, in a few more words |
|---|---|---|
| `PORT` | 1956 | where the gateway listens on this machine |
| `DATA_DIR` | `.data` | where it keeps sessions, history and turns |""",
    "links": """\
A [link](https://www.whatsapp.com), <https://www.twilio.com>, the bare
https://example.com/a_b_c?x=*1* and ![a picture](https://example.com/cat.png).""",
    "literals": "2*3*4 = 24, "
    " snake_case_name, `__init__`, 5 * 6 ~ 30, \\*escaped\\* and 😀 👩‍👩‍👧 🇩🇪.",
    "html": "<b>Tags</b> go, <i>entities</i> stay: fish &amp; chips &lt;3.\n\n---\n\nAfter a rule.",
}


def answer(asked: str) -> str:
    """Return the case that is asked for by its name, or all of them."""
    wish = asked.strip().casefold()
    names = ", ".join(f"`{name}`" for name in _CASES)
    if wish in _CASES:
        return f"**{wish.capitalize()}**\n\n{_CASES[wish]}"
    if wish == "list":
        return f"I know these cases: {names}."
    cases = "\n\n".join(f"## {name.capitalize()}\n\n{text}" for name, text in _CASES.items())
    return f"I only show formatting; no model is behind me. My cases are {names}.\n\n{cases}"
