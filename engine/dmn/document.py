"""A DMN file, version 1.1 to 1.5 or a 2013/2015 draft, becomes Definitions. The namespace's version is ignored."""

from collections.abc import Iterator

from engine.dmn import boxed, xml
from engine.dmn.model import (
    Decision,
    DecisionService,
    Definitions,
    Element,
    FunctionType,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Named,
    Reference,
)
from engine.dmn.reading import Reading, default_language, one_space, type_ref
from engine.model.problem import Problem

_FAMILY = ("/spec/dmn/", "/spec/DMN/")


def definitions(data: bytes, *, file: str = "") -> tuple[Definitions, list[Problem]]:
    """The model in ``data`` and what is wrong with it.

    Raises Invalid or TooLarge (``engine.dmn.xml``) for a text that is not acceptable XML; everything else is a Problem.
    """
    root = xml.parse(data, file=file)
    reading = Reading(file=file, language=default_language(root))
    if xml.local(root) != "definitions" or not any(part in xml.namespace(root) for part in _FAMILY):
        reading.problem(
            "not_dmn",
            root,
            zh=f"这不是 DMN 文件：根元素是 {xml.local(root)}",
            en=f"this is not a DMN file: its root element is {xml.local(root)}",
        )
        return Definitions(name="", file=file), reading.problems
    found = Definitions(
        id=root.get("id") or "",
        line=xml.line(root),
        name=one_space(root.get("name") or ""),
        namespace=(root.get("namespace") or "").strip(),
        file=file,
        language=reading.language,
        decisions=tuple(_decision(reading, element) for element in _drg(root, "decision")),
        inputs=tuple(_input(reading, element) for element in _drg(root, "inputData")),
        knowledge=tuple(_knowledge(reading, element) for element in _drg(root, "businessKnowledgeModel")),
        services=tuple(_service(reading, element) for element in _drg(root, "decisionService")),
        types=tuple(_item(reading, element) for element in xml.children(root, "itemDefinition")),
        imports=tuple(_import(element) for element in xml.children(root, "import")),
    )
    _check_names(reading, root, found)
    return found, reading.problems


def _drg(root: xml.Tree, name: str) -> Iterator[xml.Tree]:
    yield from xml.children(root, name)


def _name(reading: Reading, element: xml.Tree) -> str:
    name = one_space(element.get("name") or "")
    if name:
        return name
    fallback = one_space(xml.attribute(element, "label")) or (element.get("id") or "")
    reading.problem(
        "name_missing",
        element,
        zh=f"元素缺少名称，暂以“{fallback}”称之",
        en=f"the element has no name; it is called {fallback!r} here",
        severity="warning" if fallback else "error",
    )
    return fallback


def _references(element: xml.Tree, requirement: str, *kinds: str) -> tuple[Reference, ...]:
    found = []
    for needed in xml.children(element, requirement):
        for kind in kinds:
            found += [_reference(target) for target in xml.children(needed, kind)]
    return tuple(found)


def _reference(element: xml.Tree) -> Reference:
    namespace, _, id_ = (element.get("href") or "").strip().rpartition("#")
    return Reference(id=id_, namespace=namespace, line=xml.line(element))


def _decision(reading: Reading, element: xml.Tree) -> Decision:
    name = _name(reading, element)
    return Decision(
        id=element.get("id") or "",
        line=xml.line(element),
        name=name,
        variable=reading.variable(xml.child(element, "variable"), name),
        requires=_references(element, "informationRequirement", "requiredInput", "requiredDecision"),
        knows=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        body=boxed.first(reading, element),
        question=xml.text(xml.child(element, "question")).strip(),
    )


def _input(reading: Reading, element: xml.Tree) -> InputData:
    name = _name(reading, element)
    variable = reading.variable(xml.child(element, "variable"), name)
    return InputData(id=element.get("id") or "", line=xml.line(element), name=name, variable=variable)


def _knowledge(reading: Reading, element: xml.Tree) -> KnowledgeModel:
    name = _name(reading, element)
    logic = xml.child(element, "encapsulatedLogic")
    return KnowledgeModel(
        id=element.get("id") or "",
        line=xml.line(element),
        name=name,
        variable=reading.variable(xml.child(element, "variable"), name),
        logic=None if logic is None else boxed.function(reading, logic),
        knows=_references(element, "knowledgeRequirement", "requiredKnowledge"),
    )


def _service(reading: Reading, element: xml.Tree) -> DecisionService:
    name = _name(reading, element)
    return DecisionService(
        id=element.get("id") or "",
        line=xml.line(element),
        name=name,
        variable=reading.variable(xml.child(element, "variable"), name),
        outputs=tuple(_reference(found) for found in xml.children(element, "outputDecision")),
        encapsulated=tuple(_reference(found) for found in xml.children(element, "encapsulatedDecision")),
        input_decisions=tuple(_reference(found) for found in xml.children(element, "inputDecision")),
        input_data=tuple(_reference(found) for found in xml.children(element, "inputData")),
    )


def _item(reading: Reading, element: xml.Tree) -> ItemDefinition:
    function = xml.child(element, "functionItem")
    return ItemDefinition(
        id=element.get("id") or "",
        line=xml.line(element),
        name=_name(reading, element),
        type_ref=type_ref(element),
        is_collection=(element.get("isCollection") or "").strip() in ("true", "1"),
        allowed=reading.tests(xml.child(element, "allowedValues")),
        constraint=reading.tests(xml.child(element, "typeConstraint")),
        components=tuple(_item(reading, part) for part in xml.children(element, "itemComponent")),
        function=None if function is None else _function_type(reading, function),
    )


def _function_type(reading: Reading, element: xml.Tree) -> FunctionType:
    return FunctionType(
        id=element.get("id") or "",
        line=xml.line(element),
        parameters=tuple(reading.variable(parameter) for parameter in xml.children(element, "parameters")),
        result=one_space(element.get("outputTypeRef") or ""),
    )


def _import(element: xml.Tree) -> Import:
    return Import(
        id=element.get("id") or "",
        line=xml.line(element),
        name=one_space(element.get("name") or ""),
        namespace=(element.get("namespace") or "").strip(),
        location=element.get("locationURI") or "",
        kind=element.get("importType") or "",
    )


def _check_names(reading: Reading, root: xml.Tree, found: Definitions) -> None:
    """Ids must be unique, and so must the names of types: a reference could not tell two of them apart."""
    drg: tuple[Element, ...] = (*found.decisions, *found.inputs, *found.knowledge, *found.services)
    for element in _repeated([(element.id, element) for element in drg if element.id]):
        reading.problems.append(
            _repetition(
                reading,
                "id_twice",
                element,
                zh=f"标识“{element.id}”出现两次",
                en=f"the id {element.id!r} is used twice",
            )
        )
    for type_ in _repeated([(definition.name, definition) for definition in found.types]):
        name = type_.name if isinstance(type_, Named) else ""
        reading.problems.append(
            _repetition(
                reading, "type_twice", type_, zh=f"类型“{name}”定义了两次", en=f"the type {name!r} is defined twice"
            )
        )


def _repeated(pairs: list[tuple[str, Element]] | list[tuple[str, ItemDefinition]]) -> list[Element]:
    seen: set[str] = set()
    again: list[Element] = []
    for key, element in pairs:
        if key in seen:
            again.append(element)
        seen.add(key)
    return again


def _repetition(reading: Reading, code: str, element: Element, *, zh: str, en: str) -> Problem:
    return Problem(code=code, text={"zh-CN": zh, "en": en}, file=reading.file, line=element.line, element=element.id)
