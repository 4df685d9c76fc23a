"""The gateway: everything between a WhatsApp message and its answer.

The folders follow a message: ``inbound`` -> ``queue`` -> ``conversation`` -> ``assistant``
-> ``reply`` -> ``outbound``; ``storage`` keeps what they share and ``runtime`` puts them together.
"""
