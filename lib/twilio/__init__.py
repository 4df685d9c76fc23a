"""What Twilio says and hears: its webhooks, its API and its errors."""
