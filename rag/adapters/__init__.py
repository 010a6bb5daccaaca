"""The only importers of model packages."""
