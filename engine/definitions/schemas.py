"""Documents of authors against the shipped JSON Schemas: every place that is wrong, as a Problem."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from engine import files
from engine.forms import sentences
from engine.model.problem import Problem
from engine.model.text import ZH, Text, both

BYTES_AT_MOST = 1_000_000
DEPTH_AT_MOST = 60
PROBLEMS_AT_MOST = 100


def read(data: bytes, *, schema: str, file: str) -> tuple[Any, list[Problem]]:
    """The document in ``data`` and what is wrong with it by ``schema`` (``process.json`` ...).

    The document is None when it is no JSON at all, too large or nested too deeply.
    """
    document, problems = parse(data, file=file)
    return document, problems or check(document, schema=schema, file=file)


def parse(data: bytes, *, file: str) -> tuple[Any, list[Problem]]:
    """JSON as strict as its standard: no key twice, no NaN; bounded in size and depth."""
    if len(data) > BYTES_AT_MOST:
        return None, [
            _problem("json_too_large", f"文件超过 {BYTES_AT_MOST} 字节", f"more than {BYTES_AT_MOST} bytes", file)
        ]
    try:
        document = json.loads(data, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except RecursionError:
        return None, [_problem("json_too_deep", "嵌套太深", "nested too deeply", file)]
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        return None, [_problem("json_unreadable", f"不是有效的 JSON：{error}", f"no valid JSON: {error}", file, line)]
    if _depth(document) > DEPTH_AT_MOST:
        return None, [_problem("json_too_deep", "嵌套太深", "nested too deeply", file)]
    return document, []


def check(document: Any, *, schema: str, file: str = "") -> list[Problem]:
    """What is wrong with ``document``, at most ``PROBLEMS_AT_MOST`` places, in document order."""
    found = sorted(
        _leaves(_validator(schema).iter_errors(document)), key=lambda error: list(map(str, error.absolute_path))
    )
    return [_of(error, file) for error in _certain(found)[:PROBLEMS_AT_MOST]]


def _certain(found: Sequence[ValidationError]) -> list[ValidationError]:
    """Without "unexpected key" where something else is wrong in the same object: the key's own schema failed then,
    and whether it is unexpected is not known."""
    wrong = {
        tuple(error.absolute_path)[:length]
        for error in found
        if error.validator != _UNEVALUATED
        for length in range(len(error.absolute_path) + 1)
    }
    return [error for error in found if error.validator != _UNEVALUATED or tuple(error.absolute_path) not in wrong]


_UNEVALUATED = "unevaluatedProperties"


@cache
def _validator(schema: str) -> Draft202012Validator:
    documents = {path.name: json.loads(path.read_bytes()) for path in sorted(files.shipped("schemas").glob("*.json"))}
    registry: Registry[Any] = Registry().with_resources(
        (document.get("$id", name), Resource.from_contents(document)) for name, document in documents.items()
    )
    return Draft202012Validator(documents[schema], registry=registry)


def _leaves(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """An error of oneOf or anyOf in the words of the alternative that came nearest."""
    for error in errors:
        if error.validator in ("oneOf", "anyOf") and error.context:
            nearest = max(error.context, key=lambda inner: (len(inner.absolute_path), inner.validator != "type"))
            yield from _leaves([nearest]) if len(nearest.absolute_path) > len(error.absolute_path) else [error]
        else:
            yield error


def _of(error: ValidationError, file: str) -> Problem:
    path = [str(part) for part in error.absolute_path]
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    return Problem(
        code="json_" + str(error.validator),
        text=_sentence(error),
        file=file,
        pointer=pointer or "/",
        element=path[1] if len(path) > 1 and path[0] in ("steps", "flows", "policy", "parameters") else "",
    )


def _sentence(error: ValidationError) -> Text:
    """The library's English names the keys concerned, which an author needs; the Chinese repeats it in brackets."""
    said = error.message if len(error.message) <= 300 else error.message[:300] + " ..."
    return both(zh=f"{sentences.sentence(error)[ZH]}（{said}）", en=said)


def _problem(code: str, zh: str, en: str, file: str, line: int = 0) -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), file=file, line=line)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The second of two equal keys would win silently."""
    document = dict(pairs)
    if len(document) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return document


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def _depth(value: Any) -> int:
    """How deep objects and arrays are nested, without recursion: the document is hostile."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
        ]
    return deepest
