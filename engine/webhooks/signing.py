"""Signatures by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, moment and body. Pure.

Two secrets may be valid at once: then two signatures are sent, and a receiver takes whichever it knows.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300
ID, MOMENT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def new_secret() -> str:
    """256 bits, as receivers are given them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(body: bytes, *, event: str, now: datetime, known: Sequence[str]) -> dict[str, str]:
    """With a signature by each of the ``known`` secrets."""
    moment = str(int(now.timestamp()))
    signed = [f"v1,{_signature(secret, event, moment, body)}" for secret in known]
    return {ID: event, MOMENT: moment, SIGNATURE: " ".join(signed)}


def verified(body: bytes, received: Mapping[str, str], *, secret: str, now: datetime) -> bool:
    """For receivers written in Python, and for our tests: whether the body is what the holder of ``secret`` sent,
    not long ago. Header names in small letters.
    """
    event, moment = received.get(ID, ""), received.get(MOMENT, "")
    if not moment.isascii() or not moment.isdecimal() or len(moment) > 12:
        return False
    if abs(now.timestamp() - int(moment)) > TOLERANCE_SECONDS:
        return False
    try:
        expected = f"v1,{_signature(secret, event, moment, body)}".encode()
    except (binascii.Error, ValueError):
        return False
    given = received.get(SIGNATURE, "").split()[:20]
    return any(hmac.compare_digest(expected, one.encode()) for one in given)


def _signature(secret: str, event: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = b".".join((event.encode(), moment.encode(), body))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
