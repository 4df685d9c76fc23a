"""What a measurement can end with instead of a figure."""


class MeasurementError(Exception):
    """Something failed, got lost or came twice, so that the figure would mean nothing."""
