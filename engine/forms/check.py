"""Does a filled form obey its schema? Every place that does not is told in both languages.

``check(schema, data)`` is the only truth: pages, API and command line all ask it. A schema is an author's text, hence
hostile: nothing is fetched, depth and sizes are bounded, and patterns that could take long are refused (patterns.py).
"""

import functools
from collections.abc import Mapping
from typing import Any

import jsonschema
import msgspec
import referencing

from engine import errors
from engine.forms import formats, patterns, sentences
from engine.model.problem import Problem
from engine.model.text import both

LARGEST_SCHEMA = 200_000
LARGEST_DATA = 1_000_000
DEEPEST = 30
MOST_PROBLEMS = 100

_ENCODER = msgspec.json.Encoder(order="sorted")


def check(schema: Mapping[str, Any], data: Mapping[str, Any]) -> list[Problem]:
    """Every way in which ``data`` breaks ``schema``, each with a JSON pointer; empty when all is well.

    Names that the schema does not know are problems even where it does not forbid them: a form writes only its own
    fields. Raises TooLarge for more than 1 MB or 30 levels, Invalid for a schema that is none.
    """
    _bounded(data)
    validator = _validator(_ENCODER.encode(schema))
    problems = [_problem(error) for _, error in zip(range(MOST_PROBLEMS), _leaves(validator, data), strict=False)]
    return sorted([*problems, *_strangers(schema, data)], key=lambda problem: problem.pointer)


def vet(schema: Mapping[str, Any]) -> list[Problem]:
    """What makes ``schema`` unfit as a form: not a schema, a remote reference, a costly pattern, too large."""
    encoded = _ENCODER.encode(schema)
    if len(encoded) > LARGEST_SCHEMA or _depth(schema) > DEEPEST:
        return [
            _unfit("schema_too_large", zh="表单定义过大或嵌套过深。", en="The form is too large or nested too deep.")
        ]
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        pointer = _pointer(error.absolute_path)
        return [
            _unfit(
                "schema_invalid",
                zh="这不是有效的 JSON Schema。",
                en=f"Not a JSON Schema: {error.message[:200]}",
                pointer=pointer,
            )
        ]
    return [problem for path, part in _parts(schema, "") for problem in _vet_part(path, part)]


def _vet_part(path: str, part: Mapping[str, Any]) -> list[Problem]:
    found = []
    reference = part.get("$ref", part.get("$dynamicRef", "#"))
    if isinstance(reference, str) and not reference.startswith("#"):
        found.append(
            _unfit(
                "remote_reference",
                zh=f"不允许引用表单以外的内容：{reference}",
                en=f"Refers outside the form: {reference}",
                pointer=path,
            )
        )
    for pattern in _patterns(part):
        why = patterns.costly(pattern)
        if why:
            found.append(
                _unfit(
                    "costly_pattern", zh=f"正则表达式不可用：{why['zh-CN']}", en=f"Pattern: {why['en']}", pointer=path
                )
            )
    return found


def _patterns(part: Mapping[str, Any]) -> list[str]:
    own = [part["pattern"]] if isinstance(part.get("pattern"), str) else []
    properties = part.get("patternProperties")
    return own + (list(properties) if isinstance(properties, Mapping) else [])


def _parts(value: Any, path: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Every object inside the schema with its pointer, itself first."""
    if isinstance(value, Mapping):
        inner = [found for key, item in value.items() for found in _parts(item, f"{path}/{_escaped(key)}")]
        return [(path, value), *inner]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in _parts(item, f"{path}/{index}")]
    return []


@functools.lru_cache(maxsize=512)
def _validator(encoded: bytes) -> jsonschema.Draft202012Validator:
    schema = msgspec.json.decode(encoded)
    problems = vet(schema)
    if problems:
        raise errors.Invalid(
            "form_unfit", zh="表单定义有误。", en="The form's own definition is wrong.", problems=problems
        )
    return jsonschema.Draft202012Validator(schema, registry=referencing.Registry(), format_checker=formats.CHECKER)


def _leaves(validator: jsonschema.Draft202012Validator, data: Mapping[str, Any]) -> Any:
    for error in validator.iter_errors(data):
        if error.validator == "additionalProperties" and not error.absolute_path:
            continue  # told by _strangers
        # Of alternatives the reader wants the nearest miss, not "none of these matched".
        yield jsonschema.exceptions.best_match([error]) if error.context else error


def _problem(error: jsonschema.ValidationError) -> Problem:
    pointer = _pointer(error.absolute_path)
    missing = sentences.missing(error)
    return Problem(
        code=f"form_{error.validator}",
        text=sentences.sentence(error),
        pointer=f"{pointer}/{_escaped(missing)}" if missing else pointer,
    )


def _strangers(schema: Mapping[str, Any], data: Mapping[str, Any]) -> list[Problem]:
    """Each name that the form does not have, by name: the schema's own complaint would not say which."""
    fields = schema.get("properties", {})
    return [
        Problem(
            code="form_unknown_field",
            text=both(zh=f"表单没有“{name}”这一项。", en=f"The form has no field “{name}”."),
            pointer=f"/{_escaped(name)}",
        )
        for name in data
        if name not in fields
    ]


def _bounded(data: Mapping[str, Any]) -> None:
    if _depth(data) > DEEPEST or len(_ENCODER.encode(data)) > LARGEST_DATA:
        raise errors.TooLarge(
            "form_data_too_large",
            zh="提交的内容超过 1 MB 或嵌套超过 30 层。",
            en="What was handed in is larger than 1 MB or nested deeper than 30 levels.",
        )


def _depth(value: Any, level: int = 0) -> int:
    if level > DEEPEST:
        return level
    if isinstance(value, Mapping):
        return max((_depth(item, level + 1) for item in value.values()), default=level)
    if isinstance(value, list):
        return max((_depth(item, level + 1) for item in value), default=level)
    return level


def _pointer(path: Any) -> str:
    return "".join(f"/{_escaped(str(part))}" for part in path)


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unfit(code: str, *, zh: str, en: str, pointer: str = "") -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), pointer=pointer)
