"""HTTP as a client: pooled connections, and exchanges that are bounded in time and size."""
