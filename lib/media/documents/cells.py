"""What stands in a cell of a workbook, as people see it.

Source: ECMA-376 part 1, 18.8.30 (the numbers of formats that all know), 18.17.4 (dates are days
since the end of 1899, or since 1904), 18.18.11 (types of cells).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from lib.media.documents.package import Walk

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# Of a format, what is shown as it is: quoted, escaped, or in brackets (colours, conditions).
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MOST_OF_FORMAT = 255
# From the first one to the end of 9999, whichever the first is.
_DAYS = 2_957_004
_MOST_DIGITS = 9


class Looks(Walk):
    """Which looks of cells make a number a date."""

    def __init__(self) -> None:
        self.dates: set[int] = set()
        self._formats: dict[str, bool] = {}
        self._number = -1

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take a format, or the look of a cell."""
        if name == "numFmt":
            code = attributes.get("formatCode", "")[:_MOST_OF_FORMAT]
            self._formats[attributes.get("numFmtId", "")] = _is_of_dates(code)
        elif name == "cellXfs":
            self._number = 0
        elif name == "xf" and self._number >= 0:
            if self._is_date(attributes.get("numFmtId", "")):
                self.dates.add(self._number)
            self._number += 1

    def end(self, name: str) -> None:
        """Take the end of the cells' looks; others follow that are of styles with names."""
        if name == "cellXfs":
            self._number = -1

    def _is_date(self, number: str) -> bool:
        own = self._formats.get(number)
        return own if own is not None else number.isdecimal() and int(number[:4]) in _DATES


def _is_of_dates(code: str) -> bool:
    return bool(re.search("[dmyhs]", _LITERAL.sub("", code), re.IGNORECASE))


class Values:
    """How cells are shown: with the strings they share, and the looks that make dates."""

    def __init__(self, strings: list[str], dates: set[int], *, since_1904: bool) -> None:
        self._strings = strings
        self._dates = dates
        self._first_day = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones

    def shown(self, cell: Mapping[str, str], value: str) -> str:
        """Return the value of a cell with these attributes."""
        kind = cell.get("t", "n")
        if kind == "s":
            return self._string(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            return self._number(value, cell.get("s", "0"))
        return value

    def _string(self, value: str) -> str:
        number = (
            int(value) if value.isdecimal() and len(value) <= _MOST_DIGITS else len(self._strings)
        )
        return self._strings[number] if number < len(self._strings) else "…"

    def _number(self, value: str, look: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if look.isdecimal() and int(look[:6]) in self._dates and 0 <= number < _DAYS:
            return self._date(number)
        return f"{number:.15g}" if "." in value else value

    def _date(self, days: float) -> str:
        moment = self._first_day + timedelta(seconds=round(days * 86_400))
        if days < 1:
            return f"{moment:%H:%M:%S}"
        return f"{moment:%Y-%m-%d}" if days == int(days) else f"{moment:%Y-%m-%d %H:%M:%S}"
