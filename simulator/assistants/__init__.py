"""Demo assistants behind the assistant API, honest about what they are."""
