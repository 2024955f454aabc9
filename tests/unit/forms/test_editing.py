"""A form made field by field: what is not touched stays as it was written, what is touched is what the pages read."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import errors
from engine.forms import check, editing, layout, review, settings
from engine.forms.settings import Option, Settings
from tests.shared import ROOT

SHIPPED = sorted((ROOT / "processes").glob("*/forms/*.json"))
SMALL: dict[str, Any] = {
    "type": "object",
    "x-ui": {
        "sections": [{"key": "offer", "x-title": {"zh-CN": "报价", "en": "Offer"}}, {"key": "end", "title": "End"}]
    },
    "properties": {
        "loose": {"type": "string", "x-note": "ours", "x-ui": {"order": 1}},
        "total": {"type": "number", "x-ui": {"order": 2, "section": "offer", "money": "CNY"}},
        "lines": {
            "type": "array",
            "x-ui": {"order": 3, "section": "offer"},
            "items": {"type": "object", "properties": {"sku": {"type": "string"}, "n": {"type": "integer"}}},
        },
        "outcome": {"type": "string", "enum": ["yes", "no"], "x-ui": {"order": 4, "section": "end"}},
        "proof": {"type": "string", "format": "attachment", "x-ui": {"order": 9, "section": "end"}},
        "why": {"type": "string", "x-ui": {"order": 5, "when": {"field": "outcome", "in": ["no"]}}},
    },
    "required": ["outcome"],
    "allOf": [
        {"if": {"properties": {"outcome": {"const": "no"}}, "required": ["outcome"]}, "then": {"required": ["why"]}}
    ],
}


def names(schema: dict[str, Any]) -> dict[str, list[str]]:
    return {part.key: [line.path[0] for line in part.lines] for part in editing.outline(schema)}


def change(schema: dict[str, Any], path: tuple[str, ...], *, key: str = "", **more: Any) -> dict[str, Any]:
    line = editing.find(schema, path)
    required = more.pop("required", line.required)
    wanted = msgspec.structs.replace(line.settings, **more)
    return editing.put(schema, path, wanted, key=key or path[-1], required=required)[0]


def test_the_sample_is_a_form() -> None:
    assert review.problems(SMALL) and all(one.severity == "warning" for one in review.problems(SMALL))


@pytest.mark.parametrize("pillar", ["MA", "SFA", "CSS", "X"])
def test_nothing_changed_is_the_same_schema(pillar: str) -> None:
    """All shipped forms: reading a field and laying it back leaves it as it was written, and none is found wrong."""
    found = [path for path in SHIPPED if path.parent.parent.name.startswith(pillar + "-")]
    assert found
    for file in found:
        schema = json.loads(file.read_bytes())
        for line in editing.every(schema):
            same, path = editing.put(schema, line.path, line.settings, key=line.path[-1], required=line.required)
            assert same == schema and path == line.path, f"{file}: {line.path}"
            assert review.faults(schema, line.path, line.settings, line.path[-1]) == {}, f"{file}: {line.path}"
        assert [one for one in review.problems(schema) if one.severity == "error"] == [], str(file)


def test_the_outline_has_sections_in_order_and_rows_inside() -> None:
    assert names(SMALL) == {"": ["loose", "why"], "offer": ["total", "lines"], "end": ["outcome", "proof"]}
    lines = editing.find(SMALL, ("lines",))
    assert [one.path for one in lines.inner] == [("lines", "sku"), ("lines", "n")]
    assert [part.zh for part in editing.outline(SMALL)] == ["", "报价", ""]


@pytest.mark.parametrize("kind", settings.KINDS)
def test_each_kind_is_drawn_as_what_was_chosen(kind: str) -> None:
    made, path = editing.add(SMALL, kind, section="offer")
    assert editing.find(made, path).settings.kind == kind
    assert check.vet(made) == [] and names(made)["offer"][-1] == path[0]
    other = change(SMALL, ("total",), kind=kind, zh="总价", en="Total")
    assert editing.find(other, ("total",)).settings.kind == kind and check.vet(other) == []
    assert names(other)["offer"][0] == "total", "its place stays"


@pytest.mark.parametrize("kind", settings.KINDS)
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_set_is_what_is_read(kind: str, read_only: bool) -> None:
    made, path = editing.add(SMALL, kind)
    options = (Option(value="a", zh="甲", en="A"), Option(value="b"))
    wanted = Settings(
        kind=kind,
        zh="标签",
        en="Label",
        help_zh="说明",
        help_en="Help",
        section="end",
        read_only=read_only,
        whole=kind == "minutes",
        least="1",
        most="9",
        options=options if kind in settings.CHOICES else (),
        money="EUR" if kind == "money" else "",
        unit_zh="个",
        unit_en="pieces",
        group="sales",
        endings=("pdf",) if kind in ("file", "files") else (),
        largest_mb="2.5" if kind in ("file", "files") else "",
        when_field="outcome",
        when_values=("no", "true"),
        steps={"Step_1": "read"},
    )
    assert editing.find(editing.put(made, path, wanted, key=path[-1], required=False)[0], path).settings == wanted


def test_words_that_no_setting_knows_stay() -> None:
    made = change(SMALL, ("loose",), zh="随便", most="20")
    assert made["properties"]["loose"]["x-note"] == "ours" and made["properties"]["loose"]["maxLength"] == 20
    assert SMALL["properties"]["loose"] == {"type": "string", "x-note": "ours", "x-ui": {"order": 1}}, "its own copy"


def test_a_choice_of_many_keeps_its_values_and_labels() -> None:
    made, path = editing.add(SMALL, "multi-select")
    options = (Option(value="a", zh="甲"), Option(value="b", en="B"))
    made = change(made, path, options=options)
    assert made["properties"]["multi_select"]["items"]["enum"] == ["a", "b"]
    assert check.check(made, {"outcome": "yes", "multi_select": ["a"]}) == []
    assert check.check(made, {"outcome": "yes", "multi_select": ["c"]})
    assert editing.find(made, path).settings.options == options


def test_a_tick_is_compared_as_a_tick() -> None:
    made, path = editing.add(SMALL, "checkbox")
    made = change(made, ("loose",), when_field=path[-1], when_values=("true",))
    assert layout.applies(made["properties"]["loose"], {"checkbox": True})
    assert not layout.applies(made["properties"]["loose"], {"checkbox": False})


def test_what_is_shown_sometimes_is_asked_for_only_then() -> None:
    assert editing.find(SMALL, ("why",)).required, "by its condition, whether const or enum"
    never = change(SMALL, ("why",), required=False)
    assert "allOf" not in never and check.check(never, {"outcome": "no"}) == []
    again = change(never, ("why",), required=True)
    assert check.check(again, {"outcome": "no"}) and check.check(again, {"outcome": "yes"}) == []
    always = change(again, ("why",), when_field="", when_values=())
    assert always["required"] == ["outcome", "why"] and "allOf" not in always
    moved = change(again, ("why",), when_values=("yes",))
    assert check.check(moved, {"outcome": "yes"}) and check.check(moved, {"outcome": "no"}) == []


def test_a_new_name_is_followed_everywhere() -> None:
    made = change(SMALL, ("outcome",), key="verdict")
    assert made["properties"]["why"]["x-ui"]["when"]["field"] == "verdict" and made["required"] == ["verdict"]
    assert check.check(made, {"verdict": "no"}) and check.check(made, {"verdict": "yes"}) == []
    assert list(made["properties"]) == ["loose", "total", "lines", "verdict", "proof", "why"]
    inner = change(SMALL, ("lines", "sku"), key="article")
    assert list(inner["properties"]["lines"]["items"]["properties"]) == ["article", "n"]


@pytest.mark.parametrize("key", ["total", "9x", "", "a-b", "名", "a b", "x" * 65])
def test_a_name_that_is_none_or_taken_is_not_laid_and_told(key: str) -> None:
    line = editing.find(SMALL, ("loose",))
    made, path = editing.put(SMALL, ("loose",), line.settings, key=key, required=False)
    assert made == SMALL and path == ("loose",)
    told = review.faults(SMALL, ("loose",), line.settings, key)
    assert set(told) == {"key"} and set(told["key"]) == {"zh-CN", "en"}


FAULTS = [
    ("total", {"least": "many"}, {"least"}),
    ("total", {"most": "1e99"}, {"most"}),
    ("total", {"least": "5", "most": "4.5"}, {"most"}),
    ("loose", {"most": "2.5"}, {"most"}),
    ("loose", {"least": "-1"}, {"least"}),
    ("lines", {"most": "x"}, {"most"}),
    ("outcome", {"options": (Option(value="a"), Option(value="a"))}, {"options"}),
    ("outcome", {"options": tuple(Option(value=str(n)) for n in range(201))}, {"options"}),
    ("proof", {"largest_mb": "0"}, {"largest_mb"}),
    ("proof", {"largest_mb": "big", "endings": ("PDF",)}, {"largest_mb", "endings"}),
    ("why", {"when_field": "nobody"}, {"when"}),
    ("why", {"when_field": "why"}, {"when"}),
    ("why", {"when_values": ()}, {"when"}),
]


@pytest.mark.parametrize(("name", "typed", "places"), FAULTS)
def test_what_cannot_be_laid_is_named_by_its_box(name: str, typed: dict[str, Any], places: set[str]) -> None:
    wanted = msgspec.structs.replace(editing.find(SMALL, (name,)).settings, **typed)
    assert set(review.faults(SMALL, (name,), wanted, name)) == places
    assert check.vet(editing.put(SMALL, (name,), wanted, key=name, required=False)[0]) == []


MOVES = [
    ("total", 1, {"": ["loose", "why"], "offer": ["lines", "total"], "end": ["outcome", "proof"]}),
    ("lines", 1, {"": ["loose", "why"], "offer": ["total"], "end": ["lines", "outcome", "proof"]}),
    ("outcome", -1, {"": ["loose", "why"], "offer": ["total", "lines", "outcome"], "end": ["proof"]}),
    ("total", -1, {"": ["loose", "why", "total"], "offer": ["lines"], "end": ["outcome", "proof"]}),
    ("loose", -1, {"": ["loose", "why"], "offer": ["total", "lines"], "end": ["outcome", "proof"]}),
    ("outcome", 1, {"": ["loose", "why"], "offer": ["total", "lines"], "end": ["proof", "outcome"]}),
    ("proof", 1, {"": ["loose", "why"], "offer": ["total", "lines"], "end": ["outcome", "proof"]}),
]


@pytest.mark.parametrize(("name", "by", "after"), MOVES)
def test_a_field_moves_within_its_section_and_over_its_edge(name: str, by: int, after: dict[str, list[str]]) -> None:
    made = editing.move(SMALL, (name,), by)
    assert names(made) == after and check.vet(made) == []


def test_columns_move_among_themselves() -> None:
    made = editing.move(SMALL, ("lines", "n"), -1)
    assert [one.path[-1] for one in editing.find(made, ("lines",)).inner] == ["n", "sku"]
    assert editing.move(made, ("lines", "n"), -1) == made


def test_sections_come_move_and_go_and_lose_no_field() -> None:
    made, key = editing.add_section(SMALL)
    made = editing.put_section(made, key, zh="其他", en="Other")
    assert [part.key for part in editing.outline(made)] == ["", "offer", "end", key]
    assert editing.outline(made)[-1].zh == "其他"
    first = editing.move_section(made, "end", -1)
    assert [part.key for part in editing.outline(first)] == ["", "end", "offer", key]
    assert editing.move_section(first, "end", -1) == first
    gone = editing.drop_section(SMALL, "offer")
    assert names(gone) == {"": ["loose", "total", "lines", "why"], "end": ["outcome", "proof"]}
    assert review.problems(gone) and check.vet(gone) == []


def test_columns_come_and_go() -> None:
    made, path = editing.add(SMALL, "date", inside=("lines",))
    assert path == ("lines", "date") and editing.find(made, path).settings.kind == "date"
    assert editing.find(editing.drop(made, path), ("lines",)) == editing.find(SMALL, ("lines",))
    gone = editing.drop(SMALL, ("why",))
    assert "allOf" not in gone and check.check(gone, {"outcome": "no"}) == []
    assert editing.drop(SMALL, ("outcome",))["required"] == []


@pytest.mark.parametrize("path", [("nobody",), ("loose", "x"), ("lines", "x"), ()])
def test_a_place_that_is_none(path: tuple[str, ...]) -> None:
    for deed in (
        lambda: editing.find(SMALL, path),
        lambda: editing.drop(SMALL, path),
        lambda: editing.move(SMALL, path, 1),
    ):
        with pytest.raises(errors.NotFound):
            deed()


@pytest.mark.parametrize(("kind", "inside"), [("dance", ()), ("text", ("a",) * 4)])
def test_what_cannot_be_added(kind: str, inside: tuple[str, ...]) -> None:
    with pytest.raises(errors.Invalid):
        editing.add(SMALL, kind, inside=inside)
    with pytest.raises(errors.NotFound):
        editing.add(SMALL, "text", inside=("loose",))


def test_what_stands_elsewhere_is_moved_and_not_written() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/word"}, "b": True, "c": {"type": "string"}},
        "$defs": {"word": {"type": "string", "maxLength": 3, "x-title": {"zh-CN": "词", "en": "Word"}}},
    }
    line = editing.find(schema, ("a",))
    assert line.elsewhere and line.settings.zh == "词" and editing.find(schema, ("b",)).elsewhere
    made, _ = editing.put(schema, ("a",), Settings(kind="number"), key="a", required=True)
    assert made["properties"] == schema["properties"] and made["required"] == ["a"]
    moved = editing.move(schema, ("c",), -1)
    assert check.vet(moved) == [] and moved["$defs"] == schema["$defs"]
    assert check.check(moved, {"a": "long"})


REVIEWS = [
    ({"x": {"type": "string", "enum": []}}, "field_without_choices", ("x",)),
    ({"x": {"type": "number", "minimum": 5, "maximum": 1}}, "field_limits_crossed", ("x",)),
    ({"x": {"type": "string", "x-ui": {"when": {"field": "y", "in": []}}}}, "field_condition_unknown", ("x",)),
    ({"x": {"type": "string", "x-ui": {"section": "s"}}}, "section_unknown", ("x",)),
    ({"x": {"type": "array", "items": {"type": "object"}}}, "rows_without_columns", ("x",)),
    ({"x": {"type": "string", "title": "X"}}, "field_words_missing", ("x",)),
    (
        {"x": {"type": "array", "items": {"type": "object", "properties": {"a/b": {"enum": []}}}}},
        "field_without_choices",
        ("x", "a/b"),
    ),
    ({"x": {"type": "dance"}}, "schema_invalid", ("x",)),
    ({"x": {"x-ui": {"order": "first"}}}, "hint_invalid", ("x",)),
    ({"default": {"x-ui": {"order": "first"}}}, "hint_invalid", ("default",)),
]


@pytest.mark.parametrize(("properties", "code", "path"), REVIEWS)
def test_what_is_wrong_is_told_at_its_field(properties: dict[str, Any], code: str, path: tuple[str, ...]) -> None:
    schema = {"type": "object", "properties": properties}
    found = {one.code: one for one in review.problems(schema)}
    assert code in found and review.path(schema, found[code].pointer) == path
    assert set(found[code].text) == {"zh-CN", "en"}


def test_an_empty_form_is_one() -> None:
    made = editing.empty("新表单", "New form")
    assert check.vet(made) == [] and editing.every(made) == []
    assert names(editing.add(made, "text")[0]) == {"": ["text"]}


def test_a_form_has_a_largest_number_of_fields() -> None:
    many = {"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(editing.MOST_FIELDS)}}
    with pytest.raises(errors.Invalid, match="more than 300 fields"):
        editing.add(many, "text")


def test_shipped_forms_are_there() -> None:
    assert len(SHIPPED) > 200 and all(isinstance(one, Path) for one in SHIPPED)
