"""Names that Markdown takes for emphasis: ``__init__``."""

from collections.abc import Sequence
from itertools import pairwise

from lib.reply.delimiters import Delimiter

_MORE_NAMES = """
all aenter aexit aiter anext annotations await builtins cached call complex del delattr delete
dict enter exit file fspath future getattr import loader main match_args missing module name
path post_init pycache set set_name slots spec version weakref
"""
_NAMES = {
    f"__{name.strip('_')}__"
    for kind in (object, type, int, float, str, bytes, list, dict, set, Exception, property)
    for name in dir(kind)
    if name.startswith("__")
}.union(f"__{name}__" for name in _MORE_NAMES.split())
_LONGEST = max(map(len, _NAMES))


def without_names(text: str, runs: Sequence[Delimiter]) -> Sequence[Delimiter]:
    """Leave out the runs of marks that are the beginning or the end of a name."""
    if "__" not in text:
        return runs
    of_names = {
        run.start
        for pair in pairwise(runs)
        if pair[1].end - pair[0].start <= _LONGEST and text[pair[0].start : pair[1].end] in _NAMES
        for run in pair
    }
    return [run for run in runs if run.start not in of_names]
