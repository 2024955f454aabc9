"""What is wrong with something that an author wrote, and where.

All checks yield Problems, so that an author sees everything at once. A problem of severity ``error`` stops a release;
a ``warning`` does not, and ``info`` is the letter of a standard that hinders nothing here.
"""

from typing import Literal

import msgspec

from engine.model.text import Text

Severity = Literal["error", "warning", "info"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    """Stable name of the rule, in snake_case: ``flow_without_source``."""
    text: Text
    """What is wrong, in zh-CN and en."""
    severity: Severity = "error"
    file: str = ""
    """The file's name as its author knows it; empty for a single upload."""
    line: int = 0
    """1-based; 0 where the place has no line."""
    element: str = ""
    """The BPMN id of the element; empty where the whole file is meant."""
    name: str = ""
    """The element's name as drawn."""
    pointer: str = ""
    """JSON pointer into a JSON document: ``/operations/3/target``."""
    mend: Text = {}
    """How to mend it, in zh-CN and en."""
    fix: str = ""
    """Name of a mend that needs no thought and can be applied by one click; empty where there is none."""
    trace: tuple[tuple[str, ...], ...] = ()
    """The path that shows it, move by move: ids of the nodes and flows that each move passed."""


def place(problem: Problem) -> str:
    """Where it is, for a line of text: ``file.bpmn:12 Task_1 "Check"``."""
    where = problem.file + (f":{problem.line}" if problem.line else "")
    parts = [where, problem.element, f'"{problem.name}"' if problem.name else "", problem.pointer]
    return " ".join(part for part in parts if part)


def errors(problems: "list[Problem] | tuple[Problem, ...]") -> list[Problem]:
    """Those that stop a release."""
    return [problem for problem in problems if problem.severity == "error"]
