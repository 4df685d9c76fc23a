"""Long answers of several kinds, made to a length; nothing in them repeats exactly."""

from collections.abc import Callable
from itertools import count


def _prose(n: int) -> str:
    return (
        f"In the year {n} the committee met again, and although nobody had expected it, the "
        f"proposal was accepted: {n % 97} votes against {n % 31}. What followed is well known. The "
        "office opened in May, closed in June, and has not been mentioned since.\n\n"
    )


def _markdown(n: int) -> str:
    return (
        f"## Step {n}: *prepare* the **data**\n\nFirst, open [the guide](https://example.com/{n}) "
        f"and read about `load_{n}()`. **Important:** ~~never~~ _rarely_ skip it.\n\n"
        f"1. Take **{n}** rows.\n2. Keep those where `x > {n}`.\n   - unless they are *old*\n\n"
        f"> A quote about {n}.\n\n---\n\n"
    )


def _lists(n: int) -> str:
    return f"- item **{n}**\n  - inner {n}\n    1. first of {n}\n    2. second\n- [ ] task {n}\n\n"


def _tables(n: int) -> str:
    rows = "".join(f"| row {n}-{row} | **{row}** | `{n * row}` |\n" for row in range(8))
    return f"| name {n} | count | code |\n|---|:-:|--:|\n{rows}\n"


def _code(n: int) -> str:
    lines = "".join(f"    total_{n} += values[{line}]  # *not* _bold_\n" for line in range(12))
    return f"```python\ndef sum_{n}(values):\n    total_{n} = 0\n{lines}```\n\nThat was {n}.\n\n"


def _scripts(n: int) -> str:
    return (
        f"第{n}章:今天的天气**很好**,我们去公园散步。これは*例文*です。\n\n"
        f"الرسالة رقم {n} **مهمة** جدا. नमस्ते **दुनिया** {n}. "
        f"สวัสดี {n} 👩‍👩‍👧‍👦🇩🇪 한국어 문장 {n}.\n\n"
    )


def _one_line(n: int) -> str:
    return f"word{n} *stressed{n}* "


KINDS: dict[str, Callable[[int], str]] = {
    "prose": _prose,
    "Markdown": _markdown,
    "lists": _lists,
    "tables": _tables,
    "code": _code,
    "other scripts": _scripts,
    "one paragraph": _one_line,
}


def text(kind: str, characters: int) -> str:
    """Return an answer of a kind, of exactly so many characters."""
    parts: list[str] = []
    length = 0
    for number in count(1):
        parts.append(KINDS[kind](number))
        length += len(parts[-1])
        if length >= characters:
            break
    return "".join(parts)[:characters]
