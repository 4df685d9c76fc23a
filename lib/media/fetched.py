"""What was fetched of a medium."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes, and what they are said to be: both may be wrong, and the name may be missing.

    ``content_type`` is in small letters and without parameters, empty if none was given.
    """

    data: bytes = field(repr=False)
    content_type: str = ""
    name: str = field(default="", repr=False)
