"""Does a filled form obey its schema? Every place that does not is told in both languages.

``check(schema, data)`` is the only truth: pages, API and command line all ask it. A schema is an author's text, hence
hostile: nothing is fetched, depth and sizes are bounded, and patterns that could take long are refused (patterns.py).
"""

import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import msgspec
import referencing

from engine import errors
from engine.forms import formats, hints, keywords, patterns, references, sentences, steps
from engine.model.problem import Problem
from engine.model.text import both

LARGEST_SCHEMA = 200_000
LARGEST_DATA = 1_000_000
DEEPEST = 30
LONGEST_NAME = 200
MOST_PROBLEMS = 100

_ENCODER = msgspec.json.Encoder(order="sorted")


def check(schema: Mapping[str, Any], data: Mapping[str, Any]) -> list[Problem]:
    """Every way in which ``data`` breaks ``schema``, each with a JSON pointer; empty when all is well.

    Names that the schema does not know are problems even where it does not forbid them: a form writes only its own
    fields. Raises TooLarge for more than 1 MB, 30 levels or 200 characters of a
    name, Invalid for a schema that is none and for half a character.
    """
    bounded(data)
    validator = _validator(_ENCODER.encode(schema))
    with patterns.bounded():
        found = itertools.chain(map(_problem, _leaves(validator, data)), _strangers(schema, data))
        return sorted(itertools.islice(found, MOST_PROBLEMS), key=lambda problem: problem.pointer)


def vet(schema: Mapping[str, Any]) -> list[Problem]:
    """What makes ``schema`` unfit as a form: not a schema, a remote reference, a costly pattern, too large."""
    encoded = _ENCODER.encode(schema)
    if len(encoded) > LARGEST_SCHEMA or not _fits(schema):
        return [
            _unfit("schema_too_large", zh="表单定义过大或嵌套过深。", en="The form is too large or nested too deep.")
        ]
    return list(_vetted(encoded))


@functools.lru_cache(maxsize=512)
def _vetted(encoded: bytes) -> tuple[Problem, ...]:
    """A form is vetted as a file and again when it is first filled in."""
    return tuple(_unfitness(msgspec.json.decode(encoded)))


def _unfitness(schema: Mapping[str, Any]) -> list[Problem]:
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
    found = [problem for path, part in references.parts(schema, "") for problem in _costly(path, part)]
    return [*found, *references.problems(schema), *hints.problems(schema), *steps.problems(schema)]


def _costly(path: str, part: Mapping[str, Any]) -> list[Problem]:
    whys = [patterns.costly(part["pattern"])] if isinstance(part.get("pattern"), str) else []
    names = part.get("patternProperties")
    whys += [patterns.costly(name, open_repeats=1) for name in (names if isinstance(names, Mapping) else ())]
    return [
        _unfit("costly_pattern", zh=f"正则表达式不可用：{why['zh-CN']}", en=f"Pattern: {why['en']}", pointer=path)
        for why in whys
        if why
    ]


@functools.lru_cache(maxsize=512)
def _validator(encoded: bytes) -> Any:
    schema = msgspec.json.decode(encoded)
    problems = vet(schema)
    if problems:
        raise errors.Invalid(
            "form_unfit", zh="表单定义有误。", en="The form's own definition is wrong.", problems=problems
        )
    return keywords.Validator(schema, registry=referencing.Registry(), format_checker=formats.CHECKER)


def _leaves(validator: Any, data: Mapping[str, Any]) -> Iterator[jsonschema.ValidationError]:
    for error in validator.iter_errors(data):
        if error.validator in ("additionalProperties", "unevaluatedProperties") and not error.absolute_path:
            continue  # told by _strangers
        # Of alternatives the reader wants the nearest miss, not "none of these matched".
        yield jsonschema.exceptions.best_match([error]) if error.context else error


def _problem(error: jsonschema.ValidationError) -> Problem:
    pointer = _pointer(error.absolute_path)
    missing = sentences.missing(error)
    return Problem(
        code=f"form_{error.validator or 'forbidden'}",
        text=sentences.sentence(error),
        pointer=f"{pointer}/{references.escaped(missing)}" if missing else pointer,
    )


def _strangers(schema: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    """Each name that the form does not have, by name: the schema's own complaint would not say which."""
    fields, kinds = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in data:
        if name not in fields and not any(patterns.matches(pattern, name) for pattern in kinds):
            yield Problem(
                code="form_unknown_field",
                text=both(zh=f"表单没有“{name}”这一项。", en=f"The form has no field “{name}”."),
                pointer=f"/{references.escaped(name)}",
            )


def bounded(data: Mapping[str, Any]) -> None:
    """Raises TooLarge for more than a form can hold, Invalid for half a character."""
    try:
        fits = _fits(data) and len(_ENCODER.encode(data)) <= LARGEST_DATA
    except UnicodeEncodeError as error:
        raise errors.Invalid(
            "form_text_broken", zh="提交的内容含有无效字符。", en="What was handed in holds half a character."
        ) from error
    if not fits:
        raise errors.TooLarge(
            "form_data_too_large",
            zh="提交的内容超过 1 MB、嵌套超过 30 层，或有超过 200 个字符的名称。",
            en="What was handed in is larger than 1 MB, nested deeper than 30 levels, or has a name of more than 200 "
            "characters.",
        )


def _fits(value: Any, level: int = 0) -> bool:
    """Neither nested deeper than DEEPEST nor with a name longer than LONGEST_NAME."""
    if level > DEEPEST:
        return False
    if isinstance(value, Mapping):
        return all(len(key) <= LONGEST_NAME and _fits(item, level + 1) for key, item in value.items())
    return not isinstance(value, list) or all(_fits(item, level + 1) for item in value)


def _pointer(path: Any) -> str:
    return "".join(f"/{references.escaped(str(part))}" for part in path)


def _unfit(code: str, *, zh: str, en: str, pointer: str = "") -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), pointer=pointer)
