"""Listeners that keep what they hear."""

from lib.stopping import Stop


class Audience:
    """Keeps what it hears; does something once it has heard so many characters."""

    has_spoken = False

    def __init__(self, most=None, then=None):
        self.stop = Stop()
        self.heard = []
        self._most, self._then = most, then

    def hear(self, text):
        self.heard.append(text)
        if self._most is not None and len(text) >= self._most:
            self._then()

    @property
    def last(self):
        return self.heard[-1] if self.heard else ""
