"""What Google says and hears, beside its stores and queues."""
