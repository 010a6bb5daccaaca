"""Articles out of files: one file per kind of input, behind one protocol."""

from index.readers.sources import read_sources

__all__ = ["read_sources"]
