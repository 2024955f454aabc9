"""Files that mean harm, or are merely broken: refused or read, in bounded time, never a crash."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn, errors
from engine.feel.run import Budget
from tests import shared
from tests.unit.dmn.documents import decision, document, input_data, knowledge, literal, read, table

SAMPLES = [
    path.read_bytes()
    for path in [*sorted(shared.data("dmn").glob("*.dmn")), *sorted(shared.data("dmn-tck").rglob("*.dmn"))]
    if path.stat().st_size < 20_000
]


def survive(data: bytes) -> None:
    """Read it and evaluate everything in it: only the house's own errors may come."""
    try:
        model = dmn.read(data)
    except errors.CrmflowError:
        return
    for unit in model.library.units[:20]:
        if unit.kind != "input":
            try:
                outcome = dmn.evaluate(model, unit.element.id or unit.name, {"x": 1}, budget=Budget(steps=20_000))
                assert outcome.explanation is not None
            except errors.CrmflowError:
                continue


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_files_are_read_or_refused(data: bytes, draw: st.DataObject) -> None:
    text = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 5))):
        at = draw.draw(st.integers(0, len(text) - 1))
        end = min(len(text), at + draw.draw(st.integers(0, 60)))
        other = draw.draw(st.integers(0, len(data) - 1))
        text[at:end] = draw.draw(st.sampled_from([b"", b"<", b'"', b"&amp;", data[other : other + 80]]))
        if not text:
            break
    survive(bytes(text))


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=30).filter(lambda text: text.isprintable()),
    st.text(max_size=30).filter(lambda text: text.isprintable()),
)
def test_any_text_in_a_cell_is_compiled_or_refused(cell: str, result: str) -> None:
    body = table(["x"], [[cell, result]], allowed={"x": cell, "out": result}, defaults={"out": result})
    survive(document(input_data("x") + decision("d", body, needs=["in:x"])))


def test_a_long_chain_of_decisions_is_no_deep_recursion() -> None:
    chain = decision("d0", literal("1"))
    chain += "".join(decision(f"d{i}", literal(f"d{i - 1} + 1"), needs=[f"d{i - 1}"]) for i in range(1, 3000))
    began = time.process_time()
    assert dmn.evaluate(read(chain), "d2999", {}).value == 3000
    assert time.process_time() - began < 10


def test_a_large_circle_is_found_in_time() -> None:
    size = 2000
    ring = "".join(decision(f"d{i}", literal("1"), needs=[f"d{(i + 1) % size}"]) for i in range(size))
    began = time.process_time()
    model = dmn.read(document(ring))
    assert [problem.code for problem in model.problems] == ["requirement_circle"]
    assert time.process_time() - began < 10


def test_types_in_a_circle_neither_hang_nor_crash() -> None:
    types = (
        '<itemDefinition name="a"><typeRef>b</typeRef><allowedValues><text>1</text></allowedValues></itemDefinition>'
    )
    types += '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
    types += '<itemDefinition name="c" isCollection="true"><typeRef>c</typeRef></itemDefinition>'
    for name in ("a", "b", "c"):
        survive(document(types + input_data("x", name) + decision("d", literal("x"), needs=["in:x"])))


def test_a_type_may_contain_itself() -> None:
    tree = '<itemDefinition name="tNode"><itemComponent name="value"><typeRef>number</typeRef></itemComponent>'
    tree += (
        '<itemComponent name="children" isCollection="true"><typeRef>tNode</typeRef></itemComponent></itemDefinition>'
    )
    model = read(tree + input_data("x", "tNode") + decision("d", literal("x.children[1].value"), needs=["in:x"]))
    leaf = {"value": 2, "children": []}
    assert dmn.evaluate(model, "d", {"x": {"value": 1, "children": [leaf]}}).value == 2


def test_services_that_call_themselves_are_stopped() -> None:
    service = '<decisionService id="s" name="s"><outputDecision href="#id_d"/></decisionService>'
    model = dmn.read(document(service + decision("d", literal("s()"), knows=["#s"])))
    with pytest.raises(errors.Invalid):
        dmn.evaluate(model, "d", {})


def test_work_is_bounded_by_the_budget() -> None:
    model = read(
        knowledge("f", literal("for i in 1..1000, j in 1..1000 return i * j"))
        + decision("d", literal("f()"), knows=["f"])
    )
    with pytest.raises(errors.Invalid) as stopped:
        dmn.evaluate(model, "d", {}, budget=Budget(steps=10_000))
    assert stopped.value.code == "expression_budget"


def test_a_deeply_nested_context_is_refused_or_evaluated() -> None:
    depth = 35
    boxed = literal("1")
    for _ in range(depth):
        boxed = f"<context><contextEntry><variable name='a'/>{boxed}</contextEntry></context>"
    survive(document(decision("d", boxed)))


@pytest.mark.parametrize("value", [object(), {1: 2}, {"a": {3}}, Path("x")])
def test_foreign_python_values_are_refused(value: object) -> None:
    model = read(input_data("x") + decision("d", literal("x"), needs=["in:x"]))
    with pytest.raises(errors.Invalid):
        dmn.evaluate(model, "d", {"x": value})
