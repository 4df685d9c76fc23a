"""Steps that keep an assistant from being asked: a human has the person, or it is not there."""

from lib.conversation.moment import Moment, Outcome, Tools


def comment(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Keep a text as the comment on a rating, if the person was asked for one."""
    if not moment.session.comment_on:
        return moment
    from lib.conversation.commands.rating import take_comment  # noqa: PLC0415 - as commands are

    return take_comment(moment, tools)


def confirmation(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Take the answer to whether it was understood what the person said, if they were asked."""
    if not moment.session.unsure:
        return moment
    from lib.conversation.heard import confirmed  # noqa: PLC0415 - few are asked

    return confirmed(moment, tools)


def human(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Pass on to a human what a person says who has been given to one."""
    if moment.session.human is None:
        return moment
    from lib.conversation.human import passed_on  # noqa: PLC0415 - few people are

    return passed_on(moment, tools)


def hours(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Ask no assistant outside its hours, unless its settings say otherwise."""
    if moment.assistant is None or not moment.assistant.settings.get("hours"):
        return moment
    from lib.conversation.hours import within_hours  # noqa: PLC0415 - few assistants have hours

    return within_hours(moment, tools)
