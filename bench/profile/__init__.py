"""``make profile``: where a start and a turn spend their time."""
