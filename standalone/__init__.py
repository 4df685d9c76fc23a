"""The whole gateway as one process: the functions' own apps, SQLite and a local queue."""
