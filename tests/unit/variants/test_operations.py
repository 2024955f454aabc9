"""What each kind of operation does to a program, and what it refuses."""

from typing import Any

import pytest

from engine import errors
from engine.model import nodes
from engine.model.program import Program
from engine.variants import compose
from engine.variants.draft import Draft
from engine.variants.operations import kinds
from tests.unit.variants.models import quote, text


def op(kind: str, op_id: str = "v1", **args: Any) -> dict[str, Any]:
    return {"id": op_id, "kind": kind, "reason": text("why"), **args}


def done(*documents: dict[str, Any], base: Program | None = None) -> Program:
    assert kinds.check(list(documents)) == []
    return compose.program(base or quote(), kinds.read(list(documents)))


def ways(program: Program) -> set[tuple[str, str]]:
    return {(flow.source, flow.target) for flow in program.flows}


def node(program: Program, node_id: str) -> Any:
    return next(node for node in program.nodes if node.id == node_id)


def changed_ways(program: Program) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(gone, new)"""
    return ways(quote()) - ways(program), ways(program) - ways(quote())


NEW = {"type": "userTask", "names": text("Call"), "form": "other", "performer": {"assignee": "=customer.owner"}}

STRUCTURE = [
    # operation, ways gone, ways new
    (
        op("insert", at={"after": "Configure"}, node=NEW),
        {("Configure", "Check")},
        {("Configure", "v1"), ("v1", "Check")},
    ),
    (op("insert", at={"before": "Merge"}, node=NEW), None, None),
    (op("insert", at={"on": "big"}, node=NEW), {("Big", "Approve")}, {("Big", "v1"), ("v1", "Approve")}),
    (op("insert", at={"before": "End"}, node=NEW), {("Send", "End")}, {("Send", "v1"), ("v1", "End")}),
    (op("delete", target="Check"), {("Configure", "Check"), ("Check", "Big")}, {("Configure", "Big")}),
    (
        op("delete", target="Approve"),
        {("Big", "Approve"), ("Approve", "Merge"), ("Late", "Remind"), ("Remind", "Reminded")},
        set(),
    ),
    (
        op("replace", target="Approve", node=NEW),
        {("Big", "Approve"), ("Approve", "Merge")},
        {("Big", "v1"), ("v1", "Merge")},
    ),
    (
        op("move", target="Check", at={"after": "Send"}),
        {("Configure", "Check"), ("Check", "Big"), ("Send", "End")},
        {("Configure", "Big"), ("Send", "Check"), ("Check", "End")},
    ),
    (
        op("move", target="Big", to="Merge", at={"before": "Configure"}),
        {("Start", "Configure"), ("Check", "Big"), ("Merge", "Fork")},
        {("Start", "Big"), ("Merge", "Configure"), ("Check", "Fork")},
    ),
    (
        op("move", target="Fork", to="Join", at={"on": "f1"}),
        {("Start", "Configure"), ("Merge", "Fork"), ("Join", "Send")},
        {("Start", "Fork"), ("Join", "Configure"), ("Merge", "Send")},
    ),
    (
        op("parallelise", targets=["Configure", "Check"]),
        {("Start", "Configure"), ("Configure", "Check"), ("Check", "Big")},
        {
            ("Start", "v1_split"),
            ("v1_split", "Configure"),
            ("v1_split", "Check"),
            ("Configure", "v1_join"),
            ("Check", "v1_join"),
            ("v1_join", "Big"),
        },
    ),
    (
        op("serialise", targets=["Stock", "Price"]),
        {
            ("Merge", "Fork"),
            ("Fork", "Price"),
            ("Fork", "Stock"),
            ("Price", "Join"),
            ("Stock", "Join"),
            ("Join", "Send"),
        },
        {("Merge", "Stock"), ("Stock", "Price"), ("Price", "Send")},
    ),
    (
        op("make_optional", target="Fork", to="Join", condition="rush = false"),
        {("Merge", "Fork"), ("Join", "Send")},
        {
            ("Merge", "v1_split"),
            ("v1_split", "Fork"),
            ("v1_split", "v1_join"),
            ("Join", "v1_join"),
            ("v1_join", "Send"),
        },
    ),
    (op("add_branch", target="Big", to="Merge", condition="vip", node=NEW), set(), {("Big", "v1"), ("v1", "Merge")}),
    (
        op("add_branch", target="Configure", to="End", condition="vip"),
        {("Configure", "Check")},
        {("Configure", "v1_split"), ("v1_split", "Check"), ("v1_split", "End")},
    ),
    (
        op("delete", target="big"),
        {("Big", "Approve"), ("Approve", "Merge"), ("Late", "Remind"), ("Remind", "Reminded")},
        set(),
    ),
]


@pytest.mark.parametrize(("operation", "gone", "new"), [row for row in STRUCTURE if row[1] is not None])
def test_structure_changes_as_meant(operation: dict[str, Any], gone: set[Any], new: set[Any]) -> None:
    program = done(operation)
    assert changed_ways(program) == (gone, new)


@pytest.mark.parametrize("operation", [row[0] for row in STRUCTURE if row[1] is not None])
def test_whatever_an_operation_made_or_changed_names_it(operation: dict[str, Any]) -> None:
    program, base = done(operation), quote()
    old = {item.id: item for item in (*base.nodes, *base.flows)}
    for item in (*program.nodes, *program.flows):
        assert (item.origin == "v1") == (item != old.get(item.id)), item.id


def test_an_inserted_step_bears_the_operations_id_and_all_its_parts() -> None:
    made = node(done(op("insert", at={"after": "Configure"}, node=NEW)), "v1")
    assert isinstance(made, nodes.UserTask)
    assert (made.texts["en"], made.form, made.actions) == ("Call", "other", ("yes", "no"))
    assert made.performer.assignee is not None and made.performer.assignee.text == "customer.owner"


def test_conditions_and_defaults_stay_with_the_choice() -> None:
    program = done(op("insert", at={"on": "small"}, node=NEW))
    way = next(flow for flow in program.flows if flow.id == "small")
    assert (way.target, node(program, "Big").default) == ("v1", "small")


def test_a_special_case_is_looked_at_first() -> None:
    program = done(op("add_branch", target="Big", to="Merge", condition="vip", node=NEW))
    assert [flow.id for flow in program.flows if flow.source == "Big"] == ["v1_in", "big", "small"]


def test_a_choice_behind_a_step_keeps_the_usual_way_as_default() -> None:
    program = done(op("add_branch", target="Configure", to="End", condition="vip"))
    assert node(program, "v1_split").default == "v1_usual"


def test_a_gateway_with_one_way_left_needs_no_condition() -> None:
    program = done(
        op("set_condition", "a", target="small", condition="discount <= 10"), op("delete", "b", target="small")
    )
    assert [flow.condition for flow in program.flows if flow.source == "Big"] == [None]


def test_boundary_events_travel_with_their_step() -> None:
    program = done(op("move", target="Approve", at={"after": "Send"}))
    assert node(program, "Late").attached_to == "Approve"
    assert ("Late", "Remind") in ways(program)
    replaced = done(op("replace", target="Approve", node=NEW))
    assert node(replaced, "Late").attached_to == "v1"


def test_condition_and_default_can_be_exchanged() -> None:
    program = done(
        op("set_condition", "a", target="small", condition="discount <= 5"),
        op("set_condition", "b", target="big", condition=None),
    )
    assert node(program, "Big").default == "big"
    assert {flow.id: flow.condition and flow.condition.text for flow in program.flows if flow.source == "Big"} == {
        "big": None,
        "small": "discount <= 5",
    }


SETTINGS: list[tuple[dict[str, Any], Any, Any]] = [
    (
        op("set_form", target="Configure", form="other"),
        lambda p: (node(p, "Configure").form, node(p, "Configure").actions),
        ("other", ("yes", "no")),
    ),
    (
        op("set_service", target="Stock", work={"handler": "erp", "parameters": {"a": "=x"}}),
        lambda p: node(p, "Stock").work.handler,
        "erp",
    ),
    (
        op("set_channel", target="Send", channel="phone", template="t"),
        lambda p: {m.target: m.source.text for m in node(p, "Send").work.parameters},
        {"channel": "phone", "template": "t"},
    ),
    (op("set_decision", target="Check", decision={"key": "auto"}), lambda p: node(p, "Check").decision, "auto"),
    (op("set_parameter", target="limit", value=25), lambda p: p.parameters, {"limit": 25}),
    (op("set_names", target="Check", names=text("Look")), lambda p: node(p, "Check").texts["en"], "Look"),
    (
        op("set_names", target="big", names=text("large")),
        lambda p: next(f for f in p.flows if f.id == "big").texts["en"],
        "large",
    ),
    (
        op("set_performer", target="Approve", performer={"assignee": "=customer.owner"}),
        lambda p: (node(p, "Approve").performer.assignee.text, node(p, "Approve").performer.groups),
        ("customer.owner", ()),
    ),
    (
        op("set_performer", target="Approve", performer={"exclude_performers_of": ["Configure"]}),
        lambda p: (len(node(p, "Approve").performer.groups), node(p, "Approve").performer.exclude_performers_of),
        (1, ("Configure",)),
    ),
    (
        op("automate", target="Approve", decision={"key": "auto", "result": "outcome"}),
        lambda p: (kind(p, "Approve"), node(p, "Approve").decision, node(p, "Approve").promise.duration),
        ("businessRuleTask", "auto", "P1D"),
    ),
    (
        op("automate", target="Approve", script={"text": '{outcome: "yes"}'}),
        lambda p: (kind(p, "Approve"), node(p, "Approve").language),
        ("scriptTask", "feel"),
    ),
    (
        op("do_by_person", target="Send", performer={"groups": ["desk"]}, form="approve"),
        lambda p: (kind(p, "Send"), node(p, "Send").actions),
        ("userTask", ("yes", "no")),
    ),
    (
        op("set_sla", target="Configure", promise={"duration": "PT1H"}),
        lambda p: (node(p, "Configure").promise.duration, node(p, "Configure").promise.calendar),
        ("PT1H", "cn-5x8"),
    ),
    (
        op("set_sla", target="Configure", promise={"duration": "PT2H", "goal": "PT1H"}),
        lambda p: (node(p, "Configure").promise.duration, node(p, "Configure").promise.goal),
        ("PT2H", "PT1H"),
    ),
    (op("set_sla", target="Configure", promise=None), lambda p: node(p, "Configure").promise, None),
    (
        op("set_calendar", target="*", calendar="cn-24x7"),
        lambda p: {node(p, n).promise.calendar for n in ("Configure", "Approve")},
        {"cn-24x7"},
    ),
    (op("set_priority", target="Approve", priority=80), lambda p: node(p, "Approve").priority.text, "80"),
    (
        op("set_worth", target="Price", worth={"fixed_cost": 3, "tag": "VA"}),
        lambda p: (node(p, "Price").worth.fixed_cost, node(p, "Price").worth.touch_minutes),
        (3, 5),
    ),
    (
        op("set_loop", target="Price", loop={"collection": "items", "element": "item"}),
        lambda p: (node(p, "Price").loop.collection.text, node(p, "Price").standard_loop),
        ("items", None),
    ),
    (
        op("set_loop", target="Price", loop={"while": "more", "maximum": 3}),
        lambda p: node(p, "Price").standard_loop.maximum,
        3,
    ),
    (
        op("set_timer", target="Late", timer={"kind": "duration", "text": "PT2H"}),
        lambda p: node(p, "Late").triggers[0].text.text,
        "PT2H",
    ),
]


def kind(program: Program, node_id: str) -> str:
    return str(node(program, node_id).__struct_config__.tag)


@pytest.mark.parametrize(("operation", "look", "expected"), SETTINGS)
def test_a_setting_changes_its_target_and_nothing_else(operation: dict[str, Any], look: Any, expected: Any) -> None:
    program, base = done(operation), quote()
    assert look(program) == expected
    meant = {"Configure", "Approve"} if operation["target"] == "*" else {operation["target"]}
    changed = {item.id for item in (*program.nodes, *program.flows)} - {
        item.id for item in (*program.nodes, *program.flows) if item in (*base.nodes, *base.flows)
    }
    assert changed == meant - {"limit"}


REFUSALS = [
    (op("insert", at={"after": "Nowhere"}, node=NEW), "element_unknown"),
    (op("insert", at={"after": "Big"}, node=NEW), "not_one_way_out"),
    (op("insert", at={"before": "Join"}, node=NEW), "not_one_way_in"),
    (op("insert", "Check", at={"after": "Send"}, node=NEW), "id_taken"),
    (
        op("insert", at={"after": "Send"}, node={"type": "sendTask", "names": text("x"), "form": "a"}),
        "part_does_not_fit",
    ),
    (op("delete", target="Start"), "no_region"),
    (op("delete", target="Fork"), "not_one_way_out"),
    (op("delete", target="small"), "last_way_out"),
    (op("delete", target="f1"), "last_way_out"),
    (op("move", target="Big", to="Approve", at={"after": "Send"}), "no_region"),
    (op("move", target="Big", to="Merge", at={"after": "Approve"}), "moved_into_itself"),
    (op("move", target="Check", at={"on": "f3"}), "moved_into_itself"),
    (op("parallelise", targets=["Configure", "Send"]), "not_in_a_row"),
    (op("serialise", targets=["Price", "Check"]), "no_parallel_block"),
    (op("serialise", targets=["Approve", "Price"]), "no_parallel_block"),
    (op("make_optional", target="Price", to="Stock", condition="x"), "no_region"),
    (op("set_condition", target="f1", condition="x"), "no_choice_here"),
    (op("set_condition", target="p1", condition="x"), "no_choice_here"),
    (op("add_branch", target="Fork", to="Join", condition="x"), "no_choice_here"),
    (op("add_branch", target="Big", to="Merge"), "condition_missing"),
    (op("add_branch", target="Big", to="Start", condition="x"), "way_leads_nowhere"),
    (op("add_branch", target="Merge", to="End", condition="x"), "no_choice_here"),
    (op("set_timer", target="Configure", timer={"kind": "duration", "text": "PT1H"}), "no_timer"),
    (op("set_loop", target="Big", loop=None), "no_activity"),
    (op("set_form", target="Configure", form="gone"), "form_missing"),
    (op("set_form", target="Stock", form="other"), "part_does_not_fit"),
    (op("set_service", target="Configure", work={"handler": "x"}), "part_does_not_fit"),
    (op("set_channel", target="Configure", channel="sms"), "part_does_not_fit"),
    (op("set_decision", target="Check", decision={"key": "gone"}), "decision_missing"),
    (op("set_parameter", target="gone", value=1), "element_unknown"),
    (op("set_performer", target="Stock", performer={"groups": ["a"]}), "part_does_not_fit"),
    (op("set_performer", target="Price", performer={"exclude_performers_of": ["Gone"]}), "element_unknown"),
    (op("set_calendar", target="Price", calendar="x"), "no_promise"),
    (op("set_priority", target="Send", priority=3), "part_does_not_fit"),
]


@pytest.mark.parametrize(("operation", "code"), REFUSALS)
def test_what_cannot_be_done_is_refused_by_name_and_leaves_the_program_alone(
    operation: dict[str, Any], code: str
) -> None:
    assert kinds.check([operation]) == []
    composed = compose.compose(quote(), kinds.read([operation]))
    assert [problem.code for problem in composed.problems] == [code]
    assert composed.problems[0].pointer == "/operations/0"
    assert composed.problems[0].text["zh-CN"] and composed.problems[0].text["en"]
    assert composed.program == quote()


def test_all_refusals_are_told_at_once_and_the_rest_applies() -> None:
    operations = kinds.read(
        [
            op("delete", "a", target="Gone"),
            op("set_parameter", "b", target="limit", value=3),
            op("delete", "c", target="Start"),
        ]
    )
    composed = compose.compose(quote(), operations)
    assert [problem.pointer for problem in composed.problems] == ["/operations/0", "/operations/2"]
    assert (composed.applied, composed.program.parameters) == (("b",), {"limit": 3})
    with pytest.raises(errors.Invalid) as raised:
        compose.program(quote(), operations)
    assert len(raised.value.problems) == 2


GOALS = [
    # a promise over one of four hours whose goal is two, the goal then, what is said of it in both languages
    ({"duration": "PT3H"}, "PT2H", "", ""),
    ({"duration": "PT2H"}, "", "", ""),
    ({"duration": "PT1H"}, "", "", ""),
    ({"duration": "P1D"}, "PT2H", "", ""),
    ({"duration": "P1D", "goal": "PT6H"}, "PT6H", "，目标 6 小时", ", goal 6 hours"),
    ({"duration": "P1D", "goal": ""}, "", "，不设目标", ", no goal"),
]


@pytest.mark.parametrize(("promise", "goal", "zh", "en"), GOALS)
def test_a_goal_stays_while_it_is_before_the_deadline(promise: dict[str, str], goal: str, zh: str, en: str) -> None:
    aimed = op("set_sla", "a", target="Configure", promise={"duration": "PT4H", "goal": "PT2H"})
    changed = op("set_sla", target="Configure", promise=promise)
    found = done(changed, base=done(aimed))
    assert node(found, "Configure").promise.goal == goal
    (said,) = kinds.read([changed])
    words = said.says(Draft(quote()))
    assert (words["zh-CN"].endswith(zh), words["en"].endswith(en)) == (True, True)
    assert ("目标" in words["zh-CN"]) == bool(zh)


@pytest.mark.parametrize(("duration", "kept"), [("PT3H", ["goal", "deadline"]), ("PT1H", ["deadline"])])
def test_levels_of_a_goal_go_with_it(duration: str, kept: list[str]) -> None:
    ladder = [{"at_percent": 100, "action": "warn", "of": of} for of in ("goal", "deadline")]
    aimed = op("set_sla", "a", target="Configure", promise={"duration": "PT4H", "goal": "PT2H", "ladder": ladder})
    found = done(op("set_sla", target="Configure", promise={"duration": duration}), base=done(aimed))
    assert [rung.of for rung in node(found, "Configure").promise.ladder] == kept


@pytest.mark.parametrize("goal", ["soon", "-PT1H", 3, None])
def test_a_goal_that_is_no_duration_is_no_operation(goal: Any) -> None:
    assert kinds.check([op("set_sla", target="Configure", promise={"duration": "PT4H", "goal": goal})])


@pytest.mark.parametrize("row", [*STRUCTURE, *SETTINGS])
def test_every_operation_tells_itself_in_both_languages_and_survives_its_file(row: Any) -> None:
    (operation,) = kinds.read([row[0]])
    said = operation.says(Draft(quote()))
    assert said["zh-CN"] and said["en"]
    assert kinds.read(kinds.write((operation,))) == (operation,)
    assert kinds.check(kinds.write((operation,))) == []


def test_the_fingerprint_counts_by_element() -> None:
    operations = kinds.read([row[0] | {"id": f"v{n}"} for n, row in enumerate(SETTINGS)])
    fingerprint = compose.fingerprint(operations)
    assert (fingerprint.activity, fingerprint.logic, fingerprint.way) == (0, 3, 7)
    assert (fingerprint.performer, fingerprint.service_level, fingerprint.total) == (5, 6, 21)
    assert fingerprint.says()["en"] == "3 logic, 7 ways, 5 performers, 6 service levels"


def test_a_way_that_goes_is_told_by_where_it_began() -> None:
    base = quote()
    way = next(flow for flow in base.flows if flow.condition is not None)
    (operation,) = kinds.read([op("delete", target=way.id)])
    said = operation.says(Draft(base))
    source, called = Draft(base).name(way.source), Draft(base).name(way.id)
    assert said["zh-CN"] == f"「{source['zh-CN']}」之后不再有「{called['zh-CN']}」"
    assert said["en"] == f"after {source['en']} no longer: {called['en']}"
