"""Second stage: carry inbound messages to the responder, in order per contact, at least once."""
