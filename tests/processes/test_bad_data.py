"""Every form of every shipped process: wrong values are named at their field, the right ones of the scenarios pass."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine import errors
from engine.forms import check
from engine.model import nodes
from engine.model.text import LOCALES
from engine.simulation import scenario as scenarios
from engine.simulation.play import play
from tests.processes import shipped

Schema = dict[str, Any]
WRONG_KIND: dict[str, list[Any]] = {
    "string": [5, True, ["x"], {"a": 1}],
    "number": ["5", True, [5], {}],
    "integer": ["5", 1.5, False, []],
    "boolean": ["true", 1, [], {}],
    "array": ["a", 1, {"0": "a"}],
    "object": ["a", 1, ["a"]],
}
HOSTILE = ["<script>alert(1)</script>", "x" * 100_000, "\u202e", "'; DROP TABLE customer; --", "{{7*7}}"]


def kinds(part: Schema) -> list[str]:
    told = part.get("type", [])
    return [told] if isinstance(told, str) else list(told)


def wrong_values(part: Schema) -> Iterator[Any]:
    """Values that break one keyword of the field."""
    told = kinds(part)
    if len(told) == 1 and "$ref" not in part:
        yield from WRONG_KIND[told[0]]
    if "enum" in part:
        yield "none of these"
    if "minimum" in part:
        yield part["minimum"] - 1
    if "maximum" in part:
        yield part["maximum"] + 1
    if "maxLength" in part:
        yield "x" * (part["maxLength"] + 1)
    if "maxItems" in part:
        yield [0] * (part["maxItems"] + 1)
    if part.get("format") == "date":
        yield from ("2026-02-30", "soon", "")


def fields(key: str) -> Iterator[tuple[Schema, str, Schema]]:
    """Of every form of a process: the form, the field's name, the field."""
    for schema in shipped.base(key).forms.values():
        for field, part in schema.get("properties", {}).items():
            yield schema, field, part


@pytest.mark.parametrize("key", shipped.KEYS)
def test_a_wrong_value_is_named_at_its_field_in_both_languages(key: str) -> None:
    for schema, field, part in fields(key):
        for value in wrong_values(part):
            problems = [one for one in check.check(schema, {field: value}) if one.pointer.startswith(f"/{field}")]
            assert problems, (field, value)
            for problem in problems:
                assert set(problem.text) == set(LOCALES) and all(problem.text.values()), (field, value)


@pytest.mark.parametrize("key", shipped.KEYS)
def test_what_a_form_asks_for_is_missed(key: str) -> None:
    for name, schema in shipped.base(key).forms.items():
        missed = {problem.pointer for problem in check.check(schema, {})}
        assert {f"/{field}" for field in schema.get("required", [])} <= missed, name


@pytest.mark.parametrize("key", shipped.KEYS)
def test_a_field_that_the_form_does_not_have_is_refused(key: str) -> None:
    for name, schema in shipped.base(key).forms.items():
        for stranger in ("approved_by", "__class__", "客户密码"):
            assert f"/{stranger}" in {problem.pointer for problem in check.check(schema, {stranger: 1})}, name


@pytest.mark.parametrize("key", shipped.KEYS)
def test_hostile_texts_are_only_texts(key: str) -> None:
    for schema, field, part in fields(key):
        for value in HOSTILE:
            problems = [one for one in check.check(schema, {field: value}) if one.pointer == f"/{field}"]
            longest = part.get("maxLength")
            if kinds(part) == ["string"] and longest and len(value) > longest:
                assert problems, field
            assert all(len(text) < 1000 for problem in problems for text in problem.text.values()), field


@pytest.mark.parametrize("key", shipped.KEYS)
def test_more_than_a_form_can_hold_is_refused(key: str) -> None:
    for schema in shipped.base(key).forms.values():
        with pytest.raises(errors.TooLarge):
            check.check(schema, {"x": "y" * 2_000_000})


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_form_has_its_title_and_each_choice_its_words(key: str) -> None:
    for name, schema in shipped.base(key).forms.items():
        assert all(schema.get("x-title", {}).get(locale) for locale in LOCALES), name
    for _, field, part in fields(key):
        assert all(part.get("x-title", {}).get(locale, "") for locale in LOCALES), field
        if "enum" in part:
            assert {str(one) for one in part["enum"]} <= {*part.get("x-labels", {})}, field


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_form_is_used_and_every_step_has_one_that_is_there(key: str) -> None:
    program, definition = shipped.base(key), shipped.folder(key).definition
    assert definition is not None
    tasks = {node.id: node.form for node in program.nodes if isinstance(node, nodes.UserTask)}
    assert [task for task, name in tasks.items() if name not in program.forms] == []
    composed = [shipped.program(key, variant["group"]) for variant in shipped.folder(key).variants.values()]
    used = {node.form for one in [program, *composed] for node in one.nodes if isinstance(node, nodes.UserTask)}
    assert set(program.forms) - used - {definition.start.form} == set()


SCENARIOS = shipped.files("scenarios")


@pytest.mark.parametrize("pair", SCENARIOS, ids=shipped.named)
def test_a_scenario_played_twice_is_the_same_history(pair: tuple[str, Any]) -> None:
    told = scenarios.decode(pair[1].read_bytes())
    program = shipped.program(pair[0], told.group)
    one, other = (play(program, evaluator=shipped.EVALUATOR, answers=told) for _ in range(2))
    assert [(moment.at, moment.fact) for moment in one.history] == [
        (moment.at, moment.fact) for moment in other.history
    ]


@pytest.mark.parametrize("pair", SCENARIOS, ids=shipped.named)
def test_a_history_begins_with_a_start_ends_with_an_end_and_goes_forward(pair: tuple[str, Any]) -> None:
    told = scenarios.decode(pair[1].read_bytes())
    played = play(shipped.program(pair[0], told.group), evaluator=shipped.EVALUATOR, answers=told)
    names = [type(fact).__name__ for fact in played.facts]
    assert "InstanceStarted" in names[:2]
    assert names.count("InstanceStarted") == 1 and names.count("InstanceEnded") <= 1
    moments = [moment.at for moment in played.history]
    assert moments == sorted(moments)
    assert names.count("IncidentRaised") == 0
