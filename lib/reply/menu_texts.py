"""What menus say besides the text above them; limits of their lengths stand in ``menus``."""

from lib.reply.phrase import Phrase

CHOOSE = Phrase("menu_choose", "Choose")
MORE = Phrase("menu_more", "More")
AUTOMATIC = Phrase("menu_automatic", "Automatic")
OTHER_COMMANDS = Phrase("menu_other_commands", "The other commands")
OTHER_ASSISTANTS = Phrase("menu_other_assistants", "The other assistants")
OTHER_LANGUAGES = Phrase("menu_other_languages", "The other languages")
