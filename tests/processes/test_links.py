"""Every other process that the catalogue names for one of sales, service or X is linked to it in the drawings.

By a call, or a message that one throws and the other hears; else processes/README.md says why not.
"""

import re

import pytest

from engine.model import nodes, triggers
from engine.simulation import scenario
from tests.processes import shipped
from tests.shared import SHARED

SECTIONS = {"SFA": "\n### 3.4 ", "CSS": "\n### 3.5 ", "X": "\n### 3.6 "}
"""Pillar: how its section of the catalogue begins; marketing's lines stand in test_handovers.py."""

_KEY = re.compile(r"\b(?:MA|SFA|CSS|X)-\d\d\b")
_SEVERAL = re.compile(r"\b(MA|SFA|CSS|X)-(\d\d(?:/\d\d)+)\b")
_EXPLAINED = re.compile(r"^\| ([A-Z]+-\d\d) \| ([A-Z]+-\d\d) \| (.+?) \|$", re.M)


def spelt_out(text: str) -> str:
    """CSS-02/03 as CSS-02 CSS-03."""
    return _SEVERAL.sub(lambda found: " ".join(f"{found[1]}-{number}" for number in found[2].split("/")), text)


def named(pillar: str) -> list[tuple[str, str]]:
    """(process, other) for each process of the pillar's section and each other that its lines name."""
    text = (SHARED / "product" / "catalogue.md").read_text(encoding="utf-8")
    section = text.partition(SECTIONS[pillar])[2].partition("\n### ")[0]
    found = []
    for process in re.split(r"\n#### ", section)[1:]:
        key = process.split()[0]
        told = spelt_out(process.partition("**Variants by customer group.**")[0])
        found += [(key, other) for other in dict.fromkeys(_KEY.findall(told)) if other != key]
    return found


def family(key: str) -> list[str]:
    """A process with the parts of it that are processes of their own."""
    return [one for one in shipped.KEYS if one == key or (one.startswith(f"{key}-") and not one.endswith("-before"))]


def calls(key: str) -> set[str]:
    steps = [node for one in family(key) for node in shipped.base(one).nodes]
    called = [node.called for node in steps if isinstance(node, nodes.CallActivity) and node.called]
    return {key for expression in called for key in _KEY.findall(expression.text)}


def messages(key: str, *, thrown: bool) -> set[str]:
    kinds = (nodes.EndEvent, nodes.ThrowEvent) if thrown else (nodes.StartEvent, nodes.CatchEvent, nodes.BoundaryEvent)
    steps = [node for one in family(key) for node in shipped.base(one).nodes]
    told_by_work = [node for node in steps if isinstance(node, nodes.SendTask) and node.work is None]
    tasks = told_by_work if thrown else [node for node in steps if isinstance(node, nodes.ReceiveTask)]
    events = [node for node in steps if isinstance(node, kinds)]
    found = [*(one for node in events for one in node.triggers), *(node.message for node in tasks)]
    return {one.name for one in found if isinstance(one, triggers.Message)}


def linked(key: str, other: str) -> bool:
    if other in calls(key) or key in calls(other):
        return True
    told = messages(key, thrown=True) & messages(other, thrown=False)
    return bool(told or messages(other, thrown=True) & messages(key, thrown=False))


def explained() -> dict[tuple[str, str], str]:
    note = (shipped.PROCESSES / "README.md").read_text("utf-8").partition("## Links")[2]
    return {(key, other): why for key, other, why in _EXPLAINED.findall(note)}


NAMED = [pair for pillar in SECTIONS for pair in named(pillar) if set(pair) <= set(shipped.KEYS)]


@pytest.mark.parametrize(("pillar", "processes", "links"), [("SFA", 9, 21), ("CSS", 8, 12), ("X", 5, 16)])
def test_the_sections_are_read_whole(pillar: str, processes: int, links: int) -> None:
    found = named(pillar)
    assert (len({key for key, _ in found}), len(found)) == (processes, links)


def test_processes_that_share_their_letters_are_told_apart() -> None:
    assert spelt_out("CSS-02/03/04 by type, then X-01") == "CSS-02 CSS-03 CSS-04 by type, then X-01"


@pytest.mark.parametrize(("key", "other"), NAMED)
def test_what_the_catalogue_names_is_linked_or_explained(key: str, other: str) -> None:
    assert linked(key, other) or (key, other) in explained()


def test_only_links_that_the_catalogue_names_and_nobody_drew_are_explained() -> None:
    assert set(explained()) == {pair for pair in NAMED if not linked(*pair)}


@pytest.mark.parametrize(
    ("message", "begins"),
    [
        ("contract.signed", "X-01"),
        ("order.first", "X-01"),
        ("order.delivered", "MA-11"),
        ("follow_up.due", "CSS-09"),
        ("service.requested", "CSS-01"),
    ],
)
def test_what_is_sold_is_handed_over_to_onboarding_and_service(message: str, begins: str) -> None:
    starts = [node for node in shipped.base(begins).nodes if isinstance(node, nodes.StartEvent)]
    assert any(getattr(one, "name", "") == message for start in starts for one in start.triggers)
    assert any(message in messages(key, thrown=True) for key in shipped.KEYS if key.startswith("SFA"))


def begun_by(message: str) -> list[str]:
    starts = {
        key: [node for node in shipped.base(key).nodes if isinstance(node, nodes.StartEvent)] for key in shipped.KEYS
    }
    return [
        key
        for key, events in starts.items()
        if any(getattr(one, "name", "") == message for event in events if not event.scope for one in event.triggers)
    ]


OUTWARD = {"forecast.locked": "SFA-11", "commission.payment": "SFA-13"}
"""For systems of the house that ask for it by a webhook: planning, and the pay office."""
TOLD = sorted({(key, message) for key in shipped.KEYS for message in messages(key, thrown=True)})


@pytest.mark.parametrize(("key", "message"), TOLD)
def test_what_a_process_tells_is_heard_and_begins_one_process_at_most(key: str, message: str) -> None:
    heard = any(message in messages(other, thrown=False) for other in shipped.KEYS)
    assert heard is (OUTWARD.get(message) != key)
    assert len(begun_by(message)) <= 1


def test_every_message_that_a_process_tells_is_awaited_by_a_scenario() -> None:
    expected = {
        message
        for path in shipped.PROCESSES.glob("*/scenarios/*.json")
        for message in scenario.decode(path.read_bytes()).expect.thrown or ()
    }
    assert {message for _, message in TOLD} - expected == set()
