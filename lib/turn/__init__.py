"""The once-only turn: one message and everything done for it."""
