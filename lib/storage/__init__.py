"""Where sessions, turns and history live: Firestore, or one SQLite file."""
