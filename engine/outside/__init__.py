"""Calls to the world outside: every one through one guard, with a bound on time and size."""
