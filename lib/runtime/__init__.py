"""Configuration, logs, and the one place that chooses adapters."""
