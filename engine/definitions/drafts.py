"""Drawing in the browser: a process from nothing, a version as the modeler opens it, its problems while it is drawn,
and its draft, saved by whoever saw the newest."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine import errors, records
from engine.definitions import contents, publish
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Flow, Program
from engine.model.text import LOCALES, Text, both, pick
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

LARGEST_DRAWING = 5_000_000
"""Bytes of XML; real drawings have less than a hundredth of it."""
LONGEST_NAME = 200
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
"""What XML takes for an id, and an address for a part of it."""
PILLARS = ("MA", "SFA", "CSS", "X")
OWN_WORDS = b"https://crmflow.dev/schema/bpmn/1.0"
PREFIX = b"xmlns:crmflow="
"""The modeler knows our words by this prefix only."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    version: records.BaseVersion
    program: Program
    drawing: bytes
    """BPMN XML whose particulars are in the house's own words."""
    translated: bool
    """It is not the file that was uploaded: that one speaks another vendor's words, or a folder says more than it."""
    seen: str
    """Names what the newest version is now: whoever saves says it again."""


def begin(
    engine: Engine, *, key: str, names: Mapping[str, str], pillar: str = "X", agent: Agent, now: datetime
) -> records.BaseVersion:
    """A new process of one step, as the draft of its first version.

    Raises errors.Forbidden, errors.Invalid with every wrong place, and errors.Conflict for a key that is taken.
    """
    rights.need(agent, "process.draw")
    texts = {locale: names[locale].strip() for locale in LOCALES if names.get(locale, "").strip()}
    _sound(key, texts, pillar)

    def work(tx: Transaction) -> records.BaseVersion:
        if tx.processes.get(key) is not None:
            raise errors.Conflict(
                "process_exists",
                zh=f"已有流程 {key}，请换一个编号。",
                en=f"There is a process {key!r} already; choose another key.",
                process=key,
            )
        drawing = engine.writer(_first(key, texts))
        file = f"{key}.bpmn"
        made = publish.within(engine, tx, name=file, files={file: drawing}, agent=agent, now=now, source="designer")
        process = tx.processes.get(key)
        if process is not None:
            tx.processes.put(msgspec.structs.replace(process, pillar=pillar))
        return made.versions[0]

    return engine.store.run(work)


def _sound(key: str, texts: Text, pillar: str) -> None:
    found = []
    if not KEY.fullmatch(key):
        words = both(
            zh="编号以字母开头，由字母、数字、“-”“_”“.”组成，最多 64 个字符",
            en="A key begins with a letter and has letters, digits, - _ and . only, at most 64 of them",
        )
        found.append(Problem(code="process_key", text=words, pointer="/key"))
    if not texts or any(len(text) > LONGEST_NAME for text in texts.values()):
        words = both(
            zh=f"至少用一种语言写出名称，不超过 {LONGEST_NAME} 个字符",
            en=f"A name in one language at least, of at most {LONGEST_NAME} characters",
        )
        found.append(Problem(code="process_names", text=words, pointer="/names"))
    if pillar not in PILLARS:
        words = both(zh=f"流程领域应为 {'、'.join(PILLARS)} 之一", en=f"A pillar is one of {', '.join(PILLARS)}")
        found.append(Problem(code="process_pillar", text=words, pointer="/pillar"))
    if found:
        raise errors.Invalid(
            "process_wrong", zh="无法新建流程。", en="The process cannot be made.", problems=tuple(found)
        )


def _first(key: str, texts: Text) -> Program:
    step = both(zh="第一步", en="First step")
    return Program(
        key=key,
        name=pick(texts, LOCALES[0]),
        texts=texts,
        nodes=(
            nodes.StartEvent(id="Start", name="开始", texts=both(zh="开始", en="Start")),
            nodes.UserTask(id="Step_1", name=step["zh-CN"], texts=step),
            nodes.EndEvent(id="End", name="结束", texts=both(zh="结束", en="End")),
        ),
        flows=(
            Flow(id="Flow_1", source="Start", target="Step_1"),
            Flow(id="Flow_2", source="Step_1", target="End"),
        ),
    )


def opened(engine: Engine, *, process: str, n: int, agent: Agent) -> Opened:
    """A version as the modeler shows it. Raises errors.Forbidden, and errors.NotFound for one that cannot be read."""
    rights.need(agent, "process.draw")
    with engine.store.reading() as tx:
        version, newest = _version(tx, process, n), tx.processes.versions(process)[0]
        resource = tx.processes.resource(version.resource_id)
        program = tx.programs.get(version.program) if version.program else None
        beside = _beside(tx, resource)
    if resource is None or program is None:
        raise errors.NotFound(
            "drawing_unreadable",
            zh=f"{process} v{n} 的文件无法读取，不能打开绘图；请修正后重新上传。",
            en=f"The file of {process} v{n} cannot be read and not be drawn on; mend it and upload it again.",
            process=process,
            n=n,
        )
    own = _own(engine, resource, beside, program)
    return Opened(
        version=version,
        program=program,
        drawing=resource.content if own else engine.writer(program),
        translated=not own,
        seen=newest.resource_id,
    )


