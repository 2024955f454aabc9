"""Fills what an administrator has written in with the values of one job. Pure.

A text that starts with ``=`` is FEEL, as in drawings; in an address what stands in braces is. Only what the
administrator wrote is ever evaluated: values of a case that look like expressions are values.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from engine import errors, feel
from engine.model.problem import Problem
from engine.model.text import both
from engine.ports import JobCall

MOST_TEXTS = 500
"""Texts within one connector's settings."""
_BRACES = re.compile(r"\{([^{}]*)\}")
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_CUSTOMER = ("id", "number", "name", "kind", "owner", "language", "group", "contacts", "attributes")


def variables(call: JobCall) -> dict[str, Any]:
    """The job's input by name, or what a job without input sees; beside it ``job`` and, if any, ``customer``."""
    customer = call.customer
    return {
        **call.variables,
        **call.input,
        "job": {
            "id": call.id,
            "attempt": call.attempt,
            "instance": call.instance_id,
            "process": call.process,
            "businessKey": call.business_key,
        },
        "customer": {name: getattr(customer, name) for name in _CUSTOMER} if customer else call.input.get("customer"),
    }


def encode(value: Any) -> bytes:
    """JSON; moments as ISO 8601, decimals as numbers."""
    return _ENCODER.encode(value)


def plain(value: Any) -> Any:
    """As it would come back from JSON."""
    return msgspec.json.decode(_ENCODER.encode(value))


def evaluate(text: str, scope: Mapping[str, Any], now: datetime) -> Any:
    """Of a text that starts with ``=``; any other is itself. Raises errors.Invalid."""
    if not text.startswith("="):
        return text
    return feel.to_python(feel.compile_expression(text[1:]).evaluate(scope, now=now))


def fill(value: Any, scope: Mapping[str, Any], now: datetime) -> Any:
    """Every text within ``value`` evaluated."""
    if isinstance(value, str):
        return evaluate(value, scope, now)
    if isinstance(value, list):
        return [fill(item, scope, now) for item in value]
    if isinstance(value, dict):
        return {name: fill(item, scope, now) for name, item in value.items()}
    return value


def address(template: str, scope: Mapping[str, Any], now: datetime) -> str:
    """The template with each ``{expression}`` as one encoded piece: a value cannot add a segment, query or host.

    Raises errors.Invalid for an expression without a value.
    """

    def piece(found: re.Match[str]) -> str:
        value = evaluate("=" + found[1], scope, now)
        if value is None or isinstance(value, dict | list) or str(value) in ("", ".", ".."):
            raise errors.Invalid(
                "address_empty",
                zh=f"地址中的 {found[0]} 没有可用的值。",
                en=f"{found[0]} in the address has no value that can stand there.",
                expression=found[1],
            )
        return quote(_text(value), safe="")

    return _BRACES.sub(piece, template)


def _text(value: Any) -> str:
    """As JSON writes it: true, not True."""
    return value if isinstance(value, str) else encode(value).decode().strip('"')


def texts(value: Any) -> dict[str, str]:
    """For headers and queries: each value as text, those without one left out."""
    return {name: _text(item) for name, item in value.items() if item is not None}


def problems(value: Any, pointer: str = "") -> Iterator[Problem]:
    """Of all expressions within ``value``, each with its place."""
    for place, text in _texts(value, pointer):
        if text.startswith("="):
            yield from _syntax(text[1:], place)


def address_problems(template: str, pointer: str) -> Iterator[Problem]:
    for found in _BRACES.finditer(template):
        yield from _syntax(found[1], pointer)
    if "{" in _BRACES.sub("", template) or "}" in _BRACES.sub("", template):
        yield Problem(
            code="address_braces",
            pointer=pointer,
            text=both(zh="地址中的花括号不成对", en="the braces in the address do not pair"),
        )


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    rest = [(pointer, value)]
    count = 0
    while rest:
        place, one = rest.pop()
        if isinstance(one, str):
            count += 1
            yield place, one
        elif isinstance(one, list):
            rest += [(f"{place}/{number}", item) for number, item in enumerate(one)]
        elif isinstance(one, dict):
            rest += [(f"{place}/{name.replace('~', '~0').replace('/', '~1')}", item) for name, item in one.items()]
        if count > MOST_TEXTS:
            raise errors.TooLarge(
                "connector_large",
                zh=f"连接器设置中的文本超过 {MOST_TEXTS} 个。",
                en=f"The settings of a connector have at most {MOST_TEXTS} texts.",
            )


def _syntax(text: str, pointer: str) -> Iterator[Problem]:
    try:
        feel.compile_expression(text)
    except errors.Invalid as error:
        yield Problem(code=error.code, pointer=pointer, text=error.text)
