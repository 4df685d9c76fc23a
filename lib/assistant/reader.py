"""One pass over a text, from sign to sign: what is said, and what is hidden."""

from lib.assistant import turns
from lib.assistant.code import Code
from lib.assistant.inside import INSIDES, KINDS, MESSAGES, Inside
from lib.assistant.names import Names
from lib.assistant.signs import Sign, events
from lib.assistant.wrappings import Kind


class Reader:
    """Reads one text, once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._code = Code(text)
        self._shown: list[str] = []
        self._hidden: list[str] = []
        self._inside = Inside.NOTHING
        self._keeps = False  # whether what is hidden is thinking, which is kept
        self._open = Names()
        self._is_token = False  # whether a token of the model's own opened it
        self._answers: list[int] = []  # where in ``_shown`` the tags before answers stand
        self._struck = 0
        self._has_words = False
        self._is_line = True  # whether a line begins where the part does
        self._here = 0  # everything before is read
        self._start = 0  # where the part begins that is being read
        self._half = 0  # so many parts are thinking that began with the text, if more follows
        self._nameless = 0  # so many parts are thinking, if a message says to be the final one
        self._has_channels = False
        self._ended = -1  # where the last message ended

    def read(self) -> tuple[list[str], list[str]]:
        """Return the parts that are shown, and the thinking."""
        if not any(isinstance(event, Sign) for event in events(self._text)):
            return [self._text], []
        for event in events(self._text):
            if isinstance(event, Sign):
                self._take(event)
            elif event[0] >= self._here and self._inside is Inside.NOTHING:
                self._here = self._code.end(*event, self._start if self._is_line else 0)
        self._cut(len(self._text), len(self._text))
        if any(map(str.strip, self._shown[self._half :])):
            self._hidden[:0] = self._shown[: self._half]
            del self._shown[: self._half]
        return self._shown, self._hidden

    def _take(self, sign: Sign) -> None:
        if sign.start < self._here:
            return
        if self._inside in KINDS:
            self._hide(sign)
        elif self._inside is Inside.NOTHING:
            self._show(sign)
        elif sign.kind in MESSAGES:
            self._leave(sign)

    def _leave(self, sign: Sign) -> None:
        """End what hides the text: another message begins, or this one ends."""
        self._cut(sign.start, sign.start)
        self._inside, self._open = Inside.NOTHING, Names()
        self._show(sign)

    def _show(self, sign: Sign) -> None:
        match sign.kind:
            case Kind.THINKING | Kind.CALL:
                self._wrapping(sign)
            case Kind.ANSWER:
                self._answer(sign)
            case Kind.STRIKE:
                self._strike(sign)
            case Kind.START:
                self._begin(sign)
            case Kind.END:
                self._end(sign)
            case Kind.CHANNEL:
                self._channel(sign)
            case _:
                self._sign(sign)

    def _hide(self, sign: Sign) -> None:
        if self._is_token and sign.kind in {Kind.START, Kind.END}:
            self._leave(sign)
            return
        is_channel = sign.kind is Kind.CHANNEL and sign.closes and sign.name in self._open
        if sign.empty or not (is_channel or sign.kind is KINDS[self._inside]):
            return
        # Thinking is full of half-written code, which must not swallow the sign that ends it:
        # there, only a sign in backticks of its own is talked about.
        if self._text[sign.start - 1] == "`" and self._text[sign.end : sign.end + 1] == "`":
            return
        if not sign.closes:
            self._cut(sign.start, sign.end)
            self._open.push(sign.name)
        elif sign.name in self._open or self._inside is Inside.THINKING:
            self._cut(sign.start, sign.end)
            self._open.pop(sign.name)
            self._inside = self._inside if self._open else Inside.NOTHING

    def _cut(self, end: int, here: int) -> None:
        """Put away what was read up to an end; go on from here."""
        part = self._text[self._start : end]
        if self._inside is Inside.NOTHING:
            self._shown.append(part)
            self._has_words = self._has_words or bool(part.strip())
            line = part[part.rfind("\n") + 1 :]
            self._is_line = (self._is_line or len(line) < len(part)) and not line.strip()
        elif self._keeps:
            self._hidden.append(part)
        self._start = self._here = here

    def _enter(self, inside: Inside, *, keeps: bool) -> None:
        self._inside, self._keeps = inside, keeps

    def _sign(self, sign: Sign) -> None:
        self._cut(sign.start, sign.end)
        if sign.text:
            self._shown[-1] += sign.text

    def _wrapping(self, sign: Sign) -> None:
        if sign.closes and sign.name == "details":
            return  # of HTML
        self._cut(sign.start, sign.end)
        is_thinking = sign.kind is Kind.THINKING
        if sign.closes and is_thinking and not self._hidden and not self._half:
            self._half = len(self._shown)
            self._has_words, self._is_line = False, True
        if not sign.closes and not sign.empty:
            self._enter(INSIDES[sign.kind], keeps=is_thinking)
            self._open.push(sign.name)
            # A model that has tokens for these ends its messages with tokens, too.
            self._is_token = self._text.startswith(("<|", "<｜"), sign.start)

    def _answer(self, sign: Sign) -> None:
        """Take the tags from around an answer; an opening one alone is somebody's placeholder."""
        self._cut(sign.start, sign.end)
        if sign.closes and self._answers:
            self._shown[self._answers.pop()] = ""
        elif not sign.closes and not sign.empty and self._has_words:
            self._answers.append(len(self._shown))
            self._shown.append(self._text[sign.start : sign.end])

    def _strike(self, sign: Sign) -> None:
        if not sign.closes:
            self._struck += 1
        elif self._struck:
            self._struck -= 1
        else:
            self._sign(sign)

    def _end(self, sign: Sign) -> None:
        self._cut(sign.start, sign.end)
        self._ended = sign.end
        if not self._has_channels:
            self._nameless = len(self._shown)

    def _begin(self, sign: Sign) -> None:
        between = self._text[self._ended : sign.start] if self._ended >= 0 else "-"
        follows_end = self._has_words and not between.strip()
        self._ended = -1
        self._cut(sign.start, sign.end)
        self._follow(turns.start(self._text, sign, follows_end=follows_end))

    def _channel(self, sign: Sign) -> None:
        opening = turns.channel(self._text, sign)
        if sign.closes:  # as Gemma 4 ends one
            if self._has_channels:
                self._sign(sign)
            else:
                self._wrapping(sign._replace(kind=Kind.THINKING))
            return
        self._cut(sign.start, sign.end)
        self._has_channels = True
        self._follow(opening)
        if not opening.is_said and not self._text.endswith("|>", sign.start, sign.end):
            self._enter(Inside.THINKING, keeps=opening.is_thinking)
            self._open.push(sign.name)
            self._is_token = False

    def _follow(self, opening: turns.Opening) -> None:
        self._start = self._here = opening.end
        if not opening.is_said:
            self._enter(Inside.MESSAGE, keeps=opening.is_thinking)
        if opening.is_final:
            self._half = max(self._half, self._nameless)
