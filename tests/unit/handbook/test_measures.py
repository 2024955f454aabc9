"""How a process is measured is said in words: between which steps, over what, and what is aimed at."""

import json
from typing import Any

import msgspec
import pytest

from engine.definitions.process import Definition
from engine.handbook import measures
from engine.handbook.tell import Book
from engine.model import nodes
from engine.model.performer import Promise
from engine.model.program import Program
from engine.model.text import both
from tests.shared import ROOT

NAMED = both(zh="名称", en="A name")
PROGRAM = Program(
    key="P",
    nodes=(
        nodes.StartEvent(id="begin"),
        nodes.UserTask(id="ask", texts=both(zh="询问", en="Ask")),
        nodes.SubProcess(id="part", texts=both(zh="处理", en="Work")),
        nodes.StartEvent(id="inside", scope="part"),
        nodes.EndEvent(id="end"),
    ),
)


def told(locale: str, **kpi: Any) -> str:
    document = json.loads((ROOT / "processes/MA-08/process.json").read_text(encoding="utf-8"))
    kept = {name: document[name] for name in ("key", "pillar", "names", "purpose", "customer_output", "owner", "start")}
    definition = msgspec.convert({**kept, "kpis": [{"key": "k", "names": NAMED, **kpi}]}, Definition)
    (line,) = measures.write(PROGRAM, definition, Book(locale, {}, {}))
    return line


@pytest.mark.parametrize(
    ("kpi", "chinese", "english"),
    [
        (
            {"from": "ask", "to": "end", "target": "PT4H"},
            "从“询问”到“办结”，目标不超过 4 小时",
            "from “Ask” to “the end”, aim: at most 4 hours",
        ),
        ({"from": "inside"}, "从“处理”到“办结”，越低越好", "from “Work” to “the end”, lower is better"),
        ({"from": "begin", "to": "ask"}, "从“发起”到“询问”，越低越好", "from “the start” to “Ask”, lower is better"),
        ({}, "用时，越低越好", "time taken, lower is better"),
        (
            {"kind": "share", "better": "higher", "target": 0.95},
            "占办结的办件，目标不低于 95 %",
            "of the cases that ended, aim: at least 95 %",
        ),
        ({"kind": "rating", "target": 33}, "平均值，目标不超过 33", "the mean, aim: at most 33"),
        ({"kind": "amount"}, "每个办件的数值，越低越好", "the figure of each case, lower is better"),
        ({"kind": "count", "better": "higher"}, "次数，越高越好", "how often, higher is better"),
    ],
)
def test_a_measure_says_what_is_counted_and_what_is_aimed_at(kpi: dict[str, Any], chinese: str, english: str) -> None:
    assert told("zh-CN", **kpi) == f"* **名称**：{chinese}"
    assert told("en", **kpi) == f"* **A name**: {english}"


@pytest.mark.parametrize(
    ("promise", "chinese", "english"),
    [
        ({"duration": "PT4H"}, "4 小时", "4 hours"),
        ({"duration": "PT4H", "calendar": "cn-24x7"}, "4 小时", "4 hours"),
        ({"duration": "P2D", "calendar": "cn-5x8"}, "2 天（工作时间）", "2 days (working time)"),
        (
            {"duration": "PT4H", "calendar": "house", "goal": "PT1H"},
            "4 小时（工作时间，目标 1 小时）",
            "4 hours (working time, goal 1 hour)",
        ),
    ],
)
def test_a_promise_says_whether_it_counts_in_working_time(promise: dict[str, str], chinese: str, english: str) -> None:
    made = Promise(**promise)
    assert (Book("zh-CN", {}, {}).promise(made), Book("en", {}, {}).promise(made)) == (chinese, english)
