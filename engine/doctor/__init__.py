"""Looks at this machine and this installation and says what stands and what is missing."""
