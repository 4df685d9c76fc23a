"""Speech to text: what writes recordings down."""
