"""A scenario's file: what a step may say, and that whatever it cannot say is refused with its place."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from engine import errors
from engine.simulation import scenario


def decoded(**whole: Any) -> scenario.Scenario:
    return scenario.decode(msgspec.json.encode(whole))


def refused(**whole: Any) -> str:
    with pytest.raises(errors.Invalid) as raised:
        decoded(**whole)
    assert raised.value.code == "scenario"
    assert raised.value.text["zh-CN"].startswith("场景文件有误：")
    assert raised.value.text["en"].startswith("the scenario cannot be read: ")
    return raised.value.text["en"].removeprefix("the scenario cannot be read: ")


def test_nothing_said_is_a_play_in_which_nothing_is_expected_but_no_incident() -> None:
    empty = decoded()
    assert empty == scenario.Scenario()
    assert (empty.deeds(), empty.expect.incidents, empty.start.agent) == ((), 0, "system")


def test_the_schema_that_a_file_names_is_no_part_of_the_scenario() -> None:
    assert decoded(**{"$schema": "../../../schemas/scenario.json"}) == scenario.Scenario()


STEPS = [
    ({"complete": "a"}, {"complete": "a", "agent": "system", "data": {}, "after": ""}),
    ({"complete": "a", "data": {"n": 1}, "agent": "li"}, {"complete": "a", "data": {"n": 1}, "agent": "li"}),
    ({"complete": "a", "after": "PT1H"}, {"complete": "a", "after": "PT1H"}),
    ({"answer": "j", "data": {"n": 1}}, {"answer": "j", "data": {"n": 1}}),
    ({"fail": "j"}, {"fail": "j", "kind": "error", "code": "", "text": ""}),
    ({"fail": "j", "kind": "technical"}, {"fail": "j", "kind": "technical"}),
    ({"fail": "j", "kind": "escalation", "code": "E"}, {"fail": "j", "kind": "escalation", "code": "E"}),
    ({"fail": "j", "message": "no line"}, {"fail": "j", "text": "no line", "message": ""}),
    ({"fail": "j", "text": "no line"}, {"fail": "j", "text": "no line", "message": ""}),
    ({"message": "m"}, {"message": "m", "key": None, "text": ""}),
    ({"message": "m", "key": "7"}, {"message": "m", "key": "7"}),
    ({"message": "m", "text": "said"}, {"message": "m", "text": "said"}),
    ({"signal": "s"}, {"signal": "s"}),
    ({"wait": "P1D"}, {"wait": "P1D"}),
    ({"until": "2026-03-03T09:00:00Z"}, {"until": datetime(2026, 3, 3, 9, tzinfo=UTC)}),
    ({"until": "2026-03-03T17:00:00+08:00"}, {"until": datetime(2026, 3, 3, 9, tzinfo=UTC)}),
    ({"set": {"n": 1}}, {"set": {"n": 1}}),
    ({"set": {}}, {"set": {}}),
    ({"cancel": "too late"}, {"cancel": "too late"}),
]


@pytest.mark.parametrize(("step", "read"), STEPS)
def test_a_step_is_read_as_it_is_meant(step: dict[str, Any], read: dict[str, Any]) -> None:
    (deed,) = decoded(steps=[step]).deeds()
    assert {name: getattr(deed, name) for name in read} == read


KINDS = "expected one of complete, fail, answer, message, signal, wait, until, set, cancel, found "
WRONG_STEPS = [
    ({}, KINDS + "-"),
    ({"after": "PT1H"}, KINDS + "-"),
    ({"do": 1}, KINDS + "-"),
    ({"text": "said"}, KINDS + "-"),
    ({"complete": ""}, KINDS + "complete"),
    ({"message": ""}, KINDS + "message"),
    ({"complete": "a", "message": "m"}, KINDS + "complete, message"),
    ({"fail": "a", "answer": "a"}, KINDS + "fail, answer"),
    ({"wait": "P1D", "until": "2026-03-03T09:00:00Z"}, KINDS + "wait, until"),
    ({"complete": "a", "by": "li"}, "Object contains unknown field `by`"),
    ({"complete": 5}, "Expected `str`, got `int` - at `$.complete`"),
    ({"complete": "a", "data": []}, "Expected `object`, got `array` - at `$.data`"),
    ({"fail": "a", "kind": "fatal"}, "Invalid enum value 'fatal' - at `$.kind`"),
    ({"set": None, "complete": "a"}, KINDS + "complete, set"),
    ({"set": 5}, "Expected `object | null`, got `int` - at `$.set`"),
    ({"until": "soon"}, "Invalid RFC3339 encoded datetime - at `$.until`"),
    ({"until": 5}, "Expected `datetime | null`, got `int` - at `$.until`"),
]


@pytest.mark.parametrize(("step", "why"), WRONG_STEPS)
def test_a_step_that_says_nothing_two_things_or_something_else_is_refused_with_its_number(step, why: str) -> None:
    assert refused(steps=[{"complete": "a"}, step]) == f"/steps/1: {why}"


@pytest.mark.parametrize(
    ("whole", "place"),
    [
        ({"start": {"at": "2026-03-03T09:00:00"}}, "/start/at"),
        ({"steps": [{"until": "2026-03-03T09:00:00"}]}, "/steps/0/until"),
    ],
)
def test_a_moment_says_its_offset(whole: dict[str, Any], place: str) -> None:
    assert refused(**whole) == f"{place}: expected an offset, such as +08:00"


@pytest.mark.parametrize(
    ("whole", "why"),
    [
        ({"stepz": []}, "unknown field `stepz`"),
        ({"steps": {}}, "`$.steps`"),
        ({"steps": ["complete a"]}, "`$.steps[0]`"),
        ({"start": {"when": 1}}, "unknown field `when`"),
        ({"start": {"data": 1}}, "`$.start.data`"),
        ({"answers": {"j": "yes"}}, "`$.answers[...]`"),
        ({"answers": {"j": ["yes"]}}, "`$.answers[...][0]`"),
        ({"calls": {"k": "x"}}, "`$.calls[...]`"),
        ({"calls": {"k": ["x"]}}, "`$.calls[...][0]`"),
        ({"silent": "j"}, "`$.silent`"),
        ({"customer": "C1"}, "`$.customer`"),
        ({"expect": {"finished": True}}, "unknown field `finished`"),
        ({"expect": {"ended": "yes"}}, "`$.expect.ended`"),
        ({"expect": {"done": "a"}}, "`$.expect.done`"),
        ({"expect": {"cost": "5"}}, "`$.expect.cost`"),
        ({"expect": {"incidents": 1.5}}, "`$.expect.incidents`"),
        ({"expect": {"work": {"a": {"colour": "red"}}}}, "unknown field `colour`"),
        ({"expect": {"work": {"a": {"priority": "high"}}}}, "`$.expect.work[...].priority`"),
    ],
)
def test_what_a_scenario_does_not_know_is_named(whole: dict[str, Any], why: str) -> None:
    assert why in refused(**whole)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", b'"x"', b"null", b"\xff\xfe", b"[" * 5000, b'{"a":' * 5000])
def test_what_is_no_json_object_is_refused(data: bytes) -> None:
    with pytest.raises(errors.Invalid) as raised:
        scenario.decode(data)
    assert raised.value.code == "scenario"


def test_what_is_said_of_a_work_item_may_be_that_nobody_holds_it() -> None:
    """Absent is not looked at, null is a value."""
    told = decoded(expect={"work": {"a": {"assignee": None}, "b": {}}}).expect.work
    assert told["a"].assignee is None
    assert told["b"].assignee is msgspec.UNSET


def test_a_scenario_is_written_and_read_back_the_same() -> None:
    steps = [step for step, _ in STEPS]
    whole = decoded(process="p", steps=steps, answers={"j": [{"n": 1}, {}]}, silent=["k"], expect={"done": ["a"]})
    assert scenario.decode(msgspec.json.encode(whole)) == whole
    assert len(whole.deeds()) == len(steps)
