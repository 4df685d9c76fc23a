"""What the honest demo assistants say, in Markdown."""

_FORMATTING = """\
## What *formatting* looks like

**bold**, *italic*, ***both***, ~~gone~~, `code` and a [link](https://www.whatsapp.com).

- a bullet
  - one below it
- [x] a task

1. first
2. second

> Somebody said this.

| name | age |
|------|-----|
| Ann  | 36  |

```python
def greet(name: str) -> str:
    return f"**{name}**"
```
"""
_PARAGRAPH = (
    "This is paragraph {number} of a long answer. It is long so that you can see it arrive in "
    "parts, in the right order, none of them cut in the middle of a word. "
    "**The parts belong together**, and each one is stored before the first is sent."
)
_PARAGRAPHS = 24


def answer_to(name: str, asked: str, pairs: int) -> str:
    """Return the demo assistant's answer; ``pairs`` is how much history came along."""
    wish = asked.strip().casefold()
    if wish == "formatting":
        return _FORMATTING
    if wish == "long":
        paragraphs = (_PARAGRAPH.format(number=n + 1) for n in range(_PARAGRAPHS))
        return "\n\n".join(paragraphs)
    remembered = f"\n\nI remember {pairs} earlier question(s) of yours." if pairs else ""
    return (
        f"I am a **demo assistant** called `{name}`. I know nothing; I only repeat. You said:\n\n"
        f"{asked}{remembered}\n\n"
        "Write *formatting* or *long* to see more, or /help for the gateway's own commands."
    )
