"""``make bench``: how fast and how small, as ratios to floors measured in the same run."""
