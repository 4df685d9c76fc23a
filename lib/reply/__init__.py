"""What a person gets to read: sentences, formatting and message-sized chunks. Pure, no I/O."""
