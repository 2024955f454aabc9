"""Reading: every version of the standard, files of modellers, and files that mean harm."""

import pytest

from engine import errors
from engine.dmn import document as documents
from engine.dmn import xml
from engine.dmn.model import (
    Conditional,
    Context,
    Definitions,
    Filter,
    For,
    Function,
    Invocation,
    Listing,
    Literal,
    Quantified,
    Reference,
    Relation,
    Table,
)
from engine.model.problem import Problem

DMN15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def document(body: str, *, namespace: str = DMN15, attributes: str = "") -> bytes:
    return f'<definitions xmlns="{namespace}" name="m" namespace="urn:m" {attributes}>{body}</definitions>'.encode()


def reading(body: str, *, namespace: str = DMN15, attributes: str = "") -> tuple[Definitions, list[Problem]]:
    return documents.definitions(document(body, namespace=namespace, attributes=attributes), file="m.dmn")


def clean(body: str, *, namespace: str = DMN15, attributes: str = "") -> Definitions:
    found, problems = reading(body, namespace=namespace, attributes=attributes)
    assert problems == []
    return found


def decision(boxed: str) -> str:
    return f'<decision id="d" name="D">{boxed}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20130901",
        "http://www.omg.org/spec/DMN/20151101",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        DMN15,
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    ],
)
def test_every_version_is_read_alike(namespace: str) -> None:
    found = clean(decision(literal("1")), namespace=namespace)
    assert [(d.id, d.name) for d in found.decisions] == [("d", "D")]


def test_a_decision_keeps_its_requirements_in_the_order_drawn() -> None:
    requirements = (
        '<informationRequirement><requiredDecision href="#b"/></informationRequirement>'
        '<informationRequirement><requiredInput href="urn:other#a"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
    )
    found = clean(decision(requirements + literal("1"))).decisions[0]
    assert [(r.namespace, r.id) for r in found.requires] == [("", "b"), ("urn:other", "a")]
    assert found.knows == (Reference("k", "", 1),)


def test_a_missing_name_falls_back_to_the_id_with_a_warning() -> None:
    found, problems = reading('<decision id="d_1"/>')
    assert found.decisions[0].name == "d_1"
    assert [(p.code, p.severity, p.element, p.line) for p in problems] == [("name_missing", "warning", "d_1", 1)]


def test_a_table_is_read_whole() -> None:
    table = """<decisionTable hitPolicy="COLLECT" aggregation="SUM" outputLabel="Fee">
      <input id="i" label="Age"><inputExpression typeRef="number"><text>age</text></inputExpression>
        <inputValues><text>[0..150]</text></inputValues></input>
      <output name="fee" typeRef="number"><outputValues><text>1,2</text></outputValues>
        <defaultOutputEntry><text>2</text></defaultOutputEntry></output>
      <annotation name="why"/>
      <rule id="r1"><description>young</description><inputEntry><text>&lt; 18</text></inputEntry>
        <outputEntry><text>1</text></outputEntry><annotationEntry><text>law</text></annotationEntry></rule>
    </decisionTable>"""
    body = clean(decision(table)).decisions[0].body
    assert isinstance(body, Table)
    assert (body.hit_policy, body.aggregation, body.output_label) == ("COLLECT", "SUM", "Fee")
    assert (body.inputs[0].label, body.inputs[0].expression.text, body.inputs[0].expression.type_ref) == (
        "Age",
        "age",
        "number",
    )
    assert body.inputs[0].allowed is not None
    assert body.outputs[0].default is not None
    assert (body.annotations, body.rules[0].annotations, body.rules[0].description) == (("why",), ("law",), "young")
    assert (body.rules[0].id, body.rules[0].line, body.rules[0].inputs[0].text) == ("r1", 7, "< 18")


def test_a_rule_of_another_width_is_a_problem_with_its_line() -> None:
    _, problems = reading(
        decision(
            '<decisionTable><output/>\n<rule id="r"><inputEntry><text>1</text></inputEntry></rule></decisionTable>'
        )
    )
    assert [(p.code, p.line, p.element) for p in problems] == [("rule_of_other_width", 2, "r")]
    assert problems[0].text["zh-CN"]


def test_all_problems_come_at_once() -> None:
    _, problems = reading(
        '<decision/><decision id="d" name="a"><decisionTable hitPolicy="MAYBE" aggregation="AVG"/></decision>'
        '<decision id="d" name="b"/><itemDefinition name="t"/><itemDefinition name="t"/>'
    )
    assert sorted(p.code for p in problems) == [
        "id_twice",
        "name_missing",
        "table_without_output",
        "type_twice",
        "unknown_aggregation",
        "unknown_hit_policy",
    ]


