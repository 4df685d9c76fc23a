"""What a person is given of everything that is kept of them. See ``docs/data-protection.md``."""
