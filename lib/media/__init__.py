"""Media that people send: fetched, told apart by their bytes, and read in a child process."""
