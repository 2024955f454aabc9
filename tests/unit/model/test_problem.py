"""Where a problem is, in a line of text, and which problems stop a release."""

import pytest

from engine.model.problem import Problem, errors, place
from engine.model.text import both

TEXT = both(zh="有误", en="wrong")


@pytest.mark.parametrize(
    "where, line",
    [
        ({}, ""),
        ({"file": "a.bpmn"}, "a.bpmn"),
        ({"file": "a.bpmn", "line": 12}, "a.bpmn:12"),
        ({"line": 12}, ":12"),
        ({"element": "Task_1"}, "Task_1"),
        ({"file": "a.bpmn", "line": 12, "element": "Task_1"}, "a.bpmn:12 Task_1"),
        ({"file": "a.bpmn", "line": 12, "element": "Task_1", "name": "核对"}, 'a.bpmn:12 Task_1 "核对"'),
        ({"pointer": "/operations/3/target"}, "/operations/3/target"),
        ({"file": "ka.json", "pointer": "/operations/3"}, "ka.json /operations/3"),
        ({"element": "Task_1", "pointer": "/x", "name": "N"}, 'Task_1 "N" /x'),
    ],
)
def test_the_place_in_a_line(where: dict[str, object], line: str) -> None:
    assert place(Problem(code="c", text=TEXT, **where)) == line  # type: ignore[arg-type]


def test_only_errors_stop_a_release() -> None:
    error = Problem(code="a", text=TEXT)
    warning = Problem(code="b", text=TEXT, severity="warning")
    assert error.severity == "error"
    assert errors([warning, error, warning]) == [error]
    assert errors(()) == []


def test_a_problem_can_be_a_member_of_a_set_of_seen_ones() -> None:
    assert Problem(code="a", text=TEXT) == Problem(code="a", text=both(zh="有误", en="wrong"))
    assert Problem(code="a", text=TEXT) != Problem(code="a", text=TEXT, line=1)
