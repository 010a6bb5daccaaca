"""The command line: parse, call, print."""

from ui.cli.app import main

__all__ = ["main"]
