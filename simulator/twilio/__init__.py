"""An offline stand-in for Twilio: one account, its REST API, its webhooks and callbacks."""
