"""The compatibility kit's cases that are one literal expression without inputs: nine tenths of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine import feel

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
OTHERS = ("{*}informationRequirement", "{*}knowledgeRequirement", "{*}literalExpression/{*}importedValues")
"""What a decision has that needs more of the model than its own expression."""
CONSTRUCTORS = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}


@dataclass(frozen=True)
class Case:
    folder: str
    name: str
    text: str
    expected: Any


def cases(root: Path) -> Iterator[Case]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    for file in sorted(root.glob("compliance-level-*/*/*.xml")):
        suite = etree.parse(str(file), parser)
        model = etree.parse(str(file.parent / suite.findtext("{*}modelName")), parser).getroot()
        texts = _literal_decisions(model)
        for case in suite.iter("{*}testCase"):
            for result in case.findall("{*}resultNode"):
                if case.find("{*}inputNode") is None and result.get("name") in texts:
                    expected = _value(result.find("{*}expected"))
                    yield Case(file.parent.name, str(case.get("id")), texts[result.get("name")], expected)


def _literal_decisions(model: Any) -> dict[str, str]:
    """By name, those that ask for no other decision and whose declared type changes nothing."""
    if model.find("{*}itemDefinition") is not None:
        return {}
    return {
        decision.get("name"): decision.findtext("{*}literalExpression/{*}text")
        for decision in model.iter("{*}decision")
        if decision.find("{*}literalExpression/{*}text") is not None
        and all(decision.find(path) is None for path in OTHERS)
    }


def _value(element: Any) -> Any:
    if element is None:
        return None
    listed = element.find("{*}list")
    if listed is not None:
        return None if listed.get(NIL) else [_value(item) for item in listed.findall("{*}item")]
    components = element.findall("{*}component")
    if components:
        return {part.get("name"): None if part.get(NIL) else _value(part) for part in components}
    value = element.find("{*}value")
    return None if value is None or value.get(NIL) in ("true", "1") else _scalar(value)


def _scalar(value: Any) -> Any:
    kind, text = str(value.get(TYPE, "string")).split(":")[-1], value.text or ""
    if kind in ("decimal", "double", "integer"):
        return Decimal(text)
    if kind == "boolean":
        return text == "true"
    if kind in CONSTRUCTORS:
        return feel.compile_expression(f'{CONSTRUCTORS[kind]}("{text}")').evaluate({})
    return text


def agrees(expected: Any, actual: Any) -> bool:
    """Numbers to eight digits, for the kit's are cut; durations of zero are the same in either kind."""
    if isinstance(expected, Decimal) and feel.values.is_number(actual):
        return abs(expected - actual) <= Decimal("1e-8") * max(1, abs(expected))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(agrees, expected, actual))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(agrees(expected[key], actual[key]) for key in expected)
    if str(expected) in ("PT0S", "P0M") and str(actual) in ("PT0S", "P0M"):
        return True
    return type(expected) is type(actual) and expected == actual
