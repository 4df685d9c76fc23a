"""What came of messages: none lost, none twice, each person's in order."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from bench.errors import MeasurementError
from bench.messages import Message
from bench.standins.played import Record


def question_of(body: str) -> str:
    """Return the question that a reply of the played assistant repeats."""
    return body.partition(":")[0]


def require_all(record: Record, sent: Iterable[Message]) -> None:
    """Return if every message was answered once, and each person's in order.

    Raises:
        MeasurementError: it says how many were not.
    """
    expected: dict[str, list[str]] = defaultdict(list)
    for message in sent:
        expected[f"whatsapp:{message.contact}"].append(message.text)
    got: dict[str, list[str]] = defaultdict(list)
    for send in record.sends:
        got[send.to].append(question_of(send.body))
    wrong = {name: count for name, count in _count(expected, got).items() if count}
    if record.lookups:
        wrong["looked up"] = record.lookups
    if wrong:
        raise MeasurementError(f"replies: {wrong}")


def _count(expected: dict[str, list[str]], got: dict[str, list[str]]) -> dict[str, int]:
    lost = twice = disordered = unknown = 0
    for contact in expected.keys() | got.keys():
        wanted, have = Counter(expected.get(contact)), Counter(got.get(contact))
        lost += (wanted - have).total()
        twice += sum(n - 1 for n in have.values() if n > 1)
        unknown += len(have.keys() - wanted.keys())
        disordered += wanted == have and expected[contact] != got[contact]
    return {"lost": lost, "twice": twice, "out of order": disordered, "unknown": unknown}
