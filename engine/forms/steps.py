"""The same form at several steps: ``x-ui.steps`` says of a field who sees and who changes it (docs/forms.md).

``{"Step_review": "read", "Step_close": "hidden"}``. What a step only reads or does not see, it is not asked for.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from engine.forms import references
from engine.forms.layout import Schema, hint
from engine.model.problem import Problem
from engine.model.text import both

Right = Literal["edit", "read", "hidden"]
RIGHTS: tuple[Right, ...] = ("edit", "read", "hidden")


def of(forms: Mapping[str, dict[str, Any]], form: str, step: str) -> dict[str, Any] | None:
    """The form of this name as the step has it; None where there is none."""
    found = forms.get(form)
    return None if found is None else at(found, step)


def at(schema: dict[str, Any], step: str) -> dict[str, Any]:
    """The form as one step has it: without hidden fields, those to read closed, those to fill in open."""
    rights = {name: right for name, told in _told(schema) if (right := told.get(step)) is not None}
    if not rights:
        return schema
    properties = {name: _at(part, rights.get(name)) for name, part in schema["properties"].items()}
    shown = {name: part for name, part in properties.items() if rights.get(name) != "hidden"}
    unasked = frozenset(name for name, right in rights.items() if right != "edit")
    return {**_unasked(schema, unasked), "properties": shown}


def named(schema: Schema) -> frozenset[str]:
    """The steps that the form speaks of."""
    return frozenset(step for _, told in _told(schema) for step in told)


def problems(schema: Schema) -> Iterator[Problem]:
    """Fields that are hidden somewhere while another part of the form refers to them."""
    hidden = {name for name, told in _told(schema) if "hidden" in told.values()}
    for path, part in references.parts(schema, "") if hidden else ():
        steps = str(part.get("$ref", "")).split("/")
        if steps[:2] == ["#", "properties"] and len(steps) > 2 and steps[2] in hidden:
            text = both(
                zh=f"引用了“{steps[2]}”，而该项在某些步骤隐藏。",
                en=f"Refers to {steps[2]!r}, which some step does not see.",
            )
            yield Problem(code="reference_hidden", text=text, pointer=path)


def _told(schema: Schema) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A hint of another shape says nothing here: hints.py tells it."""
    properties = schema.get("properties", {})
    for name, part in properties.items() if isinstance(properties, Mapping) else ():
        if isinstance(part, Mapping) and isinstance(part.get("x-ui", {}), Mapping):
            told = hint(part, "steps")
            if isinstance(told, Mapping):
                yield name, told


def _at(part: Any, right: str | None) -> Any:
    if right == "read":
        return {**part, "readOnly": True}
    return {key: value for key, value in part.items() if key != "readOnly"} if right == "edit" else part


def _unasked(part: Any, names: frozenset[str]) -> Any:
    """``part`` and its alternatives without asking for these names."""
    if not isinstance(part, Mapping):
        return part
    found = dict(part)
    if isinstance(part.get("required"), list):
        found["required"] = [name for name in part["required"] if name not in names]
    for key in ("then", "else"):
        if key in part:
            found[key] = _unasked(part[key], names)
    for key in ("allOf", "anyOf", "oneOf"):
        if isinstance(part.get(key), list):
            found[key] = [_unasked(one, names) for one in part[key]]
    return found
