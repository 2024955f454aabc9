"""Asking the evaluator, with the variables that a scope sees."""

from collections.abc import Mapping
from typing import Any

from engine import errors
from engine.kernel import variables
from engine.kernel.run import Run
from engine.model import expression as model
from engine.model.text import Text

_NOTHING: Mapping[str, Any] = {}


def value(run: Run, expression: model.Expression, scope: int, extra: Mapping[str, Any] = _NOTHING) -> Any:
    """Raises errors.Invalid."""
    if expression.language == "literal":
        return expression.text
    return run.evaluator.value(expression, variables.view(run, scope, extra), run.now)


def condition(run: Run, expression: model.Expression, scope: int, extra: Mapping[str, Any] = _NOTHING) -> bool:
    """Raises errors.Invalid."""
    return run.evaluator.condition(expression, variables.view(run, scope, extra), run.now)


def doubts(run: Run, expression: model.Expression, scope: int) -> tuple[Text, ...]:
    """Why a condition that did not hold may have meant something else."""
    return run.evaluator.doubts(expression, variables.view(run, scope), run.now)


def text(run: Run, expression: model.Expression, scope: int, extra: Mapping[str, Any] = _NOTHING) -> str | None:
    """A name or key as text: null stays None, a whole number is written without a point. Raises errors.Invalid."""
    found = value(run, expression, scope, extra)
    if found is None or isinstance(found, str):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found)


def number(run: Run, expression: model.Expression, scope: int, what: str) -> int:
    """A whole number, also as text. Raises errors.Invalid naming ``what`` it is for."""
    found = value(run, expression, scope)
    try:
        if isinstance(found, bool) or found is None:
            raise ValueError
        whole = int(found)
        if not isinstance(found, str) and whole != found:
            raise ValueError
        return whole
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        raise errors.Invalid(
            "whole_number",
            zh=f"{what} 应是整数，得到 {str(found)[:80]!r}",
            en=f"expected {what} to be a whole number, got {str(found)[:80]!r}",
        ) from None


def mapped(
    run: Run, mappings: tuple[model.Mapping, ...], scope: int, extra: Mapping[str, Any] = _NOTHING
) -> dict[str, Any]:
    """Each mapping's value by its target; a later one sees the earlier ones. Raises errors.Invalid."""
    found: dict[str, Any] = {}
    for mapping in mappings:
        found[mapping.target] = value(run, mapping.source, scope, {**extra, **found})
    return found


def placed(
    run: Run,
    mappings: tuple[model.Mapping, ...],
    scope: int,
    extra: Mapping[str, Any] = _NOTHING,
    *,
    into: int | None = None,
) -> dict[str, Any]:
    """As ``mapped``, where a target ``order.customer`` is the entry ``customer`` of the variable ``order`` (Camunda 8).

    What else that variable of the scope ``into`` holds stays; None begins with nothing.
    """
    found: dict[str, Any] = {}
    for mapping in mappings:
        said = value(run, mapping.source, scope, {**extra, **found})
        name, *path = _path(mapping.target)
        if path:
            before = found.get(name) if name in found or into is None else variables.view(run, into).get(name)
            said = _with(before, path, said)
        found[name] = said
    return found


def variable(target: str) -> str:
    """The variable that a mapping's target is, or lies in."""
    return _path(target)[0]


def _path(target: str) -> list[str]:
    """``a.b`` is a path; a name that holds anything but words and dots stands for itself."""
    parts = target.split(".")
    return parts if all(part.isidentifier() for part in parts) else [target]


def _with(before: Any, path: list[str], said: Any) -> dict[str, Any]:
    kept = dict(before) if isinstance(before, Mapping) else {}
    kept[path[0]] = _with(kept.get(path[0]), path[1:], said) if path[1:] else said
    return kept
