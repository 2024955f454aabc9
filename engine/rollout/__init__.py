"""Variants of an installation on the command line: the board of a new base, release, roll back, out of use."""
