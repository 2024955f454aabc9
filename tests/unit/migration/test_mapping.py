"""Which new step goes on for an old one: proposed only where one answer is clear, refused where it cannot be."""

from typing import Any

import pytest

from engine import errors
from engine.kernel.graph import Plan
from engine.kernel.plan import compile_program
from engine.migration import mapping
from engine.model.program import Program
from tests.kernel.models import literal, node, program, timer


def plan(made: Program) -> Plan:
    return compile_program(made)


def line(*parts: Any) -> Plan:
    """One after another between start and end."""
    drawn = [node(part) if isinstance(part, str) else part for part in parts]
    path = " > ".join(["s", *(one.id for one in drawn), "e"])
    return plan(program("start s", *drawn, "end e", flow=[path]))


def user(node_id: str, **more: Any) -> Any:
    return node(f"user {node_id}", **more)


def pairs(old: Plan, new: Plan) -> list[tuple[str, str, str]]:
    return [(pair.old, pair.new, pair.why) for pair in mapping.propose(old, new)]


def inside(scope: str, *parts: Any) -> Plan:
    """The parts one after another in the sub-process ``scope``."""
    path = " > ".join(["i", *(one.id for one in parts), "o"])
    return plan(
        program(
            "start s", f"sub {scope}", "end e", node("start i", scope=scope), node("end o", scope=scope), *parts,
            flow=[f"s > {scope} > e", path],
        )
    )  # fmt: skip


PROPOSED = [
    # rule, old, new, what is proposed
    ("a step of the same id needs no proposal", line("user a", "user b"), line("user b", "user a"), []),
    ("a step without a likeness is named with nothing", line("user a"), line("user b"), [("a", "", "")]),
    (
        "the same name and kind",
        line(user("a", name="Check")),
        line(user("b", name="Check")),
        [("a", "b", "name")],
    ),
    (
        "spaces around a name do not count",
        line(user("a", name="Check ")),
        line(user("b", name=" Check")),
        [("a", "b", "name")],
    ),
    (
        "an empty name is no likeness",
        line(user("a", name=" ")),
        line(user("b", name=" ")),
        [("a", "", "")],
    ),
    (
        "the same name of another kind",
        line(user("a", name="Check")),
        line(node("service b", name="Check")),
        [("a", "", "")],
    ),
    (
        "two of the same name leave it open",
        line(user("a", name="Check")),
        line(user("b", name="Check"), user("c", name="Check")),
        [("a", "", "")],
    ),
    (
        "one operation of a variant made both",
        line(user("a", origin="ka_call")),
        line(user("b", origin="ka_call")),
        [("a", "b", "origin")],
    ),
    (
        "the operation goes before the name",
        line(user("a", name="Check", origin="ka_call")),
        line(user("b", name="Check"), user("c", name="Call", origin="ka_call")),
        [("a", "c", "origin")],
    ),
    (
        "each new step is given away once, in document order",
        line(user("a", name="Check"), user("b", name="Check")),
        line(user("c", name="Check")),
        [("a", "c", "name"), ("b", "", "")],
    ),
    (
        "a step whose id stays is no candidate",
        line(user("a", name="Check"), user("b", name="Check")),
        line(user("b", name="Check")),
        [("a", "", "")],
    ),
    (
        "a timer between steps by its name",
        line(node("catch t", name="Wait", triggers=(timer("PT1H"),))),
        line(node("catch u", name="Wait", triggers=(timer("PT2H"),))),
        [("t", "u", "name")],
    ),
    (
        "a step inside a sub-process of the same id",
        inside("p", user("a", scope="p", name="Check")),
        inside("p", user("b", scope="p", name="Check")),
        [("a", "b", "name")],
    ),
    (
        "a step that left its sub-process is not the same",
        inside("p", user("a", scope="p", name="Check")),
        plan(program("start s", "sub p", node("start i", scope="p"), node("end o", scope="p"),
                     user("b", name="Check"), "end e", flow=["s > p > b > e", "i > o"])),
        [("a", "", "")],
    ),
    (
        "gateways and ends are not asked about",
        plan(program("start s", "xor x", "end e", flow=["s > x > e"])),
        plan(program("start s2", "end e2", flow=["s2 > e2"])),
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in PROPOSED], ids=[row[0] for row in PROPOSED])
def test_a_step_that_is_gone_is_proposed_its_only_likeness(
    old: Plan, new: Plan, expected: list[tuple[str, str, str]]
) -> None:
    assert pairs(old, new) == expected


@pytest.mark.parametrize(("old", "new"), [row[1:3] for row in PROPOSED], ids=[row[0] for row in PROPOSED])
def test_a_proposal_is_never_refused(old: Plan, new: Plan) -> None:
    assert mapping.check(old, new, mapping.proposed(old, new)) == []


@pytest.mark.parametrize(("old", "new"), [row[1:3] for row in PROPOSED], ids=[row[0] for row in PROPOSED])
def test_the_whole_mapping_speaks_of_every_old_element_once(old: Plan, new: Plan) -> None:
    whole = mapping.whole(old, new, mapping.proposed(old, new))
    assert list(whole) == [one.id for one in old.nodes]
    targets = [target for target in whole.values() if target]
    assert len(targets) == len(set(targets))
    assert set(targets) <= set(new.index)


