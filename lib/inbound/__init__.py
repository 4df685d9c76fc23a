"""First stage: prove and read what Twilio posts, and hand it to the queue."""
