"""Forms of these pages as lists of fields: one template draws them all, one function reads them all."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import flask
import msgspec

from engine import errors
from engine.model.problem import Problem
from engine.model.text import both
from web.ui import language, texts

Kind = Literal["text", "number", "area", "code", "lines", "pairs", "json", "choice", "check", "secret"]


class Field(NamedTuple):
    """``lines``: one item a line. ``pairs``: ``name = value`` a line. ``json``: JSON, or text as it is."""

    name: str
    kind: Kind = "text"
    needed: bool = False
    options: Sequence[tuple[str, str]] = ()

    @property
    def help(self) -> str:
        key = f"outside.h_{self.name}"
        return language.t(key) if key in texts.ALL else ""

    @property
    def label(self) -> str:
        return language.t(f"outside.f_{self.name}")

    @property
    def wide(self) -> bool:
        return self.kind in ("area", "code", "lines", "pairs", "json")


def shown(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """What stands in each field."""
    return {one.name: _words(one, values.get(one.name)) for one in fields}


def _words(field: Field, value: Any) -> str:
    if value is None or value is False:
        return ""
    if field.kind == "lines":
        return "\n".join(value)
    if field.kind == "pairs":
        return "\n".join(f"{name} = {_plain(item)}" for name, item in value.items())
    if field.kind == "json" and not isinstance(value, str):
        return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def sent(fields: Sequence[Field]) -> dict[str, str]:
    """As it was sent, to be shown again."""
    return {one.name: flask.request.form.get(one.name, "") for one in fields}


def read(fields: Sequence[Field]) -> dict[str, Any]:
    """The values; fields that were left empty are missing. Raises errors.Invalid with a Problem for each wrong one."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for one in fields:
        text = flask.request.form.get(one.name, "").replace("\r\n", "\n")
        try:
            value = _value(one, text)
        except ValueError:
            problems.append(_wrong(one.name))
            continue
        if value not in (None, "", [], {}):
            values[one.name] = value
    if problems:
        raise errors.Invalid(
            "form_invalid", zh="请检查标出的字段。", en="Look at the marked fields.", problems=problems
        )
    return values


def _value(field: Field, text: str) -> Any:
    if field.kind == "check":
        return text == "true"
    if field.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if field.kind == "pairs":
        return _pairs(text)
    if field.kind == "number":
        return float(text) if text.strip() else None
    if field.kind == "json":
        return _json(text.strip())
    return text.strip() if field.kind in ("text", "choice") else text


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for line in text.split("\n"):
        if line.strip():
            name, there, value = line.partition("=")
            if not there or not name.strip():
                raise ValueError
            found[name.strip()] = value.strip()
    return found


def _json(text: str) -> Any:
    """What does not begin as a JSON object or list is a text: FEEL, XML ..."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError from error


def _wrong(name: str) -> Problem:
    text = both(zh="格式不正确，请参照说明填写。", en="This cannot be read; see how it is written.")
    return Problem(code="field_unreadable", pointer=f"/{name}", text=text)


def wrong(error: errors.CrmflowError, fields: Sequence[Field]) -> dict[str, list[str]]:
    """Words by field; what belongs to none of them stands under the empty name."""
    found: dict[str, list[str]] = {}
    names = {one.name for one in fields}
    for problem in getattr(error, "problems", ()):
        parts = [part.replace("-", "_").lower() for part in problem.pointer.split("/") if part not in ("", "settings")]
        name = next((one for one in ("_".join(parts[:2]), *parts[:1]) if one in names), "")
        found.setdefault(name, []).append(language.said(problem.text))
    return found or {"": [language.said(error.text)]}
