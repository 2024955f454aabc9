"""Hints of a form for the screen (``x-...``, docs/forms.md): they decide nothing, but a page has to read them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from engine.forms import references
from engine.model.problem import Problem
from engine.model.text import both

Words = str | dict[str, str]


class _Field(msgspec.Struct):
    field: str


class _When(msgspec.Struct):
    field: str
    values: list[Any] = msgspec.field(name="in")


class _Section(msgspec.Struct):
    key: str
    title: Words = ""
    x_title: Words = msgspec.field(name="x-title", default="")


class _Ui(msgspec.Struct):
    order: float = 0
    section: str = ""
    widget: str = ""
    money: str | _Field = ""
    unit: Words = ""
    rows: int = 3
    when: _When | None = None
    group: str = ""
    placeholder: Words = ""
    accept: list[str] = []
    sections: list[_Section] = []
    steps: dict[str, Literal["edit", "required", "read", "hidden"]] = {}


_SHAPES: dict[str, Any] = {
    # The last two are no hints: what a field of files takes (engine/attachments/fields.py).
    "x-ui": _Ui,
    "x-title": Words,
    "x-help": Words,
    "x-labels": dict[str, Words],
    "fileEndings": list[Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]{1,10}$")]],
    "maxFileBytes": Annotated[int, msgspec.Meta(ge=1)],
}
_VALUES = frozenset({"default", "const", "enum", "examples"})
"""What stands there is data and no schema."""


def _is_data(steps: list[str]) -> bool:
    """A field may be called ``default``: what follows ``properties`` is a name, wherever ``properties`` is no name."""
    named = False
    for step in steps:
        if not named and step in _VALUES:
            return True
        named = not named and step == "properties"
    return named


def problems(schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Each hint that is of another shape than a page reads."""
    for path, part in references.parts(schema, ""):
        if _is_data(path.split("/")):
            continue
        for name, shape in _SHAPES.items():
            if name not in part:
                continue
            try:
                msgspec.convert(part[name], shape)
            except msgspec.ValidationError as error:
                text = both(zh=f"{name} 的写法有误：{error}", en=f"{name} is not written as a page reads it: {error}")
                yield Problem(code="hint_invalid", text=text, pointer=f"{path}/{name}")
