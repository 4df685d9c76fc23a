"""The assistants behind HTTP APIs, and what their replies are made of."""
