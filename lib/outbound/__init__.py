"""Last stage: chunks to Twilio, in order, and what became of them."""
