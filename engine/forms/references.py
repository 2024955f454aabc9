"""References of a form's schema: they stay inside the form, lead to something, and written out they come to an end.

A reference that leads round in a circle, or many that lead to one another, make a small file a check without end.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.problem import Problem
from engine.model.text import both

MOST_PARTS = 5_000
"""Objects of a schema once each reference is written out."""
LONGEST_CHAIN = 30


class _EndlessError(Exception):
    """Carries the reference at which there is no end."""


def problems(schema: Mapping[str, Any]) -> list[Problem]:
    found = [problem for path, part in parts(schema, "") for problem in _wrong(schema, path, part)]
    return found or _endless(schema)


def parts(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object inside the schema with its pointer, itself first."""
    if isinstance(value, Mapping):
        yield path, value
        for key, item in value.items():
            yield from parts(item, f"{path}/{escaped(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from parts(item, f"{path}/{index}")


def escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def unescaped(step: str) -> str:
    """A step of a pointer as the key that it names (RFC 6901)."""
    return step.replace("~1", "/").replace("~0", "~")


def resolved(part: Any, root: Mapping[str, Any]) -> Any:
    """What a part of a form that was found fit stands for; what stands beside a reference wins."""
    for _ in range(LONGEST_CHAIN):
        if not isinstance(part, Mapping) or not isinstance(part.get("$ref"), str):
            return part
        there = _target(root, part["$ref"])
        beside = {key: value for key, value in part.items() if key != "$ref"}
        part = {**there, **beside} if isinstance(there, Mapping) else beside
    return part


def _wrong(schema: Mapping[str, Any], path: str, part: Mapping[str, Any]) -> Iterator[Problem]:
    for reference in _of(part):
        if not reference.startswith("#"):
            yield _problem(
                "remote_reference",
                zh=f"不允许引用表单以外的内容：{reference}",
                en=f"Refers outside the form: {reference}",
                pointer=path,
            )
        elif _target(schema, reference) is None:
            yield _problem(
                "reference_unknown",
                zh=f"引用指向不存在的内容：{reference}",
                en=f"Refers to something that is not there: {reference}",
                pointer=path,
            )
    if path and isinstance(part.get("$id"), str):
        yield _problem(
            "remote_reference",
            zh="表单的一部分不能有自己的 $id。",
            en="A part of a form has no $id of its own.",
            pointer=path,
        )


def _of(part: Mapping[str, Any]) -> list[str]:
    return [part[key] for key in ("$ref", "$dynamicRef") if isinstance(part.get(key), str)]


def _target(schema: Mapping[str, Any], reference: str) -> Mapping[str, Any] | bool | None:
    """What a ``#/...`` reference leads to: a schema; None where there is none."""
    if reference not in ("#", "") and not reference.startswith("#/"):
        return None
    found: Any = schema
    for step in reference.split("/")[1:]:
        key = unescaped(step)
        if isinstance(found, list):
            found = found[int(key)] if key.isascii() and key.isdigit() and int(key) < len(found) else None
        else:
            found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping | bool) else None


def _endless(schema: Mapping[str, Any]) -> list[Problem]:
    try:
        size = _written_out(schema, schema, (), {})
    except _EndlessError as error:
        return [
            _problem(
                "reference_endless",
                zh=f"引用绕成了圈，或一个接一个过长：{error}",
                en=f"References lead round in a circle, or one to another too often: {error}",
            )
        ]
    if size > MOST_PARTS:
        return [
            _problem(
                "schema_too_large",
                zh=f"展开引用后，表单定义超过 {MOST_PARTS:,} 个部分。",
                en=f"With its references written out the form has more than {MOST_PARTS:,} parts.",
            )
        ]
    return []


def _written_out(schema: Mapping[str, Any], part: Any, chain: tuple[str, ...], known: dict[str, int]) -> int:
    """The number of objects that ``part`` stands for."""
    if isinstance(part, list):
        return sum(_written_out(schema, item, chain, known) for item in part)
    if not isinstance(part, Mapping):
        return 0
    total = 1 + sum(_written_out(schema, item, chain, known) for item in part.values())
    for reference in _of(part):
        if reference in chain or len(chain) >= LONGEST_CHAIN:
            raise _EndlessError(reference)
        if reference not in known:
            known[reference] = _written_out(schema, _target(schema, reference), (*chain, reference), known)
        total += known[reference]
    return total


def _problem(code: str, *, zh: str, en: str, pointer: str = "") -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), pointer=pointer)
