"""What a person may use, from the rules that hold for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a rule allows. ``assistants`` is None where the default policy (all) applies.

    ``tools`` are those that assistants are told of, None where nothing is said of them. ``denied``
    are ids of assistants and tools that are refused whatever else is allowed. ``email`` is the
    account that the person acts as; empty where there is none. ``limits`` are the person's own, by
    name: ``messages_per_minute``, ``questions_per_day`` and ``budget_per_day``, which is in
    millionths; 0 means without limit. The rule holds until ``until``, and for good without it.
    """

    blocked: bool = False
    assistants: frozenset[str] | None = None
    email: str = ""
    tools: frozenset[str] | None = None
    denied: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)
    until: datetime | None = None

    def allows(self, assistant_id: str) -> bool:
        """Whether an assistant may be used."""
        is_listed = self.assistants is None or assistant_id in self.assistants
        return is_listed and assistant_id not in self.denied


def strictest(permissions: Iterable[Permissions]) -> Permissions:
    """What a person may use whose several names have permissions of their own: what all allow."""
    known = tuple(permissions)
    return Permissions(
        blocked=any(one.blocked for one in known),
        assistants=_common(one.assistants for one in known),
        email=next((one.email for one in known if one.email), ""),
        tools=_common(one.tools for one in known),
        denied=frozenset().union(*(one.denied for one in known)),
        limits=_lowest(one.limits for one in known),
    )


def ruling(levels: Iterable[Permissions | None]) -> Permissions:
    """What holds of several rules, the closest first: the first there is. Denials add up.

    Source: the assistants' own order: a person's rule, else their domain's, else everybody's.
    """
    known = [one for one in levels if one is not None]
    if not known:
        return Permissions()
    return replace(known[0], denied=frozenset().union(*(one.denied for one in known)))


def _common(allowed: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    said = [one for one in allowed if one is not None]
    return frozenset.intersection(*said) if said else None


def _lowest(limits: Iterable[Mapping[str, int]]) -> dict[str, int]:
    lowest: dict[str, int] = {}
    for one in limits:
        for name, value in one.items():
            # 0 is without limit, so any other number is lower.
            lowest[name] = min(filter(None, (value, lowest.get(name, 0))), default=0)
    return lowest
