"""How often Python looks for objects that only hold one another (decision 0033).

Each search for all of them walks everything that was ever loaded, and loading Firestore's
client alone would start several.
"""

import gc

NEW_OBJECTS = 10_000
"""Containers made and not yet freed before the young ones are searched; by default 700."""


def search_seldom() -> None:
    """Search less often, and never again through what is loaded by now.

    For a process that serves: to be called after it was forked.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
