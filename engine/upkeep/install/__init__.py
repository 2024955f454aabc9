"""Putting the shipped catalogue into a database."""
