"""One line of the table of commands, and what a command is carried out with."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.conversation.commands.command import Command
from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.model import Session
from lib.reply.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Call:
    """A command that a person gave: at what moment, and what there is to carry it out with."""

    command: Command
    moment: Moment
    tools: Tools

    @property
    def argument(self) -> str:
        """What follows the command's name, with single blanks."""
        return self.command.argument

    @property
    def session(self) -> Session:
        """The session of who gives it, as it will be kept."""
        return self.moment.session

    def say(self, text: Phrase, session: Session | None = None) -> Outcome:
        """Return an outcome that says one of the gateway's own sentences.

        ``session`` is the person's afterwards, where the command changes it.
        """
        return in_own_words("command", text, session or self.session)


Run = Callable[[Call], Moment | Outcome]
"""Carries a command out: ends with what to say, or lets the moment go on to the next steps."""


def everybody(_: Moment, _tools: Tools) -> bool:
    """Whether somebody may use what everybody may."""
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """A command. ``name`` is what it is called, in lower case, ``aliases`` what else.

    ``line`` says in /help what it does; without one, /help says nothing of it. ``may_use`` tells
    at a moment, with what there is, who may use it: to all others /help does not show it.
    ``is_offered`` tells whether /help shows it to those.
    """

    name: str
    run: Run
    line: Phrase | None = None
    aliases: tuple[str, ...] = ()
    may_use: Callable[[Moment, Tools], bool] = everybody
    is_offered: Callable[[Moment, Tools], bool] = everybody
