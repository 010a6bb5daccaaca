"""Writing to the index on behalf of a server: one job at a time, each in a process of its own."""
