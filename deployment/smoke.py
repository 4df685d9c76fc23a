"""A test of a deployment from outside: ``NAME=URL...``, with Twilio's token on standard input.

Nothing is sent to anybody: the only signed request reports on a message that never was.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping

_SECONDS = 30
_NOBODY = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "sent", "To": "whatsapp:+15005550000"}


def ask(url: str, form: Mapping[str, str] | None = None, signature: str = "") -> tuple[int, str]:
    """Return status and text of an answer; status 0 and the reason if there is none."""
    body = None if form is None else urllib.parse.urlencode(form).encode()
    headers = {"X-Twilio-Signature": signature} if signature else {}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - URLs of the deployment
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return answer.status, answer.read(100_000).decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError as error:
        return 0, type(error).__name__


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Sign a form as Twilio does: https://www.twilio.com/docs/usage/security."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def checks(urls: Mapping[str, str], token: str, account: str) -> Iterator[tuple[str, str]]:
    """Give what is tested and what is wrong with it, or nothing."""
    yield "health says that everything is configured", _health(*ask(urls["health"]))
    for name in ("webhook", "status"):
        what = f"{name} is public and turns an unsigned request away"
        yield what, _expected(ask(urls[name], _NOBODY), 403)
    for name in ("responder", "tick"):
        what = f"{name} is out of the public's reach"
        yield what, _expected(ask(urls[name], {}), 401, 403, 404)
    what = "media is public and has nothing for who has no address"
    yield what, _expected(ask(urls["media"]), 404)
    if token:
        form = {**_NOBODY, "AccountSid": account}
        answer = ask(urls["status"], form, sign(token, urls["status"], form))
        yield "a signed report is let in and kept in Firestore", _expected(answer, 204)


def _health(status: int, text: str) -> str:
    if status != 200:  # noqa: PLR2004 - the standard's own number
        return _expected((status, text), 200)
    try:
        missing = [
            name for name, is_set in json.loads(text)["environment_vars"].items() if not is_set
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "its answer is not a health document"
    return f"not set: {', '.join(missing)}" if missing else ""


def _expected(answer: tuple[int, str], *allowed: int) -> str:
    status, text = answer
    if status in allowed:
        return ""
    got = f"status {status}" if status else f"no answer ({text})"
    return f"{got} instead of {' or '.join(map(str, allowed))}"


def main(arguments: list[str], token: str) -> int:
    """Print every result; return how many tests failed."""
    urls = dict(pair.split("=", 1) for pair in arguments)
    failed = 0
    for what, trouble in checks(urls, token, os.environ.get("TWILIO_ACCOUNT_SID", "")):
        print(f"  {'FAILED' if trouble else 'ok'}: {what}{': ' if trouble else ''}{trouble}")
        failed += bool(trouble)
    return failed


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:], sys.stdin.read())))
