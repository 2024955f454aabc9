"""Seals secrets so that the database alone reveals none of them. AES-256-GCM with keys from the settings.

What is sealed says by which key (so that keys can be changed) and is bound to what it belongs to: a sealed secret that
is moved to another row does not open there.
"""

import functools
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine import errors
from engine.settings import Settings

SHORTEST_KEY = 32
_VERSION = b"\x01"
_MARK, _NONCE = 4, 12
"""Bytes: of the key's mark, and of what makes two seals of the same secret differ."""


class Vault:
    def __init__(self, keys: Sequence[str]) -> None:
        """The first key seals, all open. Raises errors.Invalid for keys that are too short."""
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise errors.Invalid(
                "credentials_key_short",
                zh=f"CRMFLOW_CREDENTIALS_KEY 中的每个密钥至少需要 {SHORTEST_KEY} 个字符。",
                en=f"Each key in CRMFLOW_CREDENTIALS_KEY needs at least {SHORTEST_KEY} characters.",
            )
        derived = [_derived(key) for key in keys]
        self._first = derived[0]
        self._keys = {_mark(key): AESGCM(key) for key in reversed(derived)}

    def seal(self, secret: str, *, about: str) -> bytes:
        """``about`` names what the secret belongs to: ``credential:erp``."""
        nonce = os.urandom(_NONCE)
        mark = _mark(self._first)
        return _VERSION + mark + nonce + self._keys[mark].encrypt(nonce, secret.encode(), about.encode())

    def open(self, sealed: bytes, *, about: str) -> str:
        """Raises errors.Conflict when no key of this house opens it: another key sealed it, or it was tampered with."""
        version, mark = sealed[:1], sealed[1 : 1 + _MARK]
        nonce, rest = sealed[1 + _MARK : 1 + _MARK + _NONCE], sealed[1 + _MARK + _NONCE :]
        key = self._keys.get(mark) if version == _VERSION else None
        try:
            if key is not None:
                return key.decrypt(nonce, rest, about.encode()).decode()
        except (InvalidTag, ValueError):
            pass
        raise errors.Conflict(
            "secret_sealed",
            zh=f"无法解密“{about}”：现有密钥都打不开它。请检查 CRMFLOW_CREDENTIALS_KEY，或重新录入。",
            en=f"{about!r} cannot be decrypted with the keys of this house: look at CRMFLOW_CREDENTIALS_KEY, or enter "
            "the secret again.",
            about=about,
        )

    def fresh(self, sealed: bytes) -> bool:
        """Whether the first key sealed it."""
        return sealed[: 1 + _MARK] == _VERSION + _mark(self._first)


def of(settings: Settings) -> Vault:
    """With the keys of the settings, else with one that is made once and kept beside the data."""
    return _of(settings.credentials_key, settings.data_dir)


@functools.lru_cache(maxsize=8)
def _of(text: str, folder: Path) -> Vault:
    return Vault([key.strip() for key in text.split(",") if key.strip()] if text else [_kept(folder)])


def _kept(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "credentials.key"
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(0o600)
    draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        # A link appears whole or not at all: nobody reads half a key, and the first of two houses wins.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _derived(key: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"crmflow vault 1").derive(key.encode())


def _mark(derived: bytes) -> bytes:
    return hashlib.sha256(derived).digest()[:_MARK]
