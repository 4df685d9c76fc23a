"""The names of what is open at a place of a text."""

from collections import Counter


class Names:
    """Names, each inside the one before; asking for one takes the same time at any depth."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()

    def __contains__(self, name: str) -> bool:
        return self._counts[name] > 0

    def __bool__(self) -> bool:
        return bool(self._names)

    def push(self, name: str) -> None:
        """Open one more."""
        self._names.append(name)
        self._counts[name] += 1

    def pop(self, name: str) -> None:
        """Close the innermost of that name with all inside it; the innermost if there is none."""
        is_there = name in self
        while self._names:
            innermost = self._names.pop()
            self._counts[innermost] -= 1
            if not is_there or innermost == name:
                return
