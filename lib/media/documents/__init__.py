"""The text of documents: ``read`` asks for it, what else is here runs in the reading child."""
