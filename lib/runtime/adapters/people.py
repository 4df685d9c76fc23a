"""Who takes over from an assistant, and how people are told whom they talk to."""

from typing import TYPE_CHECKING

from lib.settings.limits import LimitsSettings
from lib.settings.people import PeopleSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.conversation.introduction import Introduction
    from lib.conversation.limits import Limits
    from lib.conversation.support import Support
    from lib.model.human import HandoverEvent


def support(settings: PeopleSettings) -> "Support | None":
    """Return the humans who take over, if there are any."""
    if not settings.has_humans:
        return None
    from lib.conversation.support import Support
    from lib.people.hours import Hours

    has_hours = bool(settings.human_hours)
    hours = Hours(settings.human_hours, settings.human_timezone) if has_hours else None
    tell = _teller(settings) if settings.handover_url else None
    return Support(tell, settings.human_contact, hours)


def introduction(settings: PeopleSettings) -> "Introduction | None":
    """Return how people are told whom they talk to, if they are."""
    if not settings.introduction:
        return None
    from lib.conversation.introduction import Introduction

    return Introduction(settings.privacy_url)


def _teller(settings: PeopleSettings) -> "Callable[[HandoverEvent], None]":
    from lib.handover.webhook import HandoverWebhook

    return HandoverWebhook(settings.handover_url, settings.handover_key).tell


def limits(settings: LimitsSettings) -> "Limits":
    """Return how much people may use."""
    from lib.conversation.limits import Limits

    return Limits(
        settings.messages_per_minute,
        settings.questions_per_contact,
        settings.questions_per_day,
        settings.blocked,
        settings.budget_per_person,
        settings.budget_per_day,
    )
