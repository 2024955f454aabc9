"""The whole engine as ``build`` puts it together: an upload runs by itself, a closed engine leaves nothing."""

import threading
import time
from pathlib import Path

from engine import app, ports
from engine.definitions import publish
from engine.inbox import act, listing
from engine.people.agent import SYSTEM, Agent
from engine.runtime import instances, start
from engine.settings import Settings

ANNA = Agent(key="anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
BPMN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
  <process id="order" isExecutable="true" camunda:historyTimeToLive="P30D">
    <startEvent id="begin"/>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="ask"/>
    <serviceTask id="ask" name="Ask" camunda:type="external" camunda:topic="x"/>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="look"/>
    <userTask id="look" name="Look" camunda:candidateGroups="sales"/>
    <sequenceFlow id="f3" sourceRef="look" targetRef="done"/>
    <endEvent id="done"/>
  </process>
</definitions>
""".replace(b'camunda:type="external" camunda:topic="x"', b'camunda:class="com.example.Answer"')


def answer(call: ports.JobCall) -> ports.JobAnswer:
    return ports.JobAnswer(data={"answer": 42})


def until(true: object, seconds: float = 20) -> None:
    """Waits for another thread's work, at most ``seconds``."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        threading.Event().wait(0.005)


def begin(engine: ports.Engine) -> str:
    now = engine.clock.now()
    deployed = publish.deploy(engine, name="order", files={"order.bpmn": BPMN}, agent=SYSTEM, now=now)
    version = deployed.versions[0]
    publish.release(engine, process="order", n=version.n, agent=SYSTEM, now=now)
    begun = start.start(engine, process="order", customer_id=None, data={"a": 1}, agent=SYSTEM, now=now)
    return begun.instance.id


def test_what_is_uploaded_runs_by_itself(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, sweep_seconds=1000)
    engine = app.build(settings, more_handlers={"com.example.Answer": answer})
    try:
        case = begin(engine)

        def waiting() -> bool:
            return bool(listing.claimable(engine, agent=ANNA, now=engine.clock.now()).rows)

        until(waiting)
        (row,) = listing.claimable(engine, agent=ANNA, now=engine.clock.now()).rows
        done = act.complete(engine, work_item_id=row.item.id, data={}, agent=ANNA, now=engine.clock.now())
        assert done.status == "completed"
        assert instances.get(engine, instance_id=case).variables["answer"] == 42
    finally:
        engine.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("crmflow-dispatcher")]


def test_what_was_left_is_done_by_the_next_engine(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, queue="inline")
    first = app.build(settings, dispatcher=False)
    case = begin(first)
    first.close()
    second = app.build(settings, more_handlers={"com.example.Answer": answer})
    second.queue.ring([ports.Ring("job")])
    assert instances.get(second, instance_id=case).variables["answer"] == 42
    second.close()
