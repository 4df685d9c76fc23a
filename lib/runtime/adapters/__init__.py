"""The adapters that a configuration asks for, a module for each thing outside.

What an adapter stands on is imported when it is built: the webhook never loads Firestore or
Twilio's REST client.
"""
