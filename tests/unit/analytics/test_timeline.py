"""The story of a case names every step by its own name, also those of what it called."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.analytics import timeline
from engine.inbox import act
from engine.model.performer import Performer
from tests.house import ANNA, House, house
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def told(home: House, case: str) -> list[str]:
    return [moment.text["en"] for moment in timeline.of_instance(home.engine, instance_id=case, people={})]


def test_steps_of_a_called_process_have_their_names_and_the_caller_s_own_come_first(home: House) -> None:
    home.person(ANNA)
    inner = [node("user look", name="Look closely", performer=SALES), node("user same", name="Inner", performer=SALES)]
    home.release(program("start s", *inner, "end e", key="inner", flow=["s > look > same > e"]))
    outer = [node("user same", name="Outer", performer=SALES), node("call c", called=literal("inner"))]
    home.release(program("start s", *outer, "end e", flow=["s > same > c > e"]))
    case = home.start()
    for step in ("same", "look"):
        item = home.item(case, step).id
        act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
        act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now)
    said = told(home, case)
    assert any("Look closely" in text for text in said) and any("Outer" in text for text in said)
    assert not [text for text in said if "a step" in text.lower()]
    of_customer = timeline.of_customer(home.engine, customer_id="c-1", people={})
    assert [moment.text["en"] for moment in of_customer][::-1] == said
