"""What one would write in an afternoon: SpiffWorkflow, its whole state as JSON in one column, loaded and saved a step.

The yardstick of every figure beside it: the same database, the same commit, the same twenty tasks in a row.
"""

import itertools
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench import world

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
    '<process id="lead" isExecutable="true"><startEvent id="begin"/>'
)
_METADATA = sa.MetaData()
CASE = sa.Table("naive", _METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.Text))


def drawing(tasks: int) -> bytes:
    ids = ["begin", *(f"task{number}" for number in range(tasks)), "done"]
    inner = "".join(f'<manualTask id="{name}" name="{name}"/>' for name in ids[1:-1])
    flows = "".join(
        f'<sequenceFlow id="to_{there}" sourceRef="{here}" targetRef="{there}"/>'
        for here, there in itertools.pairwise(ids)
    )
    return f'{HEAD}{inner}<endEvent id="done"/>{flows}</process></definitions>'.encode()


def measure(store: str, cases: int, tasks: int = 20) -> dict[str, float]:
    parser = BpmnParser()
    parser.add_bpmn_str(drawing(tasks))
    spec = parser.get_spec("lead")
    serializer = BpmnWorkflowSerializer()
    with TemporaryDirectory(prefix="crmflow-naive-") as folder, world.database(store, Path(folder)) as (url, cpu):
        db = sa.create_engine(url)
        _METADATA.create_all(db)
        keys = [_begin(db, serializer, spec) for _ in range(cases)]
        begun, cpu_begun, database_begun = time.perf_counter(), time.process_time(), cpu()
        for key in keys:
            for number in range(tasks):
                _complete(db, serializer, key, {"n": number})
        wall, steps = time.perf_counter() - begun, cases * tasks
        found = {
            "per_second": world.rounded(steps / wall),
            "cpu_ms": world.rounded((time.process_time() - cpu_begun) / steps * 1000),
            "database_cpu_ms": world.rounded((cpu() - database_begun) / steps * 1000),
        }
        db.dispose()
        return found


def _begin(db: sa.Engine, serializer: Any, spec: Any) -> int:
    workflow = BpmnWorkflow(spec)
    workflow.data.update(world.PAYLOAD)
    workflow.do_engine_steps()
    with db.begin() as connection:
        done = connection.execute(CASE.insert().values(state=serializer.serialize_json(workflow)))
        return int(done.inserted_primary_key[0])


def _complete(db: sa.Engine, serializer: Any, key: int, data: dict[str, Any]) -> None:
    with db.begin() as connection:
        state = connection.scalar(sa.select(CASE.c.state).where(CASE.c.id == key).with_for_update())
        workflow = serializer.deserialize_json(state)
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        task.data.update(data)
        task.run()
        workflow.do_engine_steps()
        text = serializer.serialize_json(workflow)
        connection.execute(CASE.update().where(CASE.c.id == key).values(state=text))
