"""What was paid: how often recordings were heard, and answers spoken.

A recording may be heard again by whoever takes a turn over, where the worker before ended between
the server's response and its being stored: nothing can prevent that. Nothing else may be.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Paid:
    """``is_stored`` tells of a message whether what was said in it is stored.

    ``stored_before`` counts recordings that were heard again although it was.
    """

    heard: Counter[int] = field(default_factory=Counter)
    spoken: Counter[int] = field(default_factory=Counter)
    stored_before: int = 0
    is_stored: Callable[[int], bool] = field(default=lambda _: False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, number: int) -> None:
        """Note that a server works on the recording of a message."""
        with self._lock:
            self.heard[number] += 1
            is_again = self.heard[number] > 1
        if is_again and self.is_stored(number):
            with self._lock:
                self.stored_before += 1

    def speak(self, number: int) -> None:
        """Note that a server speaks the answer to a message."""
        with self._lock:
            self.spoken[number] += 1

    @property
    def heard_again(self) -> int:
        """How often a recording was heard once more, since nothing of it was stored."""
        return sum(count - 1 for count in self.heard.values()) - self.stored_before

    @property
    def for_nothing(self) -> int:
        """What was paid twice although it did not have to be."""
        return self.stored_before + sum(count - 1 for count in self.spoken.values())
