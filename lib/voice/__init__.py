"""Voices on this machine: what hears recordings, and what reads texts out, without a network."""