def check(engine: Engine, *, process: str, n: int, drawing: bytes, agent: Agent) -> tuple[Problem, ...]:
    """Everything that is wrong with a drawing as it is now, beside the forms and decisions of version ``n``; nothing is
    kept. Raises errors.Forbidden, errors.NotFound and errors.TooLarge."""
    rights.need(agent, "process.see")
    _bounded(drawing)
    with engine.store.reading() as tx:
        resource = tx.processes.resource(_version(tx, process, n).resource_id)
        name = resource.name if resource else f"{process}.bpmn"
        held = contents.read(engine, {**_beside(tx, resource), name: drawing})
        mine = next((program for _, program in held.programs if program.key == process), None)
        if mine is None:
            return (*held.problems[name], *([] if held.problems[name] else [_another(process, held)]))
        return contents.problems(engine, tx, held, name, mine)


def save(
    engine: Engine, *, process: str, n: int, drawing: bytes, seen: str, agent: Agent, now: datetime
) -> publish.Deployed:
    """Version ``n`` as it is drawn now: over the draft that is the newest version, else as the draft of the next one.

    ``seen`` is what ``opened`` or the last save told. Raises errors.Forbidden, errors.NotFound, errors.TooLarge,
    errors.Conflict when somebody else has saved since, and errors.Invalid for a drawing that cannot be read at all.
    """
    rights.need(agent, "process.draw")
    _bounded(drawing)

    def work(tx: Transaction) -> publish.Deployed:
        version, newest = _version(tx, process, n), tx.processes.versions(process)[0]
        if newest.resource_id != seen:
            raise changed(newest)
        resource = tx.processes.resource(version.resource_id)
        name = resource.name if resource else f"{process}.bpmn"
        files = {**_beside(tx, resource), name: drawing}
        held = contents.read(engine, files)
        if process not in {program.key for _, program in held.programs}:
            raise errors.Invalid(
                "drawing_unreadable",
                zh="这张图无法保存。",
                en="This drawing cannot be saved.",
                problems=tuple(held.problems[name]) or (_another(process, held),),
            )
        source = f"drawn over {process} v{n}"
        return publish.within(engine, tx, name=name, files=files, agent=agent, now=now, source=source, drawn=process)

    return engine.store.run(work)


def _own(engine: Engine, resource: records.Resource, beside: Mapping[str, bytes], program: Program) -> bool:
    """Whether the file itself says, in the standard's and the house's words alone, all that the program means, and
    shows it: a file without a drawing is laid out by the writer."""
    reading = engine.reader(resource.content, file=resource.name)
    if reading.dialect not in ("plain", "crmflow"):
        return False
    if b"BPMNDiagram" not in resource.content or (OWN_WORDS in resource.content) > (PREFIX in resource.content):
        return False
    held = contents.read(engine, {**beside, resource.name: resource.content})
    return program.sha256 in {found.sha256 for _, found in held.programs}


def _beside(tx: Transaction, resource: records.Resource | None) -> dict[str, bytes]:
    """Forms and decisions that came with it."""
    if resource is None:
        return {}
    return {one.name: one.content for one in tx.processes.resources(resource.deployment_id) if one.kind != "bpmn"}


def _version(tx: Transaction, process: str, n: int) -> records.BaseVersion:
    found = tx.processes.version(process, n)
    if found is None:
        raise publish.no_version(process, n)
    return found


def changed(newest: records.BaseVersion) -> errors.Conflict:
    """Raised here and by what else saves into a draft."""
    return errors.Conflict(
        "draft_changed",
        zh=f"{newest.created_by} 已先保存了 {newest.process} v{newest.n}；你画的内容还在，可下载或另存。",
        en=f"{newest.created_by} has saved {newest.process} v{newest.n} meanwhile; what you drew is still here.",
        process=newest.process,
        n=newest.n,
        by=newest.created_by,
        at=newest.created_at.isoformat(),
        seen=newest.resource_id,
    )


def _another(process: str, held: contents.Contents) -> Problem:
    found = ", ".join(program.key for _, program in held.programs) or "-"
    return Problem(
        code="drawing_of_another",
        text=both(
            zh=f"图中的流程编号应为 {process}，现在是 {found}；编号不能更改",
            en=f"The drawing is of the process {found}, expected {process}: a key is never changed",
        ),
    )


def _bounded(drawing: bytes) -> None:
    if len(drawing) > LARGEST_DRAWING:
        raise errors.TooLarge(
            "drawing_too_large",
            zh=f"流程图不能超过 {LARGEST_DRAWING // 1_000_000} MB。",
            en=f"A drawing has at most {LARGEST_DRAWING // 1_000_000} MB.",
        )
