"""Tries a file out: reads it, walks it on a virtual clock, tells what happens. Nothing is stored."""
