"""Languages: which one a person is spoken to in, and how the gateway's sentences are said in it."""
