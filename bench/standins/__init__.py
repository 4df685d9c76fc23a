"""Stand-ins for Twilio and the assistant that cost next to nothing, in a process of their own.

``simulator/`` plays Twilio faithfully and is too slow for load. These say yes to everything,
write down when and what, and are asked about it afterwards.
"""
