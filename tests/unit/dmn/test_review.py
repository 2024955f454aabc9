"""The report on all tables of a model."""

from engine import dmn
from engine.dmn import review
from tests.unit.dmn.documents import decision, document, input_data, knowledge, read, table

TYPED = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A","B"</text></allowedValues>'
    "</itemDefinition>"
)


def test_types_of_inputs_are_taken_into_account() -> None:
    body = table(["grade"], [['"A"', "1"], ['"B"', "2"]])
    model = read(TYPED + input_data("grade", "tGrade") + decision("d", body, needs=["in:grade"]))
    (reviewed,) = review.review(model.library)
    assert (reviewed.name, reviewed.analysis.findings) == ("d", ())


def test_tables_within_contexts_and_functions_are_found() -> None:
    body = table(["x"], [["1", "1"]])
    context = f"<context><contextEntry><variable name='part'/>{body}</contextEntry></context>"
    model = read(input_data("x") + decision("d", context, needs=["in:x"]) + knowledge("f", body, parameters={"x": ""}))
    assert [reviewed.name for reviewed in review.review(model.library)] == ["f", "d.part"]


def test_findings_are_problems_with_the_place_of_the_later_rule() -> None:
    body = table(["x"], [["< 5", "1"], ["< 3", "2"]]).replace("<rule>", '\n<rule id="later">')
    body = body.replace('<rule id="later">', '<rule id="first">', 1)
    model = dmn.read(document(input_data("x", "number") + decision("d", body, needs=["in:x"])), file="m.dmn")
    found = review.problems(model.library)
    assert [(p.code, p.severity, p.element, p.line) for p in found] == [
        ("table_overlap", "error", "later", 3),
        ("table_gap", "warning", "", 1),
    ]
    assert all(p.file == "m.dmn" and p.text["zh-CN"] for p in found)


def test_advice_for_an_upload_warns_of_overlaps_and_useless_rules_but_not_of_gaps() -> None:
    overlapping = table(["x"], [["< 5", "1"], ["< 3", "2"]])
    useless = table(["x"], [["-", "1"], ["3", "2"]], policy="FIRST")
    needs = ["in:x"]
    body = input_data("x", "number") + decision("a", overlapping, needs=needs) + decision("b", useless, needs=needs)
    found = review.advice(read(body).library)
    assert [(p.code, p.severity, p.name) for p in found] == [
        ("table_overlap", "warning", "a"),
        ("table_never", "warning", "b"),
    ]
