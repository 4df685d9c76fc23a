"""The table of commands: what they are called, who may use them, and what they do."""

from lib.conversation.commands import (
    answers,
    assistants,
    consent,
    context,
    exporting,
    forgetting,
    humans,
    language,
    login,
    rating,
    running,
    speaking,
)
from lib.conversation.commands.command import Command
from lib.conversation.commands.entry import Call, Entry
from lib.conversation.moment import Moment, Outcome, Tools
from lib.reply import command_texts, export_texts, forget_texts, people_texts, texts


def run_command(command: Command, moment: Moment, tools: Tools) -> Moment | Outcome:
    """Carry a command out, or say why it is not.

    Raises:
        StoreError, TurnTakenError: what it needs to know cannot be read now.
    """
    call = Call(command, moment, tools)
    entry = _BY_NAME.get(command.name)
    if entry is None:
        return call.say(texts.unknown_command(command.name))
    if not entry.may_use(moment, tools):
        return call.say(texts.not_allowed(entry.name))
    return entry.run(call)


def _help(call: Call) -> Outcome:
    """Show what this person may use."""
    at = call.moment, call.tools
    usable = (entry for entry in COMMANDS if entry.may_use(*at) and entry.is_offered(*at))
    return call.say(command_texts.help_with(entry.line for entry in usable if entry.line))


def _has_an_assistant(moment: Moment, _: Tools) -> bool:
    return moment.assistant is not None


def _can_hear_answers(_: Moment, tools: Tools) -> bool:
    return tools.speech is not None


COMMANDS = (
    Entry("switch", assistants.switch_assistant, command_texts.SWITCH),
    Entry("list", assistants.list_assistants, command_texts.LIST),
    Entry("help", _help, command_texts.HELP),
    Entry("current", assistants.show_current, command_texts.CURRENT),
    Entry("new", context.begin_anew, command_texts.NEW, aliases=("reset",)),
    Entry("cancel", running.cancel, command_texts.CANCEL, aliases=("abort",)),
    Entry("again", answers.ask_again, command_texts.AGAIN, may_use=_has_an_assistant),
    Entry("why", answers.explain, command_texts.WHY),
    Entry("rate", rating.rate, command_texts.RATE),
    Entry("language", language.choose, command_texts.LANGUAGE),
    Entry(
        "voice",
        speaking.choose_voice,
        command_texts.VOICE,
        aliases=("speak", "audio"),
        may_use=_can_hear_answers,
    ),
    Entry("human", humans.ask_for_human, people_texts.HUMAN, aliases=("agent", "operator")),
    Entry("export", exporting.give, export_texts.EXPORT, is_offered=exporting.can_be_given),
    Entry("forget", forgetting.forget, forget_texts.FORGET),
    Entry("bot", humans.go_back),
    Entry("login", login.log_in, may_use=login.may_log_in),
    Entry("logout", login.log_out),
    Entry("whoami", login.who_am_i),
    # The keywords for these, for who puts a slash before one.
    Entry(
        "stop",
        consent.stop,
        aliases=("stopall", "unsubscribe", "end", "quit", "revoke", "optout"),
    ),
    Entry("start", consent.start, aliases=("unstop",)),
)
"""All commands, in the order in which /help tells of them."""

_BY_NAME = {entry.name: entry for entry in COMMANDS}

NAMES = {name: entry.name for entry in COMMANDS for name in (entry.name, *entry.aliases)}
"""Every name of a command, and the command's first one."""
