"""What the owner's bounds say against a variant, word for word; and how operations name places, people and counts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.process import Definition, Parameter, Policy, Start
from engine.variants import compose
from engine.variants.compose import Fingerprint
from engine.variants.draft import Draft
from engine.variants.operations import activities, kinds
from engine.variants.operations.operation import ELEMENTS
from engine.variants.regions import Place
from tests.unit.variants.models import quote, text

NODE = {"type": "userTask", "names": text("Call"), "performer": {"groups": ["desk"]}}


def definition(*, parameters: dict[str, Parameter] | None = None, **policy: Policy) -> Definition:
    return Definition(
        key="SFA-03", pillar="SFA", names=text("quote"), purpose=text("p"), customer_output=text("o"), owner="sales",
        start=Start(form="start", node="Start"), parameters=parameters or {}, policy=policy,
    )  # fmt: skip


def refusals(bounds: Definition, **operation: Any) -> list[tuple[str, str, str, str]]:
    """(code, element, Chinese, English) without the words that name the operation."""
    composed = compose.compose(
        quote(), kinds.read([{"id": "v1", "reason": text("why"), **operation}]), definition=bounds
    )
    return [
        (
            one.code,
            one.element,
            one.text["zh-CN"].removeprefix("变更 v1："),
            one.text["en"].removeprefix("operation 'v1': "),
        )
        for one in composed.problems
    ]


NO_DELETE, NO_MOVE = Policy(delete=False), Policy(move=False)
NO_INSERT, NO_CHANGE = Policy(insert_after=False), Policy(change=False)
RIGHTS: list[tuple[str, Policy, dict[str, Any], str, str]] = [
    # element, its bound, operation, Chinese, English
    ("Check", NO_DELETE, {"kind": "delete", "target": "Check"},
     "「Check」不允许取消", "'Check' must not be taken away or made optional"),
    ("Approve", NO_DELETE, {"kind": "make_optional", "target": "Approve", "condition": "x"},
     "「Approve。」不允许取消", "'Approve' must not be taken away or made optional"),
    ("Big", NO_DELETE, {"kind": "delete", "target": "Big"}, "", ""),  # two ways out: no region before any bound
    ("Check", NO_MOVE, {"kind": "move", "target": "Check", "at": {"after": "Send"}},
     "「Check」不允许移动", "'Check' must not be moved"),
    ("Merge", NO_MOVE, {"kind": "move", "target": "Big", "to": "Merge", "at": {"after": "Send"}},
     "「Merge」不允许移动", "'Merge' must not be moved"),
    ("Stock", NO_MOVE, {"kind": "serialise", "targets": ["Price", "Stock"]},
     "「Stock」不允许移动", "'Stock' must not be moved"),
    ("Check", NO_INSERT, {"kind": "insert", "at": {"after": "Check"}, "node": NODE},
     "「Check」之后不允许插入", "'Check' must not be followed by a new step"),
    ("Check", NO_INSERT, {"kind": "insert", "at": {"before": "Big"}, "node": NODE},
     "「Check」之后不允许插入", "'Check' must not be followed by a new step"),
    ("Check", NO_INSERT, {"kind": "insert", "at": {"on": "f3"}, "node": NODE},
     "「Check」之后不允许插入", "'Check' must not be followed by a new step"),
    ("Big", NO_INSERT, {"kind": "add_branch", "target": "Big", "to": "End", "condition": "x"},
     "「Big?」之后不允许插入", "'Big?' must not be followed by a new step"),
    ("Price", NO_CHANGE, {"kind": "set_priority", "target": "Price", "priority": 3},
     "「Price。」不允许更改", "'Price' must not be changed"),
    ("big", NO_CHANGE, {"kind": "set_condition", "target": "big", "condition": "x"},
     "「big」不允许更改", "'big' must not be changed"),
    ("limit", NO_CHANGE, {"kind": "set_parameter", "target": "limit", "value": 3},
     "「limit」不允许更改", "'limit' must not be changed"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "bound", "operation", "zh", "en"), [row for row in RIGHTS if row[3]])
def test_a_bound_is_told_by_the_elements_name(
    element: str, bound: Policy, operation: dict[str, Any], zh: str, en: str
) -> None:
    assert refusals(definition(**{element: bound}), **operation) == [("policy", element, zh, en)]


@pytest.mark.parametrize(("element", "bound", "operation", "zh", "en"), RIGHTS)
def test_the_same_is_allowed_where_another_element_is_bound(
    element: str, bound: Policy, operation: dict[str, Any], zh: str, en: str
) -> None:
    assert "policy" not in [code for code, *_ in refusals(definition(Reminded=bound), **operation)]


@pytest.mark.parametrize(("element", "bound", "operation", "zh", "en"), [row for row in RIGHTS if row[3]])
def test_a_bound_of_all_spares_the_element_that_has_its_own(
    element: str, bound: Policy, operation: dict[str, Any], zh: str, en: str
) -> None:
    everywhere = definition(**{"*": bound})
    assert [code for code, *_ in refusals(everywhere, **operation)] == ["policy"]
    every_name = {part.id for part in (*quote().nodes, *quote().flows)} | {"limit"}
    free = definition(**{"*": bound}, **{name: Policy() for name in every_name})
    assert refusals(free, **operation) == []


SLA = [
    # longest promise, promise, allowed
    ("PT4H", "PT4H", True),
    ("PT4H", "PT240M", True),
    ("PT4H", "PT4H1S", False),
    ("P1D", "PT23H", True),
    ("P1D", "P2D", False),
    ("", "P99Y", True),
    ("PT4H", None, False),
    ("", None, True),
]


@pytest.mark.parametrize(("longest", "promise", "allowed"), SLA)
def test_a_promise_stays_within_the_longest(longest: str, promise: str | None, allowed: bool) -> None:
    said = {"duration": promise} if promise else None
    found = refusals(definition(Price=Policy(sla_max=longest)), kind="set_sla", target="Price", promise=said)
    assert [code for code, *_ in found] == ([] if allowed else ["policy"])


def test_the_longest_promise_is_told_as_people_say_it() -> None:
    bounds = definition(Price=Policy(sla_max="PT4H"))
    (found,) = refusals(bounds, kind="set_sla", target="Price", promise={"duration": "P1D"})
    assert found[2:] == ("「Price。」时限不得超过 4 小时", "'Price': the promise must not exceed 4 hours")


PARAMETERS: list[tuple[dict[str, Any], Any, str, str]] = [
    # bounds, value, Chinese, English; empty: allowed
    ({"value": 10, "minimum": 0, "maximum": 20}, 0, "", ""),
    ({"value": 10, "minimum": 0, "maximum": 20}, 20, "", ""),
    ({"value": 10, "minimum": 0, "maximum": 20}, -1, "不得小于 0", "not below 0"),
    ({"value": 10, "minimum": 0, "maximum": 20}, 20.5, "不得大于 20", "not above 20"),
    ({"value": 10, "minimum": 0.5}, 0.25, "不得小于 0.5", "not below 0.5"),
    ({"value": 10}, 10**9, "", ""),
    ({"value": 10}, "many", "必须是数字", "must be a number"),
    ({"value": 10}, True, "必须是数字", "must be a number"),
    ({"value": 10}, None, "必须是数字", "must be a number"),
    ({"value": "a", "enum": ["a", "b"]}, "b", "", ""),
    ({"value": "a", "enum": ["a", "b"]}, "c", "只能取 ['a', 'b']", "must be one of ['a', 'b']"),
    ({"value": 1, "enum": [1, 2]}, 3, "只能取 [1, 2]", "must be one of [1, 2]"),
    ({"value": True}, False, "", ""),
]


@pytest.mark.parametrize(("bounds", "value", "zh", "en"), PARAMETERS)
def test_a_parameter_stays_within_its_bounds(bounds: dict[str, Any], value: Any, zh: str, en: str) -> None:
    given = {**bounds, "enum": tuple(bounds.get("enum", ()))}
    limit = Parameter(names=text("limit"), **given)
    found = refusals(definition(parameters={"limit": limit}), kind="set_parameter", target="limit", value=value)
    assert found == ([("policy", "limit", f"「limit」{zh}", f"'limit': {en}")] if zh else [])


PERFORMERS: list[tuple[dict[str, Any], bool]] = [
    # who does it, allowed where only desk and team may
    ({"groups": ["desk"]}, True),
    ({"groups": ["desk", "team"]}, True),
    ({"groups": ["desk", "others"]}, False),
    ({"groups": ["others"]}, False),
    ({"groups": ["desk"], "users": ["li"]}, False),
    ({"users": ["li"]}, False),
    ({"assignee": "=customer.owner"}, False),
    ({"rule": "least_busy"}, False),
    ({"groups": ["desk"], "rule": "least_busy"}, True),
    ({"skill": "english"}, True),  # says nothing of groups: those of the base stay
    ({"exclude_performers_of": ["Configure"]}, True),
]


@pytest.mark.parametrize(("who", "allowed"), PERFORMERS)
@pytest.mark.parametrize(("kind", "target"), [("set_performer", "Price"), ("do_by_person", "Stock")])
def test_a_step_stays_with_the_groups_that_may_do_it(
    who: dict[str, Any], allowed: bool, kind: str, target: str
) -> None:
    bounds = definition(**{target: Policy(performer_groups=("desk", "team"))})
    found = refusals(bounds, kind=kind, target=target, performer=who)
    assert [code for code, *_ in found] == ([] if allowed else ["policy"])
    assert allowed or found[0][3].endswith("only these groups may do it: desk, team")


PLACES = [
    (Place(after="Check"), "在「Check」之后", "after Check"),
    (Place(before="Price"), "在「Price。」之前", "before Price"),
    (Place(on="big"), "在「Big?」与「Approve。」之间", "between Big? and Approve"),
    (Place(on="gone"), "在连线 gone 上", "on the way gone"),
    (Place(after="Gone"), "在「Gone」之后", "after Gone"),
]


@pytest.mark.parametrize(("place", "zh", "en"), PLACES)
def test_a_place_is_told_by_its_neighbours(place: Place, zh: str, en: str) -> None:
    assert activities.place_says(Draft(quote()), place) == {"zh-CN": zh, "en": en}


FINGERPRINTS = [
    (Fingerprint(), "", ""),
    (Fingerprint(activity=1), "1 个活动", "1 activity"),
    (Fingerprint(activity=3, logic=2), "3 个活动、2 处逻辑", "3 activities, 2 logic"),
    (Fingerprint(way=1, performer=1), "1 处方式、1 处承担者", "1 way, 1 performer"),
    (Fingerprint(way=2, service_level=2), "2 处方式、2 处服务水平", "2 ways, 2 service levels"),
]


@pytest.mark.parametrize(("fingerprint", "zh", "en"), FINGERPRINTS)
def test_a_fingerprint_is_told_by_what_differs(fingerprint: Fingerprint, zh: str, en: str) -> None:
    assert fingerprint.says() == {"zh-CN": zh, "en": en}


counts = st.tuples(*[st.integers(min_value=0, max_value=50)] * len(ELEMENTS))


@settings(max_examples=40, deadline=None)
@given(one=counts, other=counts)
def test_fingerprints_add_up_element_by_element(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    both = Fingerprint(*one) + Fingerprint(*other)
    assert both.total == sum(one) + sum(other)
    assert [getattr(both, element) for element in ELEMENTS] == [a + b for a, b in zip(one, other, strict=True)]
    assert both == Fingerprint(*other) + Fingerprint(*one)
