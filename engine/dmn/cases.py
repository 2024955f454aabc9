"""Test files of the DMN Technology Compatibility Kit (testCases.xsd): what is put in, and what must come out."""

from typing import Any

import msgspec

from engine.dmn import xml

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

Written = Any
"""A value as written: None, ``Scalar``, a list of Written, or a dict of Written."""


class Scalar(msgspec.Struct, frozen=True):
    kind: str
    """Local name of the xsd type: decimal, double, string, boolean, date, time, dateTime, duration; or empty."""
    text: str


class Node(msgspec.Struct, frozen=True):
    name: str
    value: Written
    namespace: str = ""
    must_fail: bool = False
    """``errorResult``: the value is null because of an error."""


class Case(msgspec.Struct, frozen=True):
    id: str
    kind: str
    """decision, bkm or decisionService."""
    invocable: str
    """Name of the service to be called; empty for a decision."""
    inputs: tuple[Node, ...]
    results: tuple[Node, ...]
    description: str = ""

    @property
    def all_nil(self) -> bool:
        """Whether an engine that answers null to everything would pass."""
        return all(result.value is None for result in self.results)


class CaseFile(msgspec.Struct, frozen=True):
    model: str
    """Name of the .dmn file in the same folder."""
    cases: tuple[Case, ...]


def read(data: bytes, *, file: str = "") -> CaseFile:
    """Raises Invalid or TooLarge (``engine.dmn.xml``) for a text that is not acceptable XML."""
    root = xml.parse(data, file=file)
    model = xml.text(xml.child(root, "modelName")).strip()
    return CaseFile(model=model, cases=tuple(_case(element) for element in xml.children(root, "testCase")))


def _case(element: xml.Tree) -> Case:
    return Case(
        id=element.get("id") or "",
        kind=element.get("type") or "decision",
        invocable=element.get("invocableName") or "",
        inputs=tuple(
            Node(node.get("name") or "", _value(node), (node.get("namespace") or "").strip())
            for node in xml.children(element, "inputNode")
        ),
        results=tuple(
            Node(
                node.get("name") or "",
                _expected(node),
                (node.get("namespace") or "").strip(),
                node.get("errorResult") == "true",
            )
            for node in xml.children(element, "resultNode")
        ),
        description=xml.text(xml.child(element, "description")).strip(),
    )


def _expected(node: xml.Tree) -> Written:
    expected = xml.child(node, "expected")
    return None if expected is None else _value(expected)


def _value(element: xml.Tree) -> Written:
    if _is_nil(element):
        return None
    components = xml.children(element, "component")
    if components:
        return {component.get("name") or "": _value(component) for component in components}
    listing = xml.child(element, "list")
    if listing is not None:
        return None if _is_nil(listing) else [_value(item) for item in xml.children(listing, "item")]
    value = xml.child(element, "value")
    if value is None or _is_nil(value):
        return None
    kind = (value.get(f"{_XSI}type") or "").rpartition(":")[2]
    return Scalar(kind, xml.text(value))


def _is_nil(element: xml.Tree) -> bool:
    return element.get(f"{_XSI}nil") in ("true", "1")
