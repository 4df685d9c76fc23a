"""Pictures as assistants get them: ``read`` asks for them, ``prepare`` runs in the child."""