@pytest.mark.parametrize(
    ("boxed", "kind"),
    [
        (literal("1"), Literal),
        (f"<context><contextEntry><variable name='a'/>{literal('1')}</contextEntry></context>", Context),
        (f"<invocation>{literal('f')}<binding><parameter name='x'/>{literal('1')}</binding></invocation>", Invocation),
        (f"<list>{literal('1')}{literal('2')}</list>", Listing),
        (f"<relation><column name='a'/><row>{literal('1')}</row></relation>", Relation),
        (f"<functionDefinition><formalParameter name='x'/>{literal('x')}</functionDefinition>", Function),
        (
            f"<conditional><if>{literal('a')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
            Conditional,
        ),
        (f"<filter><in>{literal('[1]')}</in><match>{literal('true')}</match></filter>", Filter),
        (f"<for iteratorVariable='i'><in>{literal('[1]')}</in><return>{literal('i')}</return></for>", For),
        (
            f"<some iteratorVariable='i'><in>{literal('[1]')}</in><satisfies>{literal('true')}</satisfies></some>",
            Quantified,
        ),
        (
            f"<every iteratorVariable='i'><in>{literal('[1]')}</in><satisfies>{literal('true')}</satisfies></every>",
            Quantified,
        ),
    ],
)
def test_every_boxed_expression_is_read(boxed: str, kind: type) -> None:
    assert isinstance(clean(decision(boxed)).decisions[0].body, kind)


def test_item_definitions_keep_collections_components_functions_and_constraints() -> None:
    found = clean(
        '<itemDefinition name="t" isCollection="true"><typeRef>string</typeRef>'
        '<allowedValues><text>"a"</text></allowedValues><typeConstraint><text>count(?) &lt; 3</text></typeConstraint>'
        "</itemDefinition>"
        '<itemDefinition name="p"><itemComponent name="x"><typeRef>t</typeRef></itemComponent></itemDefinition>'
        '<itemDefinition name="f"><functionItem outputTypeRef="string"><parameters name="n" typeRef="number"/>'
        "</functionItem></itemDefinition>"
    )
    collection, record, function = found.types
    assert (collection.is_collection, collection.type_ref) == (True, "string")
    assert collection.allowed is not None and collection.constraint is not None
    assert [c.name for c in record.components] == ["x"]
    assert function.function is not None and function.function.result == "string"


def test_an_element_of_a_vendor_with_a_known_name_is_not_ours() -> None:
    found = clean('<x:decision xmlns:x="urn:vendor" id="v" name="V"/>' + decision(literal("1")))
    assert [d.id for d in found.decisions] == ["d"]


@pytest.mark.parametrize(
    ("attributes", "language"),
    [
        ("", "feel"),
        ('xmlns:camunda="http://camunda.org/schema/1.0/dmn"', "camunda"),
        ('xmlns:m="http://camunda.org/schema/modeler/1.0" m:executionPlatform="Camunda Platform"', "camunda"),
        ('xmlns:m="http://camunda.org/schema/modeler/1.0" m:executionPlatform="Camunda Cloud"', "feel"),
        ('expressionLanguage="http://www.omg.org/spec/DMN/20180521/FEEL/"', "feel"),
        ('xmlns:camunda="http://camunda.org/schema/1.0/dmn" expressionLanguage="juel"', "juel"),
    ],
)
def test_camunda_7_means_juel_where_no_language_is_named(attributes: str, language: str) -> None:
    body = clean(decision(literal("1")), attributes=attributes).decisions[0].body
    assert isinstance(body, Literal)
    assert body.language == language


@pytest.mark.parametrize(
    ("written", "language"),
    [("Javascript", "javascript"), ("http://groovy.codehaus.org/", "groovy"), ("feel", "feel"), ("Prolog", "Prolog")],
)
def test_a_named_language_is_kept(written: str, language: str) -> None:
    boxed = f'<literalExpression expressionLanguage="{written}"><text>1</text></literalExpression>'
    body = clean(decision(boxed)).decisions[0].body
    assert isinstance(body, Literal)
    assert body.language == language


def test_a_dtd_is_refused() -> None:
    data = b'<!DOCTYPE definitions [<!ENTITY a "b">]><definitions xmlns="' + DMN15.encode() + b'" name="&a;"/>'
    with pytest.raises(errors.Invalid) as refused:
        documents.definitions(data, file="m.dmn")
    assert refused.value.code == "xml_with_dtd"
    assert refused.value.problems[0].file == "m.dmn"


def test_a_billion_laughs_are_refused() -> None:
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    data = f'<!DOCTYPE d [<!ENTITY a0 "ha">{entities}]><definitions xmlns="{DMN15}" name="&a11;"/>'.encode()
    with pytest.raises(errors.Invalid):
        documents.definitions(data)


def test_what_is_not_xml_is_refused_with_its_line() -> None:
    with pytest.raises(errors.Invalid) as refused:
        documents.definitions(b"<definitions>\n<a></b></definitions>", file="m.dmn")
    assert refused.value.problems[0].line == 2


def test_too_large_files_are_refused() -> None:
    with pytest.raises(errors.TooLarge):
        documents.definitions(b" " * (xml.MAX_BYTES + 1))


def test_too_deep_files_are_refused() -> None:
    depth = xml.MAX_DEPTH + 5
    with pytest.raises(errors.TooLarge):
        documents.definitions(document("<a>" * depth + "</a>" * depth))


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(errors.TooLarge):
        documents.definitions(document("<a/>" * (xml.MAX_ELEMENTS + 1)))


def test_another_root_is_not_dmn() -> None:
    _, problems = documents.definitions(b"<html/>", file="x.dmn")
    assert [p.code for p in problems] == ["not_dmn"]