OLD = plan(
    program(
        "start s", "user a", "service b", "xor x", node("call c", called=literal("Q")),
        node("catch t", triggers=(timer("PT1H"),)), "sub p", node("start i", scope="p"), node("end o", scope="p"),
        "end e", flow=["s > a > b > x > c > t > p > e", "i > o"],
    )
)  # fmt: skip
NEW = plan(
    program(
        "start s", "user a2", "service b", "xor x2", "receive r", node("catch t2", triggers=(timer("PT1H"),)),
        "sub p2", node("start i2", scope="p2"), node("end o2", scope="p2"), "end e",
        flow=["s > a2 > b > x2 > r > t2 > p2 > e", "i2 > o2"],
    )
)  # fmt: skip

RIGHT: list[dict[str, str]] = [
    {},
    {"a": "a2"},
    {"a": "r"},  # any step may stand for any other step
    {"c": "a2"},
    {"b": "a2"},
    {"b": ""},
    {"a": "", "x": "", "t": ""},
    {"x": "x2"},
    {"t": "t2"},
    {"p": "p2"},
    {"i": "i2", "o": "o2"},
    {"b": "a2", "a": "b"},  # exchanged: b goes on elsewhere, so its id is free
    {"b": "", "a": "b"},
    {"s": "s"},
]


@pytest.mark.parametrize("given", RIGHT)
def test_elements_of_a_kind_may_stand_for_each_other(given: dict[str, str]) -> None:
    assert mapping.check(OLD, NEW, given) == []
    whole = mapping.whole(OLD, NEW, given)
    assert {old: whole[old] for old in given} == given
    kept = {one.id for one in OLD.nodes} - set(given)
    assert {old: whole[old] for old in kept} == {old: old if old in NEW.index else "" for old in kept}


WRONG = [
    # given, pointer, Chinese, English
    ({"lost": "a2"}, "/nodes/lost", "旧方案中没有 lost", "the old program has no 'lost'"),
    ({"lost": ""}, "/nodes/lost", "旧方案中没有 lost", "the old program has no 'lost'"),
    ({"a2": "a2"}, "/nodes/a2", "旧方案中没有 a2", "the old program has no 'a2'"),
    ({"a": "lost"}, "/nodes/a", "新方案中没有 lost", "the new program has no 'lost'"),
    ({"a": "a"}, "/nodes/a", "新方案中没有 a", "the new program has no 'a'"),
    ({"a": "b"}, "/nodes/a", "b 已对应它自己", "'b' goes on as itself already"),
    ({"a": "r", "c": "r"}, "/nodes/c", "r 已对应 a", "'r' is taken by 'a' already"),
    ({"a": "x2"}, "/nodes/a", "a 与 x2 不是同类元素", "'a' and 'x2' are of different kinds"),
    ({"a": "p2"}, "/nodes/a", "a 与 p2 不是同类元素", "'a' and 'p2' are of different kinds"),
    ({"p": "a2"}, "/nodes/p", "p 与 a2 不是同类元素", "'p' and 'a2' are of different kinds"),
    ({"t": "a2"}, "/nodes/t", "t 与 a2 不是同类元素", "'t' and 'a2' are of different kinds"),
    ({"i": "o2"}, "/nodes/i", "i 与 o2 不是同类元素", "'i' and 'o2' are of different kinds"),
    ({"a/b": "a2"}, "/nodes/a~1b", "旧方案中没有 a/b", "the old program has no 'a/b'"),
    ({"a~b": "a2"}, "/nodes/a~0b", "旧方案中没有 a~b", "the old program has no 'a~b'"),
]


@pytest.mark.parametrize(("given", "pointer", "zh", "en"), WRONG)
def test_a_wrong_pair_is_named_at_its_place(given: dict[str, str], pointer: str, zh: str, en: str) -> None:
    (problem,) = mapping.check(OLD, NEW, given)
    assert (problem.code, problem.pointer) == ("mapping_wrong", pointer)
    assert problem.text == {"zh-CN": zh, "en": en}
    with pytest.raises(errors.Invalid) as refused:
        mapping.whole(OLD, NEW, given)
    assert refused.value.code == "mapping_wrong" and list(refused.value.problems) == [problem]
    assert refused.value.text == {"zh-CN": "步骤对应关系有误", "en": "the mapping of steps is wrong"}


def test_all_wrong_pairs_are_told_at_once() -> None:
    found = mapping.check(OLD, NEW, {"lost": "a2", "a": "x2", "c": "nowhere", "x": "x2"})
    assert [problem.element for problem in found] == ["lost", "a", "c", "x"]
    assert "'x2' is taken by 'a' already" in found[-1].text["en"]


def test_a_mapping_without_end_is_refused_before_it_is_read() -> None:
    many = {f"n{number}": "a2" for number in range(mapping.MOST + 1)}
    (problem,) = mapping.check(OLD, NEW, many)
    assert (problem.pointer, problem.element) == ("/nodes", "")
    assert problem.text == {"zh-CN": "对应关系最多 2000 项", "en": "at most 2000 pairs"}
    just_within = dict(list(many.items())[:-1])
    assert len(mapping.check(OLD, NEW, just_within)) == mapping.MOST
