"""What the owner of the base forbids is refused, by the owner's words."""

from typing import Any

import pytest

from engine.definitions.process import Definition, Parameter, Policy, Start
from engine.variants import compose
from engine.variants.operations import kinds
from tests.unit.variants.models import quote, text

NODE = {"type": "userTask", "names": text("n"), "performer": {"groups": ["g"]}}


def definition(**policy: Policy) -> Definition:
    return Definition(
        key="SFA-03",
        pillar="SFA",
        names=text("quote"),
        purpose=text("p"),
        customer_output=text("o"),
        owner="sales",
        start=Start(form="start", node="Start"),
        parameters={"limit": Parameter(value=10, names=text("limit"), minimum=0, maximum=20)},
        policy={("*" if element == "all" else element): rule for element, rule in policy.items()},
    )


def tried(definition: Definition, **operation: Any) -> list[tuple[str, str]]:
    operations = kinds.read([{"id": "v1", "reason": text("why"), **operation}])
    composed = compose.compose(quote(), operations, definition=definition)
    return [(problem.code, problem.element) for problem in composed.problems]


REFUSED = [
    ({"Approve": Policy(delete=False)}, {"kind": "delete", "target": "Approve"}, "Approve"),
    ({"Approve": Policy(delete=False)}, {"kind": "replace", "target": "Approve", "node": NODE}, "Approve"),
    ({"Approve": Policy(delete=False)}, {"kind": "make_optional", "target": "Approve", "condition": "x"}, "Approve"),
    ({"Remind": Policy(delete=False)}, {"kind": "delete", "target": "Approve"}, "Remind"),
    ({"big": Policy(delete=False)}, {"kind": "delete", "target": "big"}, "big"),
    ({"Check": Policy(move=False)}, {"kind": "move", "target": "Check", "at": {"after": "Send"}}, "Check"),
    ({"Check": Policy(move=False)}, {"kind": "parallelise", "targets": ["Configure", "Check"]}, "Check"),
    (
        {"Configure": Policy(insert_after=False)},
        {"kind": "insert", "at": {"after": "Configure"}, "node": NODE},
        "Configure",
    ),
    (
        {"Configure": Policy(insert_after=False)},
        {"kind": "insert", "at": {"before": "Check"}, "node": NODE},
        "Configure",
    ),
    ({"Configure": Policy(insert_after=False)}, {"kind": "insert", "at": {"on": "f2"}, "node": NODE}, "Configure"),
    ({"all": Policy(change=False)}, {"kind": "set_priority", "target": "Price", "priority": 9}, "Price"),
    ({"limit": Policy(change=False)}, {"kind": "set_parameter", "target": "limit", "value": 9}, "limit"),
    ({}, {"kind": "set_parameter", "target": "limit", "value": 21}, "limit"),
    ({}, {"kind": "set_parameter", "target": "limit", "value": "many"}, "limit"),
    (
        {"Price": Policy(sla_max="PT4H")},
        {"kind": "set_sla", "target": "Price", "promise": {"duration": "P1D"}},
        "Price",
    ),
    ({"Price": Policy(sla_max="PT4H")}, {"kind": "set_sla", "target": "Price", "promise": None}, "Price"),
    (
        {"Price": Policy(performer_groups=("law",))},
        {"kind": "set_performer", "target": "Price", "performer": {"groups": ["law", "desk"]}},
        "Price",
    ),
    (
        {"Price": Policy(performer_groups=("law",))},
        {"kind": "set_performer", "target": "Price", "performer": {"assignee": "=customer.owner"}},
        "Price",
    ),
]


@pytest.mark.parametrize(("policy", "operation", "element"), REFUSED)
def test_what_the_owner_forbids_is_refused(policy: dict[str, Policy], operation: dict[str, Any], element: str) -> None:
    code, place = tried(definition(**policy), **operation)[0]
    assert place == element
    assert code == "policy"


@pytest.mark.parametrize(
    ("policy", "operation"),
    [
        ({"all": Policy(change=False), "Price": Policy()}, {"kind": "set_priority", "target": "Price", "priority": 9}),
        ({"Price": Policy(sla_max="P1D")}, {"kind": "set_sla", "target": "Price", "promise": {"duration": "PT24H"}}),
        ({}, {"kind": "set_parameter", "target": "limit", "value": 20}),
        (
            {"Price": Policy(performer_groups=("law", "desk"))},
            {"kind": "set_performer", "target": "Price", "performer": {"groups": ["law"], "rule": "least_busy"}},
        ),
        (
            {"Price": Policy(performer_groups=("law",))},
            {"kind": "set_performer", "target": "Price", "performer": {"exclude_performers_of": ["Configure"]}},
        ),
    ],
)
def test_what_keeps_within_the_bounds_is_done(policy: dict[str, Policy], operation: dict[str, Any]) -> None:
    assert tried(definition(**policy), **operation) == []
