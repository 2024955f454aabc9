"""Names that drawings and settings use: the same rule for all of them."""

import re

from engine import errors

LONGEST = 60
_NAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")


def checked(name: str) -> str:
    """Raises errors.Invalid."""
    if len(name) > LONGEST or not _NAME.fullmatch(name):
        raise errors.Invalid(
            "name_invalid",
            zh=f"名称“{name[:LONGEST]}”须以小写字母开头，只含小写字母、数字和 . _ -，最长 {LONGEST} 个字符。",
            en=f"The name {name[:LONGEST]!r} begins with a small letter and has small letters, digits and . _ - only, "
            f"at most {LONGEST} characters.",
            name=name[:LONGEST],
        )
    return name
