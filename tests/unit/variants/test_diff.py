"""A difference is told from the operations: a move is a move, not a deletion and an insertion."""

from typing import Any

from engine.variants.diff import diff
from engine.variants.operations import kinds
from tests.unit.variants.models import quote, text

NODE = {"type": "userTask", "names": text("Call"), "performer": {"groups": ["g"]}}


def told(*documents: dict[str, Any]) -> Any:
    return diff(
        quote(), kinds.read([{"id": f"v{n}", "reason": text("why"), **one} for n, one in enumerate(documents, 1)])
    )


def test_a_move_is_drawn_as_a_move() -> None:
    shown = told({"kind": "move", "target": "Check", "at": {"after": "Send"}})
    assert (shown.marks.moved, shown.marks.inserted, shown.marks.deleted) == (("Check",), (), ())
    assert "Check" not in shown.marks.changed
    assert shown.lines[0].says == {"zh-CN": "「Check」移到「Send」之后", "en": "Check moved after Send"}


def test_new_gone_and_changed_steps_are_marked_with_the_element_that_differs() -> None:
    shown = told(
        {"kind": "insert", "at": {"after": "Configure"}, "node": NODE},
        {"kind": "delete", "target": "Approve"},
        {"kind": "set_performer", "target": "Price", "performer": {"groups": ["ka"]}},
        {"kind": "set_sla", "target": "Price", "promise": {"duration": "PT1H"}},
    )
    assert {"v1", "v1_out"} == set(shown.marks.inserted)
    assert {"Approve", "Late", "Remind", "Reminded"} <= set(shown.marks.deleted)
    assert shown.marks.changed == {"Price": ("performer", "service_level")}
    assert shown.fingerprint.says()["en"] == "2 activities, 1 performer, 1 service level"


def test_each_line_speaks_of_the_process_as_the_lines_before_left_it() -> None:
    shown = told(
        {"kind": "insert", "at": {"after": "Configure"}, "node": NODE},
        {"kind": "set_priority", "target": "v1", "priority": 9},
        {"kind": "delete", "target": "gone"},
    )
    assert [line.says["en"] for line in shown.lines] == [
        "new: Call, after Configure",
        "Call has priority 9",
        "without: gone",
    ]
    assert shown.lines[1].touches == ("v1",)
    assert [bool(line.refused) for line in shown.lines] == [False, False, True]
