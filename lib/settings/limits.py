"""Who may write, and how much."""

from typing import NamedTuple

from lib.address import parse_address
from lib.errors import AddressError
from lib.settings.reader import Settings

_MOST = 1_000_000_000


class LimitsSettings(NamedTuple):
    """Contacts, and numbers of messages and questions; 0 means without limit.

    Budgets are what the answers of a day may cost, in millionths. A day is one in UTC. Only those
    of ``allowed`` may write, if there are any.
    """

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    messages_per_minute: int = 30
    questions_per_contact: int = 0
    questions_per_day: int = 0
    budget_per_person: int = 0
    budget_per_day: int = 0


BUDGETED = LimitsSettings(questions_per_contact=100, questions_per_day=5000)
"""The limits of a real account for which none are set."""


def read(settings: Settings, *, real: bool) -> LimitsSettings:
    """Read the settings; ``real`` is whether the Twilio account is not played."""
    # Without budgets one person, or a script, could spend any amount of a real account's money.
    defaults = BUDGETED if real else LimitsSettings()
    return LimitsSettings(
        allowed=_contacts(settings, "ALLOWED_CONTACTS"),
        blocked=_contacts(settings, "BLOCKED_CONTACTS"),
        messages_per_minute=settings.number(
            "MESSAGES_PER_MINUTE", defaults.messages_per_minute, low=0, high=_MOST
        ),
        questions_per_contact=settings.number(
            "QUESTIONS_PER_CONTACT", defaults.questions_per_contact, low=0, high=_MOST
        ),
        questions_per_day=settings.number(
            "QUESTIONS_PER_DAY", defaults.questions_per_day, low=0, high=_MOST
        ),
        budget_per_person=_budget(settings, "BUDGET_PER_PERSON_DAY"),
        budget_per_day=_budget(settings, "BUDGET_PER_DAY"),
    )


def _budget(settings: Settings, name: str) -> int:
    written = settings.text(name)
    if not written:
        return 0
    from lib.people.budget import AmountError, amount  # noqa: PLC0415 - most set none

    try:
        return amount(name, written)
    except AmountError as error:
        settings.refuse(name, str(error).removeprefix(f"{name} "))
        return 0


def _contacts(settings: Settings, name: str) -> frozenset[str]:
    written = settings.text(name).replace(",", " ").split()
    try:
        return frozenset(map(parse_address, written))
    except AddressError:
        settings.refuse(name, "must be phone numbers like +14155238886, with commas between them")
        return frozenset()
