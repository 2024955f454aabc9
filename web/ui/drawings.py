"""A process as the viewer in the browser wants it: BPMN XML in the reader's language, and marks by element id."""

from collections.abc import Mapping
from typing import TypeVar

import flask
import msgspec

from engine.model.nodes import Node
from engine.model.program import Flow, Program
from web.ui import language, visitor

Named = TypeVar("Named", Node, Flow)


def answer(program: Program, marks: Mapping[str, str], signs: Mapping[str, str] | None = None) -> flask.Response:
    """``signs`` are written beside elements in place of the mark's own."""
    xml = visitor.engine().writer(spoken(program)).decode()
    return flask.jsonify({"xml": xml, "marks": dict(marks), "signs": dict(signs or {})})


def spoken(program: Program) -> Program:
    """With the names that the reader reads."""
    return msgspec.structs.replace(
        program,
        name=language.said(program.texts, program.name),
        nodes=tuple(_spoken(node) for node in program.nodes),
        flows=tuple(_spoken(flow) for flow in program.flows),
    )


def _spoken(part: Named) -> Named:
    return msgspec.structs.replace(part, name=language.said(part.texts, part.name)) if part.texts else part
