"""What the gateway says, word for word, where more than one test expects it."""

HELP = """\
🤖 WhatsApp Aitana Commands:
/switch assistant-id - Switch to a different assistant
/list - Show available assistants
/help - Show this help message
/current - Show current assistant info"""
