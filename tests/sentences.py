"""What the gateway says, word for word, where more than one test expects it."""

HELP = """\
🤖 WhatsApp Aitana Commands:
/switch assistant-id - Switch to a different assistant
/list - Show available assistants
/help - Show this help message
/current - Show current assistant info
/new - Start a new conversation
/cancel - Stop the answer that is being written
/again - Ask your last question anew
/why - Show how the last answer came about
/rate 1-5 - Rate the last answer
/language - Choose the language that I write in
/human - Ask for a human
/forget - Delete everything that is kept of you"""
