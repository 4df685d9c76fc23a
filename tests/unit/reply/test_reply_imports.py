import json
import subprocess
import sys

import pytest

SLOW = {"regex", "typing_extensions", "markdown_it", "asyncio", "email"}


def loaded_after(text):
    code = (
        "import sys, json\n"
        "from lib.reply.formatting import to_whatsapp\n"
        "from lib.reply.chunks import split\n"
        f"split(to_whatsapp({text!r}))\n"
        "print(json.dumps([name.split('.')[0] for name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return SLOW & set(json.loads(done.stdout))


@pytest.mark.parametrize("text", ["**short** 👍", "A **long** one. " * 500])
def test_a_usual_reply_loads_nothing_slow(text):
    assert loaded_after(text) == set()


def test_graphemes_are_looked_up_where_a_long_text_has_them():
    assert loaded_after("नमस्ते" * 500) == {"regex"}
