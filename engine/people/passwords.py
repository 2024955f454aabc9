"""Passwords: argon2id with 19 MiB and two passes (OWASP's first choice; 29 ms a login here), and what a good one is."""

import secrets

import argon2

from engine import errors
from engine.model.problem import Problem
from engine.model.text import both

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST = 10
LONGEST = 256
_NOBODY = _HASHER.hash("the password of nobody")


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """An empty ``stored`` (no such user, or no password set) takes as long as a wrong password and is False."""
    try:
        return _HASHER.verify(stored or _NOBODY, password[:LONGEST]) and bool(stored)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """True when ``stored`` was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def check(password: str, *, key: str) -> None:
    """Raises Invalid for a password that is too short, too long, one letter repeated, or the user's own name."""
    problems = list(_problems(password, key))
    if problems:
        raise errors.Invalid(
            "password_weak", zh="密码不符合要求。", en="The password does not meet the rules.", problems=problems
        )


def random(key: str) -> str:
    """A good one of 96 bits for the person ``key``; a short login name may stand in one by chance."""
    while _problems(made := secrets.token_urlsafe(12), key):
        pass
    return made


def _problems(password: str, key: str) -> "list[Problem]":
    found = []
    if len(password) < SHORTEST:
        found.append(both(zh=f"密码至少 {SHORTEST} 个字符。", en=f"Use at least {SHORTEST} characters."))
    if len(password) > LONGEST:
        found.append(both(zh=f"密码至多 {LONGEST} 个字符。", en=f"Use at most {LONGEST} characters."))
    if password and len(set(password)) < 4:
        found.append(both(zh="密码至少包含 4 个不同的字符。", en="Use at least 4 different characters."))
    if key and key.lower() in password.lower():
        found.append(both(zh="密码不能包含登录名。", en="The password must not contain the login name."))
    return [Problem(code="password_weak", text=text, pointer="/password") for text in found]
