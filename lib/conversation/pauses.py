"""Steps that keep an assistant from being asked: a human has the person, or it is not there."""

from lib.conversation.moment import Moment, Outcome, Tools


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
