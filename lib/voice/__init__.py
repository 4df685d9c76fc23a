"""Speech: what hears recordings, and what reads texts out."""
