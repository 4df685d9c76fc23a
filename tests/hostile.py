"""Replies of assistants that cost as much work as their size allows: a content type and a body."""

from lib.assistant.exchange import MOST_BYTES

PLAIN, JSON, EVENTS = "text/plain", "application/json", "text/event-stream"

FILL = MOST_BYTES - 64
REPLIES = {
    "lists before an end": (PLAIN, '{"answer":[' * 100 + "[]," * (FILL // 3 - 400)),
    "few lists before an end": (PLAIN, '{"answer":[' * 90 + "1," * (FILL // 2 - 600)),
    "strings before an end": (PLAIN, '{"answer":["' + '","' * (FILL // 3)),
    "openers": (PLAIN, '{"answer":' * (FILL // 10)),
    "openers of text": (PLAIN, '{"answer":"' * (FILL // 11)),
    "punycode": ("text/plain; charset=punycode", "a-" + "9" * FILL),
    "broken UTF-16": ("text/plain; charset=utf-16be", b"\xdc\x00" * (FILL // 2)),
    "broken Windows-1252": ("text/plain; charset=windows-1252", b"\x81" * FILL),
    "broken UTF-8": (PLAIN, b"\xff" * FILL),
    "events": (EVENTS, "data:1\n\n" * (FILL // 8)),
    "events of objects": (EVENTS, ('data:{"a":""}' + "\n" * 8) * (FILL // 21)),
    "lines of data": (EVENTS, "data:[\n" * (FILL // 7)),
    "empty lines": (EVENTS, "\n" * FILL),
    "carriage returns": (EVENTS, "\r" * FILL),
    "one line": (EVENTS, "data:" + "x" * FILL),
    "keys": (JSON, "{" + ",".join(f'"{n}":0' for n in range(FILL // 11)) + "}"),
    "keys of lists": (JSON, "{" + ",".join(f'"{n}":[]' for n in range(FILL // 12)) + "}"),
    "lists": (JSON, "[" + "[]," * (FILL // 3) + "0]"),
    "objects": (JSON, "[" + "{}," * (FILL // 3) + "0]"),
    "numbers": (JSON, "[" + "0," * (FILL // 2) + "0]"),
    "fractions": (JSON, "[" + "0.1," * (FILL // 4) + "0]"),
    "deep": (JSON, "[" * FILL),
    "deep objects": (JSON, '{"a":' * (FILL // 5)),
    "nine hundred deep": (JSON, "[" + ",".join(["[" * 900 + "]" * 900] * (FILL // 1801)) + "]"),
    "long numbers": (JSON, "[" + ",".join(["1" * 4000] * (FILL // 4001)) + "]"),
    "escapes": (JSON, '{"answer": "' + "\\u00e9" * (FILL // 6) + '"}'),
    "blanks": ("", " " * FILL + "x"),
    "blanks before events": (PLAIN, " " * FILL + "data:"),
    "streaming errors": (PLAIN, "Streaming " * (FILL // 10)),
    "nothing but blanks": (PLAIN, "\u2003" * (FILL // 3)),
}

ANSWERS = {
    "flags": "🇩🇪" * 30_000,
    "signs": "!" * 200_000,
    "marks without end": "a" + "\u0301" * 100_000,
    "joined emoji": "👩\u200d" * 60_000,
    "no blanks": "字" * 150_000,
    "addresses": "a (https://x.io)" * 10_000,
    "bold lines": "**a**\n\n" * 25_000,
    "blanks in code": "```\nx" + " " * 150_000 + "y\n```",
    "a table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 30_000,
    "a wide head": f"|{'a' * 90_000}|b|\n|-|-|\n" + "|1|2|\n" * 16_000,
    "quotes": "> - " * 50_000,
    "tags": "<a " * 60_000,
}
"""Texts that are hard to format and to split."""
