"""``make people``: what operators do for single people, a module a subcommand."""
