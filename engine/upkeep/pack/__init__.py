"""Processes with their variants as one file."""
