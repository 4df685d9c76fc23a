"""What a started gateway says of itself: who answers whom, what is checked, what to do next."""

import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from lib.loopback import is_loopback
from lib.settings.config import Config
from lib.settings.forms import is_usual_token
from lib.settings.media_urls import media_urls
from standalone.settings import has_own_assistant

WEBHOOK, STATUS = "/whatsapp/webhook", "/whatsapp/status"

RETRIES = "#rc=3&rp=ct,rt,5xx"
"""Tells Twilio to try again where it cannot reach the gateway; it is not signed."""

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"

Lines = Iterable[tuple[str, str]]
"""What a line is about, and what it says; a line about nothing stands by itself."""


def show(lines: Lines) -> None:
    """Print them to whoever started the gateway; in bold only on a terminal."""
    coloured = sys.stderr.isatty()
    sys.stderr.write("\n".join(_line(about, said, coloured=coloured) for about, said in lines))
    sys.stderr.write("\n")
    sys.stderr.flush()


def of_account(config: Config, url: str, folder: Path) -> Lines:
    """Return the banner of a gateway with an account's settings, as they were declared."""
    yield "", f"WhatsApp gateway at {url}\n"
    yield "Number", _number(config)
    yield "Answers", _who_answers(config)
    yield "Signatures", _signatures(config)
    yield "Budgets", _budgets(config)
    yield "Media", _media(config)
    yield "Data", f"{folder}\n"
    yield from _for_twilio(config, url)
    yield "", f"  curl {url}/whatsapp/health\n\n  Ctrl-C stops it."


def of_demo(url: str, who: str, folder: Path) -> Lines:
    """Return the banner of a demo, in which ``who`` answers."""
    yield "", f"\n  Open {url}  (a WhatsApp on your desk)\n"
    yield "Number", "none: Twilio and the phones are played on this machine"
    yield "Answers", who
    yield "Signatures", "not checked: only this machine is let in"
    yield "Data", f"{folder}\n"
    yield (
        "",
        (
            "  Or from another terminal:\n"
            f"  curl {url}/whatsapp/health\n"
            f"  curl -X POST {url}/whatsapp/webhook"
            " --data-urlencode 'From=whatsapp:+15551234567' --data-urlencode 'Body=Hello'\n\n"
            "  Ctrl-C stops it."
        ),
    )


def _line(about: str, said: str, *, coloured: bool) -> str:
    if not about:
        return said
    name = f"{about:<11}"
    return f"  {_BOLD}{name}{_PLAIN} {said}" if coloured else f"  {name} {said}"


def _number(config: Config) -> str:
    twilio = config.twilio
    place = f"Twilio at {shown(twilio.api_base_url)}" if twilio.api_base_url else "Twilio"
    return f"{twilio.whatsapp_number} of account {twilio.account_sid}, at {place}"


def _who_answers(config: Config) -> str:
    people = "who is in ALLOWED_CONTACTS" if config.limits.allowed else "everybody who writes"
    if config.assistant.url:
        return f"{assistant_of(config)}, to {people}"
    if has_own_assistant(config):
        return f"the assistants of {config.assistant.file}, to {people}"
    return f"the DEMO, to {people}: set ASSISTANT_API_URL for your own assistant"


def assistant_of(config: Config) -> str:
    """Return how one's own assistant is told of."""
    assistant = config.assistant
    model = f", {assistant.model}" if assistant.model else ""
    return f"your assistant at {shown(assistant.url)} ({assistant.backend}{model})"


def _signatures(config: Config) -> str:
    twilio = config.twilio
    if twilio.validate_signature:
        usual = not twilio.is_real or is_usual_token(twilio.auth_token)
        odd = "" if usual else " (TWILIO_AUTH_TOKEN is not 32 digits and letters from a to f)"
        return f"checked: only Twilio is let in{odd}"
    return (
        "NOT CHECKED: only this machine is let in; for Twilio leave out TWILIO_VALIDATE_SIGNATURE"
    )


def _budgets(config: Config) -> str:
    limits, names = config.limits, "(QUESTIONS_PER_CONTACT, QUESTIONS_PER_DAY)"
    if not (limits.questions_per_contact or limits.questions_per_day):
        return f"none {names}"
    each = f"{limits.questions_per_contact or 'any number of'} questions a day of a person"
    total = f"{limits.questions_per_day or 'any number'} in all"
    return f"{each}, {total} {names}"


def _media(config: Config) -> str:
    urls = media_urls(config, local=True)
    if urls.off:
        return f"nothing is given out by address ({urls.off})"
    return f"given out for a day at {shown(urls.base)}/whatsapp/media/"


def _for_twilio(config: Config, url: str) -> Lines:
    twilio = config.twilio
    if is_loopback(twilio.api_base_url) or not twilio.validate_signature:
        return
    if not twilio.webhook_url or is_loopback(twilio.webhook_url):
        port = urlsplit(url).port
        yield (
            "",
            (
                "  Twilio cannot reach this machine yet. Start a tunnel, for example: "
                f"ngrok http {port}\n  Then put its address into .env, and start again:\n"
                f"    TWILIO_WEBHOOK_URL=https://<tunnel>{WEBHOOK}\n"
                f"    TWILIO_STATUS_CALLBACK_URL=https://<tunnel>{STATUS}\n"
            ),
        )
        return
    hook = twilio.webhook_url if "#" in twilio.webhook_url else twilio.webhook_url + RETRIES
    status = twilio.status_callback_url or "(set TWILIO_STATUS_CALLBACK_URL first)"
    yield (
        "",
        (
            "  Paste into Twilio's console, at the WhatsApp sender, or for the sandbox under\n"
            "  Messaging, Try it out, WhatsApp sandbox settings, both with POST:\n"
            f"    When a message comes in   {hook}{_detour(hook, WEBHOOK)}\n"
            f"    Status callback URL       {status}{_detour(status, STATUS)}\n"
        ),
    )


def _detour(url: str, path: str) -> str:
    """What must be done where a public URL does not have the path that is served here."""
    there = urlsplit(url).path.rstrip("/").endswith(path) or "://" not in url
    return "" if there else f"\n      (your proxy must lead it to {path} here)"


def shown(url: str) -> str:
    """A URL without what may be secret in it: name, password, query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
