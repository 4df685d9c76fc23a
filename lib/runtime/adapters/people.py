"""Who takes over from an assistant, and how people are told whom they talk to."""

from typing import TYPE_CHECKING

from lib.settings.introduction import IntroductionSettings
from lib.settings.support import SupportSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.conversation.introduction import Introduction
    from lib.conversation.support import Support
    from lib.model.human import HandoverEvent


def support(settings: SupportSettings) -> "Support":
    """Return the humans who take over."""
    from lib.conversation.support import Support
    from lib.people.hours import Hours

    hours = Hours(settings.hours, settings.timezone) if settings.hours else None
    return Support(_teller(settings) if settings.url else None, settings.contact, hours)


def introduction(settings: IntroductionSettings) -> "Introduction":
    """Return how people are told whom they talk to."""
    from lib.conversation.introduction import Introduction

    return Introduction(settings.privacy_url)


def _teller(settings: SupportSettings) -> "Callable[[HandoverEvent], None]":
    from lib.handover.webhook import HandoverWebhook

    return HandoverWebhook(settings.url, settings.key).tell
