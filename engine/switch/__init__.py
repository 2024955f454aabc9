"""Migrations on the command line."""
