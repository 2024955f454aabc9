"""Whom the house trusts outside: credentials, places that may be called, and the record of who decided it."""
