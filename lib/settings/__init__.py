"""What the environment says, checked, as frozen values."""
