"""Random secrets that a browser or a client shows again: only their hash is kept."""

import hashlib
import secrets


def new() -> str:
    """43 characters, 256 bits."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What the database keeps: useless to whoever reads it. A plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
