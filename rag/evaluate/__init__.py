"""Datasets, metrics and the runner of `dateline eval`."""
