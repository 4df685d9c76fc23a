"""Third stage: one turn of a conversation, from the claimed message to the answer stored."""
