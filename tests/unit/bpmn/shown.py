"""What the writer wrote, as short XML: no prefixes but ``c:`` for our namespace, no spaces between elements."""

import re

from lxml import etree

from engine.bpmn.write import write
from engine.model.program import Program

_SHORTER = ((r' xmlns:?\w*="[^"]*"', ""), (r' xsi:type="bpmn:tFormalExpression"', ""), (r"bpmn:|bpmndi:|dc:|di:", ""))


def shown(program: Program, key: str) -> str:
    """The element with that id."""
    return short(etree.fromstring(write(program)).xpath("//*[@id = $key]", key=key)[0])


def short(element) -> str:
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    for old, new in _SHORTER:
        text = re.sub(old, new, text)
    return re.sub(r">\s+<", "><", text).replace("crmflow:", "c:").replace('"', "'")


def roots(program: Program) -> list[str]:
    """What stands beside the process: messages, signals, errors ... in their order."""
    found = etree.fromstring(write(program))
    names = {"message", "signal", "error", "escalation", "collaboration"}
    return [short(child) for child in found if etree.QName(child).localname in names]
