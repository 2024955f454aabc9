"""Tells the world outside what happens: every fact that somebody asked for, in order, until it has been heard."""
