"""Articles to chunks to vectors to files on disk."""
