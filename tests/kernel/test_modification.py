"""By hand: tokens moved, added, cancelled, variables set."""

import pytest

from engine import errors, facts
from engine.kernel import stimuli, view, waits
from engine.model.program import Program
from tests.kernel.conftest import Tell
from tests.kernel.models import mapping, node, program, timer


def _model() -> Program:
    return program(
        "start s", "user a", "user b", node("sub p", inputs=(mapping("x", "1 + 1"),)), "end z",
        node("start i", scope="p"),
        node("sub q", scope="p"), node("start j", scope="q"), node("user c", scope="q"), node("user d", scope="p"),
        node("boundary e", attached_to="p", triggers=(timer("PT1H"),)), "user late",
        flow=["s > a > b > p > z", "i > q > d", "j > c", "e > late"],
    )  # fmt: skip


def test_a_token_moves_forward_and_back(tell: Tell) -> None:
    case = tell(_model()).start()
    case.give(stimuli.Move(cancel=("a",), start=("b",), reason="checked by phone"))
    assert case.open() == ["b"]
    case.give(stimuli.Move(cancel=(case.wait("b").token,), start=("a",), reason="not after all"))
    assert case.open() == ["a"]
    moved = [fact for fact in case.facts if isinstance(fact, facts.TokenMoved)]
    assert [(fact.node, fact.to, fact.reason) for fact in moved][:2] == [
        ("b", "b", "checked by phone"),
        ("a", "", "checked by phone"),
    ]


def test_sub_processes_around_the_target_are_opened(tell: Tell) -> None:
    case = tell(_model()).start()
    case.give(stimuli.Move(cancel=("a",), start=("c",), reason="test"))
    assert case.open() == ["c"] and case.wait("c").path == ("p", "q")
    assert case.open(waits.Timer) == ["e"], "with what listens around them"
    case.complete("c")
    assert case.open() == ["d"]
    assert case.complete("d").ended


def test_a_second_token_joins_the_open_sub_process(tell: Tell) -> None:
    case = tell(_model()).start().complete("a").complete("b")
    case.give(stimuli.Move(start=("d",), reason="test"))
    assert case.open() == ["c", "d"] and case.open(waits.Timer) == ["e"]
    case.complete("d")
    assert case.open() == ["c"]


def test_the_last_token_cancelled_ends_the_instance(tell: Tell) -> None:
    case = tell(_model()).start()
    case.give(stimuli.Move(cancel=("a",), reason="test"))
    assert case.ended


@pytest.mark.parametrize(
    "move",
    [
        {"start": ("nowhere",)},
        {"cancel": ("b",)},
        {"cancel": (99,), "start": ("b",)},
        {"start": ("e",)},
    ],
)
def test_what_is_not_there_is_refused_and_nothing_happened(tell: Tell, move: dict[str, tuple[str, ...]]) -> None:
    case = tell(_model()).start()
    with pytest.raises(errors.NotFound):
        case.give(stimuli.Move(**move))  # type: ignore[arg-type]
    assert case.open() == ["a"]


def test_variables_of_one_scope(tell: Tell) -> None:
    case = tell(_model()).start(n=1).complete("a").complete("b")
    scopes = {found.node: found.number for found in view.scopes(case.plan, case.state)}
    case.give(stimuli.SetVariables(values={"x": 5}, scope=scopes["p"]))
    assert case.variables() == {"n": 1} and case.variables(scopes["p"]) == {"x": 5}
    with pytest.raises(errors.NotFound):
        case.give(stimuli.SetVariables(values={"x": 5}, scope=999))


def test_what_screens_see(tell: Tell) -> None:
    case = tell(_model()).start(n=1).complete("a").complete("b")
    tokens = [(token.node, token.path, token.state) for token in view.tokens(case.plan, case.state)]
    assert sorted(tokens) == [("c", ("p", "q"), "active"), ("p", (), "active"), ("q", ("p",), "active")]
    assert [(wait.kind, wait.node) for wait in view.open_waits(case.plan, case.state)] == [
        ("timer", "e"),
        ("work_item", "c"),
    ]
    assert [(scope.kind, scope.node) for scope in view.scopes(case.plan, case.state)] == [
        ("instance", ""),
        ("subProcess", "p"),
        ("subProcess", "q"),
    ]
