"""Stand-ins for the services around the gateway: real HTTP, on this machine only."""
