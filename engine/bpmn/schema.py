"""The OMG's XML schema of BPMN 2.0, as SpiffWorkflow ships it: what it says against a file, line by line."""

from functools import cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from engine.model.problem import Problem
from engine.model.text import both

MAX_REPORTED = 25


@cache
def _validator() -> BpmnValidator:
    return BpmnValidator()


def check(root: etree._Element, *, file: str = "") -> tuple[Problem, ...]:
    """Warnings only: the reader itself decides what it can carry. Changes ``root``, which must not be used again."""
    validator = _validator()
    validator.preprocess(root)
    if validator.validator.validate(root):
        return ()
    found = []
    for entry in list(validator.validator.error_log)[:MAX_REPORTED]:
        reason = entry.message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "")
        found.append(
            Problem(
                code="schema",
                text=both(zh=f"不符合 BPMN 2.0 的 XML 模式：{reason}", en=f"Against the BPMN 2.0 schema: {reason}"),
                severity="warning",
                file=file,
                line=entry.line,
            )
        )
    return tuple(found)
