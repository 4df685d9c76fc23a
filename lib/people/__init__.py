"""Rules about people and times, as values: no clock, no I/O, no log."""
