"""The variants of a process side by side, for programs."""

import pytest

from engine.customers import groups
from engine.people.agent import SYSTEM
from tests.unit.customers.books import document
from tests.web.api.conftest import Programs
from tests.web.api.test_boards import WHY, bring, sla
from tests.web.api.test_cases import started

HERE = "/processes/quote/differences"


@pytest.fixture
def varied(selling: Programs) -> Programs:
    """KA is faster; GR does not do the step at all."""
    groups.publish(selling.engine, document=document(), agent=SYSTEM, now=selling.clock.now())
    selling.person("ben", "admin")
    selling.person("dana", "designer")
    bring(selling, "KA", sla("ka_1", "PT1H"))
    bring(selling, "GR", {"id": "gr_1", "kind": "set_names", "target": "reply", "names": WHY, "reason": WHY})
    return selling


def test_each_step_is_told_for_each_group(varied: Programs) -> None:
    found = varied.get(HERE, by="dana").json
    assert (found["process"], found["base_n"]) == ("quote", 1)
    assert [group["key"] for group in found["groups"]] == ["KA", "GR"]
    assert all(set(group["names"]) >= {"zh-CN", "en"} for group in found["groups"])
    steps = {step["element"]: step for step in found["steps"]}
    assert list(steps) == ["configure", "reply"]
    assert steps["configure"]["base"] == {
        "group": "", "presence": "there", "differs": [], "performer": ["sales"], "way": "configure", "promise": "",
        "calendar": "", "goal": "",
    }  # fmt: skip
    faster, same = steps["configure"]["cells"]
    assert (faster["group"], faster["promise"], faster["differs"]) == ("KA", "PT1H", ["service_level"])
    assert (same["group"], same["promise"], same["differs"]) == ("GR", "", [])


def test_the_heat_counts_variants_and_cases(varied: Programs) -> None:
    before = varied.get(HERE).json
    assert (before["touched"], before["cases"]) == ({"configure": 1, "reply": 1}, {"configure": 0, "reply": 0})
    worth = {"attributes": {"contract": "gold"}, "scores": {"current": 90, "potential": 10}}
    made = varied.post("/customers", {"number": "C-9", "name": "大客户", **worth})
    assert made.status_code == 201, made.json
    started(varied, customer_id="C-9")
    after = varied.get(HERE).json
    assert (after["touched"], after["cases"]) == (before["touched"], {"configure": 1, "reply": 0})


def test_of_an_unknown_process_there_is_nothing_to_compare(varied: Programs) -> None:
    unknown = varied.get("/processes/none/differences")
    assert (unknown.status_code, unknown.json["code"]) == (404, "process_unknown")


@pytest.mark.parametrize("by", ["sam", "ivy"])
def test_who_may_not_see_the_matrix_may_not_see_this(varied: Programs, by: str) -> None:
    assert varied.get(HERE, by=by).status_code == 403
