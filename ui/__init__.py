"""Every way in, for a person or a program."""
