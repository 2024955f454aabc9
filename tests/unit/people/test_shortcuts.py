"""Keys of the desk: each person's own, checked before they are kept, switched off one by one or all together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.people import agents, shortcuts
from engine.people.agent import Agent
from tests.house import ANNA, BO, House, house


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.person(ANNA)
        made.person(BO)
        yield made


def now(desk: House, who: Agent = ANNA) -> Agent:
    with desk.engine.store.reading() as tx:
        return agents.of(agents.found(tx, who.key))


def change(desk: House, keys: dict[str, str], *, on: bool = True) -> Agent:
    shortcuts.change(desk.engine, keys=keys, on=on, agent=ANNA)
    return now(desk)


def test_as_shipped_no_key_does_two_things() -> None:
    assert len(set(shortcuts.DEFAULTS.values())) == len(shortcuts.DEFAULTS)
    assert list(shortcuts._wrong(shortcuts.DEFAULTS)) == []
    assert shortcuts.of(ANNA) == shortcuts.DEFAULTS


def test_a_key_is_changed_for_oneself_alone(desk: House) -> None:
    changed = change(desk, {"claim": "q", "to_inbox": "g q"})
    assert (shortcuts.of(changed)["claim"], shortcuts.of(changed)["to_inbox"]) == ("q", "g q")
    assert shortcuts.of(changed)["down"] == "j"
    assert shortcuts.of(now(desk, BO)) == shortcuts.DEFAULTS


def test_what_is_left_out_is_as_shipped_again(desk: House) -> None:
    change(desk, {"claim": "q"})
    assert shortcuts.of(change(desk, {})) == shortcuts.DEFAULTS
    assert change(desk, {"claim": "c"}).shortcuts == ()


def test_one_is_switched_off_or_all_and_the_choice_stays(desk: House) -> None:
    assert shortcuts.of(change(desk, {"undo": ""}))["undo"] == ""
    off = change(desk, {"claim": "q"}, on=False)
    assert set(shortcuts.of(off).values()) == {""}
    assert shortcuts.chosen(off)["claim"] == "q"


def test_two_may_change_places(desk: House) -> None:
    changed = shortcuts.of(change(desk, {"down": "k", "up": "j"}))
    assert (changed["down"], changed["up"]) == ("k", "j")


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ({"claim": "a"}, {"approve"}),
        ({"claim": "qq"}, {"claim"}),
        ({"claim": " "}, {"claim"}),
        ({"claim": "g i j"}, {"claim"}),
        ({"claim": "\u0007"}, {"claim"}),
        ({"claim": "g"}, {"claim"}),
        ({"claim": "*"}, {"claim"}),
        ({"fly": "f"}, {"fly"}),
        ({"claim": "领领"}, {"claim"}),
        ({"claim": "", "approve": "", "urge": ""}, set()),
        ({"claim": "领"}, set()),
    ],
)
def test_every_wrong_key_is_named_in_both_languages(desk: House, keys: dict[str, str], wrong: set[str]) -> None:
    if not wrong:
        change(desk, keys)
        return
    with pytest.raises(errors.Invalid) as refused:
        change(desk, keys)
    found = refused.value.problems
    assert {one.pointer for one in found} == {f"/keys/{command}" for command in wrong}
    assert all(set(one.text) == {"zh-CN", "en"} for one in found)
    assert now(desk).shortcuts == ()
