"""Definitions become a DMN 1.5 file: decisions that are tables or literal expressions, input data, simple types.

What this cannot write is refused, never dropped. Reading the result gives the same values, lines apart.
"""

from collections.abc import Iterable

from lxml import etree

from engine.dmn import xml
from engine.dmn.model import (
    Decision,
    Definitions,
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
from engine.errors import Invalid

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(model: Definitions) -> bytes:
    """UTF-8 XML with declaration. Raises Invalid for parts that cannot be written: services, functions, imports."""
    if model.knowledge or model.services or model.imports:
        raise _cannot("knowledge models, decision services or imports", "业务知识模型、决策服务或导入", model.name)
    root = etree.Element(f"{{{NAMESPACE}}}definitions", nsmap={None: NAMESPACE})
    _attributes(root, id=model.id, name=model.name, namespace=model.namespace or "urn:crmflow:decisions")
    for type_ in model.types:
        _item(root, "itemDefinition", type_)
    for data in model.inputs:
        _input_data(root, data)
    inputs = {data.id for data in model.inputs}
    for decision in model.decisions:
        _decision(root, decision, inputs)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add(parent: xml.Tree, tag: str, /, **attributes: str) -> xml.Tree:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    _attributes(child, **attributes)
    return child


def _attributes(element: xml.Tree, **attributes: str) -> None:
    for name, value in attributes.items():
        if value:
            element.set(name, value)


def _text(parent: xml.Tree, name: str, text: str) -> None:
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text):
        raise _cannot("a control character", "控制字符", text[:40])
    _add(parent, name).text = text


def _item(parent: xml.Tree, tag: str, type_: ItemDefinition) -> None:
    if type_.function is not None:
        raise _cannot("a function type", "函数类型", type_.name)
    element = _add(parent, tag, id=type_.id, name=type_.name, isCollection="true" if type_.is_collection else "")
    if type_.type_ref:
        _text(element, "typeRef", type_.type_ref)
    _tests(element, "allowedValues", type_.allowed)
    _tests(element, "typeConstraint", type_.constraint)
    for component in type_.components:
        _item(element, "itemComponent", component)


def _variable(parent: xml.Tree, variable: Variable) -> None:
    _add(parent, "variable", id=variable.id, name=variable.name, typeRef=variable.type_ref)


def _input_data(root: xml.Tree, data: InputData) -> None:
    element = _add(root, "inputData", id=data.id, name=data.name)
    _variable(element, data.variable)


def _decision(root: xml.Tree, decision: Decision, inputs: set[str]) -> None:
    element = _add(root, "decision", id=decision.id, name=decision.name)
    if decision.question:
        _text(element, "question", decision.question)
    _variable(element, decision.variable)
    if decision.knows:
        raise _cannot("a knowledge requirement", "知识需求", decision.name)
    for reference in decision.requires:
        kind = "requiredInput" if reference.id in inputs and not reference.namespace else "requiredDecision"
        _add(_add(element, "informationRequirement"), kind, href=_href(reference))
    if isinstance(decision.body, Table):
        _table(element, decision.body)
    elif isinstance(decision.body, Literal):
        _literal(element, "literalExpression", decision.body)
    elif decision.body is not None:
        raise _cannot(f"a boxed {type(decision.body).__name__}", f"盒装 {type(decision.body).__name__}", decision.name)


def _href(reference: Reference) -> str:
    return f"{reference.namespace}#{reference.id}"


def _table(parent: xml.Tree, table: Table) -> None:
    element = _add(
        parent,
        "decisionTable",
        id=table.id,
        hitPolicy=table.hit_policy,
        aggregation=table.aggregation,
        outputLabel=table.output_label,
        typeRef=table.type_ref,
    )
    for clause in table.inputs:
        _input(element, clause)
    for output in table.outputs:
        _output(element, output)
    for heading in table.annotations:
        _add(element, "annotation").set("name", heading)
    for rule in table.rules:
        _rule(element, rule)


def _input(parent: xml.Tree, clause: InputClause) -> None:
    element = _add(parent, "input", id=clause.id, label=clause.label)
    _literal(element, "inputExpression", clause.expression)
    _tests(element, "inputValues", clause.allowed)


def _output(parent: xml.Tree, clause: OutputClause) -> None:
    element = _add(parent, "output", id=clause.id, name=clause.name, label=clause.label, typeRef=clause.type_ref)
    _tests(element, "outputValues", clause.allowed)
    if clause.default is not None:
        _literal(element, "defaultOutputEntry", clause.default)


def _rule(parent: xml.Tree, rule: Rule) -> None:
    element = _add(parent, "rule", id=rule.id)
    if rule.description:
        _text(element, "description", rule.description)
    for cell in rule.inputs:
        _tests(element, "inputEntry", cell)
    for result in rule.outputs:
        _literal(element, "outputEntry", result)
    _annotations(element, rule.annotations)


def _annotations(element: xml.Tree, notes: Iterable[str]) -> None:
    for note in notes:
        _text(_add(element, "annotationEntry"), "text", note)


def _literal(parent: xml.Tree, tag: str, literal: Literal) -> None:
    language = "" if literal.language == "feel" else literal.language
    element = _add(parent, tag, id=literal.id, typeRef=literal.type_ref, expressionLanguage=language)
    _text(element, "text", literal.text)


def _tests(parent: xml.Tree, tag: str, tests: UnaryTests | None) -> None:
    if tests is None:
        return
    element = _add(parent, tag, id=tests.id, expressionLanguage="" if tests.language == "feel" else tests.language)
    _text(element, "text", tests.text)


def _cannot(what: str, zh: str, name: str) -> Invalid:
    return Invalid(
        "dmn_not_writable",
        zh=f"“{name}”含有{zh}，不能写成 DMN 文件",
        en=f"{name!r} has {what}, which cannot be written",
        name=name,
    )
