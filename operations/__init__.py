"""Commands for whoever keeps the gateway running, on one machine or on Google Cloud."""
