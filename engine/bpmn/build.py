"""Small tools of the writer: elements with their attributes, our extension elements, expressions."""

from typing import Any, TypeAlias

from lxml import etree

from engine.bpmn.names import BPMN, BPMNDI, CRMFLOW, DC, DI, XSI
from engine.model.expression import Expression, Mapping

NSMAP = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "crmflow": CRMFLOW, "xsi": XSI}
Element: TypeAlias = Any
"""An lxml element; the library carries no types."""


def add(parent: Element, name: str, text: str = "", /, *, ns: str = BPMN, **attributes: str) -> Element:
    """A child; empty attributes are left out."""
    child = etree.SubElement(parent, f"{{{ns}}}{name}")
    for key, value in attributes.items():
        if value:
            child.set(key, clean(value))
    if text:
        child.text = clean(text)
    return child


def clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r") if not text.isprintable() else text


def mark(element: Element, name: str, value: str) -> None:
    """One of our attributes, when it says something."""
    if value:
        element.set(f"{{{CRMFLOW}}}{name}", clean(value))


def extend(element: Element) -> Element:
    """The element's ``extensionElements``, which must stand before all but the documentation."""
    found = element.find(f"{{{BPMN}}}extensionElements")
    if found is None:
        found = etree.Element(f"{{{BPMN}}}extensionElements")
        place = 1 if len(element) and element[0].tag == f"{{{BPMN}}}documentation" else 0
        element.insert(place, found)
    return found


def own(element: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """One of our extension elements."""
    return add(extend(element), name, text, ns=CRMFLOW, **attributes)


def say(parent: Element, name: str, expression: Expression, *, ns: str = CRMFLOW, **attributes: str) -> Element:
    """An expression in an element of ours, with its language unless it is FEEL."""
    language = "" if expression.language == "feel" else expression.language
    return add(parent, name, expression.text, ns=ns, **attributes, language=language)


def formal(parent: Element, name: str, expression: Expression) -> Element:
    """One of the standard's expression elements; the language is always said."""
    child = add(parent, name, expression.text, language=expression.language)
    child.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
    return child


def short(element: Element, name: str, expression: Expression | None) -> None:
    """An expression as an attribute when it is a plain word, else as an element."""
    if expression is None:
        return
    text = expression.text
    if expression.language == "literal" and text and not set(text) & set("=${}#,\n") and text == text.strip():
        mark(element, name, text)
    else:
        say(extend(element), name, expression)


def mapped(parent: Element, name: str, mappings: tuple[Mapping, ...]) -> None:
    for mapping in mappings:
        say(parent, name, mapping.source, target=mapping.target)


def true(value: bool) -> str:
    return "true" if value else ""


def texts(element: Element, words: dict[str, str]) -> None:
    for locale, text in words.items():
        own(element, "text", text, locale=locale)
