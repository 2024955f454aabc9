"""Every scenario of every shipped process, played on the composed program."""

from pathlib import Path

import pytest

from engine.forms import check
from engine.model import nodes
from engine.simulation import scenario as scenarios
from engine.simulation.play import Playback, play
from tests.processes import shipped

SCENARIOS = shipped.files("scenarios")


def played(key: str, path: Path) -> tuple[scenarios.Scenario, Playback]:
    told = scenarios.decode(path.read_bytes())
    return told, play(shipped.program(key, told.group), evaluator=shipped.EVALUATOR, answers=told)


@pytest.mark.parametrize("pair", SCENARIOS, ids=shipped.named)
def test_the_scenario_comes_out_as_it_says(pair: tuple[str, Path]) -> None:
    _, playback = played(*pair)

    assert [problem.text["en"] for problem in playback.problems] == []


@pytest.mark.parametrize("pair", SCENARIOS, ids=shipped.named)
def test_what_people_hand_in_satisfies_the_forms(pair: tuple[str, Path]) -> None:
    told, program = scenarios.decode(pair[1].read_bytes()), None
    program = shipped.program(pair[0], told.group)
    definition = shipped.folder(pair[0]).definition
    assert definition is not None
    by_hand = not told.start.node  # a message brings what it brings
    wrong = check.check(program.forms[definition.start.form], told.start.data) if by_hand else []
    tasks = {node.id: node for node in program.nodes if isinstance(node, nodes.UserTask)}
    for deed in told.deeds():
        if deed.complete:
            wrong += check.check(program.forms[tasks[deed.complete].form], deed.data)

    assert [(problem.pointer, problem.text["en"]) for problem in wrong] == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_end_is_reached_by_a_scenario(key: str) -> None:
    ends = {node.id for node in shipped.base(key).nodes if isinstance(node, nodes.EndEvent) and not node.scope}
    reached: set[str] = set()
    for _, path in [pair for pair in SCENARIOS if pair[0] == key]:
        for fact in played(key, path)[1].facts:
            reached |= set(getattr(fact, "end_events", ()))

    assert ends - reached == set()


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_variant_is_played(key: str) -> None:
    told = {scenarios.decode(path.read_bytes()).group for owner, path in SCENARIOS if owner == key}
    groups = {variant["group"] for variant in shipped.folder(key).variants.values()}

    assert groups - told == set()


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_activity_is_entered_by_a_scenario(key: str) -> None:
    entered: set[str] = set()
    for _, path in [pair for pair in SCENARIOS if pair[0] == key]:
        entered |= {fact.node for fact in played(key, path)[1].facts}
    activities = {node.id for node in shipped.base(key).nodes if isinstance(node, nodes.Activity)}

    assert activities - entered == set()
