"""Texts with expressions inside: ``Hello ${name}``, ``#{approved}``."""

from engine.feel.dialects.refusal import refusal

MAX_PARTS = 200


def split(text: str) -> list[tuple[bool, str]]:
    """The parts in order, each with whether it is an expression. ``\\${`` is no beginning."""
    parts: list[tuple[bool, str]] = []
    plain, at = [], 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 3] in ("${", "#{"):
            plain.append(text[at + 1 : at + 3])
            at += 3
        elif text[at : at + 2] in ("${", "#{"):
            end = _closing(text, at + 2)
            if plain:
                parts.append((False, "".join(plain)))
                plain = []
            parts.append((True, text[at + 2 : end]))
            at = end + 1
        else:
            plain.append(text[at])
            at += 1
    if plain:
        parts.append((False, "".join(plain)))
    if len(parts) > MAX_PARTS:
        raise refusal("syntax", text, language="juel", detail=f"more than {MAX_PARTS} parts")
    return parts


def _closing(text: str, start: int) -> int:
    """Where the brace closes: braces within texts do not count."""
    depth, quote, at = 1, "", start
    while at < len(text):
        character = text[at]
        if quote:
            at += character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return at
        at += 1
    raise refusal("syntax", text, language="juel", detail="'}' is missing", detail_zh="缺少 '}'")
