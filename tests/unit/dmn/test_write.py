"""Writing: what is written is read back as the same values."""

from typing import Any

import msgspec
import pytest

from engine import errors
from engine.dmn import document, write
from engine.dmn.model import (
    Context,
    Decision,
    Definitions,
    Import,
    InputClause,
    InputData,
    ItemDefinition,
    Literal,
    OutputClause,
    Reference,
    Rule,
    Table,
    UnaryTests,
    Variable,
)

TABLE = Table(
    id="t",
    hit_policy="PRIORITY",
    output_label="Discount",
    inputs=(
        InputClause(
            id="i",
            label="Segment",
            expression=Literal(text="customer.segment", type_ref="string"),
            allowed=UnaryTests(text='"key", "base"'),
        ),
    ),
    outputs=(
        OutputClause(
            id="o",
            name="discount",
            type_ref="number",
            allowed=UnaryTests(text="10, 0"),
            default=Literal(text="0"),
        ),
    ),
    annotations=("why",),
    rules=(
        Rule(
            id="r1",
            inputs=(UnaryTests(text='"key"'),),
            outputs=(Literal(text="10"),),
            annotations=("重点客户 < & >",),
            description="key accounts",
        ),
        Rule(id="r2", inputs=(UnaryTests(text="-"),), outputs=(Literal(text="0", language="juel"),), annotations=("",)),
    ),
)

MODEL = Definitions(
    name="Discounts",
    namespace="urn:d",
    types=(
        ItemDefinition(name="tSegment", type_ref="string", is_collection=True, allowed=UnaryTests(text='"key"')),
        ItemDefinition(name="tCustomer", components=(ItemDefinition(name="segment", type_ref="string"),)),
    ),
    inputs=(InputData(id="c", name="customer", variable=Variable(name="customer", type_ref="tCustomer")),),
    decisions=(
        Decision(
            id="d",
            name="discount",
            question="How much?",
            variable=Variable(name="discount", type_ref="number"),
            requires=(Reference("c"), Reference("e")),
            body=TABLE,
        ),
        Decision(id="e", name="e", variable=Variable(name="e"), body=Literal(text='"x" + "y"')),
    ),
)


def without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_lines(part) for key, part in value.items() if key not in ("line", "file")}
    if isinstance(value, list | tuple):
        return [without_lines(part) for part in value]
    return value


def plain(model: Definitions) -> Any:
    return without_lines(msgspec.to_builtins(model))


def test_what_is_written_reads_back_the_same() -> None:
    again, problems = document.definitions(write.definitions(MODEL))
    assert problems == []
    assert plain(again) == plain(MODEL)


@pytest.mark.parametrize(
    "change",
    [
        {"imports": (Import(name="x", namespace="urn:x"),)},
        {"decisions": (Decision(name="d", variable=Variable(name="d"), body=Context(entries=())),)},
        {"decisions": (Decision(name="d", variable=Variable(name="d"), body=Literal(text="a\x00b")),)},
    ],
)
def test_what_cannot_be_written_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid) as refused:
        write.definitions(msgspec.structs.replace(MODEL, **change))
    assert refused.value.code == "dmn_not_writable"
