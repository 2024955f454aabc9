"""A process as a folder of files (docs/process-folder.md), read into a base program, its variants and its scenarios.

Every problem of every file at once: file, JSON pointer, element.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from engine.definitions import process, schemas, steps
from engine.forms import check as form_check
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import both


class Reading(Protocol):
    """What reading a BPMN file gave."""

    @property
    def programs(self) -> Sequence[Program]: ...

    @property
    def problems(self) -> Sequence[Problem]: ...


Reader = Callable[[bytes, str], Reading]
"""Bytes of a BPMN file and the file's name."""


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """``definition`` and ``program`` are None when their files cannot be read; ``problems`` then says why.

    ``variants`` and ``scenarios`` hold the documents that satisfy their schema, by file stem.
    """

    name: str
    definition: process.Definition | None
    program: Program | None
    variants: dict[str, dict[str, Any]]
    scenarios: dict[str, dict[str, Any]]
    problems: tuple[Problem, ...]
    drawing: bytes = b""
    """process.bpmn as it stands."""


def load(folder: Path, *, read: Reader) -> Folder:
    """Never raises for what an author wrote: a folder without process.bpmn gives a Folder with that problem."""
    problems: list[Problem] = []
    document = _document(folder / "process.json", "process.json", problems)
    drawing = _bytes(folder / "process.bpmn", problems)
    drawn = _drawn(drawing, read, problems) if drawing else None
    forms = _forms(folder / "forms", problems)
    decisions = {path.stem: path.read_text(encoding="utf-8") for path in _files(folder / "decisions", "*.dmn")}
    definition = program = None
    if document is not None and not [problem for problem in problems if problem.file == "process.json"]:
        definition = process.of(document)
        problems += _named_alike(folder.name, definition, drawn)
        if drawn is not None:
            program, found = merge(drawn, document, forms=forms, decisions=decisions)
            problems += found
    return Folder(
        name=folder.name,
        definition=definition,
        program=program,
        variants=_documents(folder / "variants", "variant.json", problems),
        scenarios=_documents(folder / "scenarios", "scenario.json", problems),
        problems=tuple(problems),
        drawing=drawing,
    )


def merge(
    drawn: Program,
    document: Mapping[str, Any],
    *,
    forms: dict[str, dict[str, Any]],
    decisions: dict[str, str],
) -> tuple[Program, list[Problem]]:
    """The drawing with what process.json says about its steps and flows: the base program."""
    problems = list(_strangers(drawn, document))
    said: Mapping[str, Mapping[str, Any]] = document["steps"]
    start = document["start"]
    merged = []
    for node in drawn.nodes:
        parts = dict(said.get(node.id, {}))
        if node.id == start["node"] and isinstance(node, nodes.StartEvent):
            parts.setdefault("form", start["form"])
        merged.append(with_buttons(_fitted(node, parts, problems), forms))
    flows = []
    for flow in drawn.flows:
        parts = document.get("flows", {}).get(flow.id, {})
        condition = steps.feel(parts["condition"]) if "condition" in parts else flow.condition
        flows.append(msgspec.structs.replace(flow, condition=condition, texts=parts.get("names", flow.texts)))
    program = msgspec.structs.replace(
        drawn,
        key=document["key"],
        texts=dict(document["names"]),
        nodes=tuple(merged),
        flows=tuple(flows),
        forms={**drawn.forms, **forms},
        decisions={**drawn.decisions, **decisions},
        parameters={name: parameter["value"] for name, parameter in document.get("parameters", {}).items()},
        outputs=tuple(document.get("outputs", drawn.outputs)),
        optional_outputs=tuple(document.get("outputs", drawn.optional_outputs)),
    )
    return program, problems + list(complete(program))


def _fitted(node: nodes.AnyNode, parts: Mapping[str, Any], problems: list[Problem]) -> nodes.AnyNode:
    """The node with every part that fits; those that do not are told, all of them."""
    for part, said in parts.items():
        try:
            node = steps.overlay(node, {part: said})
        except steps.DoesNotFit as misfit:
            problems.append(_misfit(node, misfit))
    return node


def complete(program: Program) -> Iterator[Problem]:
    """What every step of the catalogue must have: names, a performer, and forms and decisions that exist."""
    for node in program.nodes:
        if isinstance(node, nodes.Activity) and not node.texts:
            yield _about(node, "step_without_names", "步骤没有中英文名称", "the step has no names in zh-CN and en")
        if isinstance(node, nodes.UserTask) and not _has_performer(node):
            yield _about(node, "task_without_performer", "人工任务没有承担者", "the user task has no performer")
        form = getattr(node, "form", "")
        if form and form not in program.forms:
            yield _about(node, "form_missing", f"找不到表单 {form}", f"there is no form {form!r} in forms/")
        if isinstance(node, nodes.BusinessRuleTask) and node.decision and node.decision not in program.decisions:
            yield _about(
                node,
                "decision_missing",
                f"找不到决策 {node.decision}",
                f"there is no {node.decision}.dmn in decisions/",
            )


def with_buttons(node: nodes.AnyNode, forms: Mapping[str, Mapping[str, Any]]) -> nodes.AnyNode:
    """A user task's buttons are the values of its form's property with the widget ``actions``."""
    if not isinstance(node, nodes.UserTask) or node.form not in forms:
        return node
    buttons = _buttons(forms[node.form])
    return msgspec.structs.replace(node, actions=buttons) if buttons else node


def _buttons(form: Mapping[str, Any]) -> tuple[str, ...]:
    """Of a form that is wrong, which ``forms/check.py`` tells, there are none."""
    properties = form.get("properties")
    for said in properties.values() if isinstance(properties, Mapping) else ():
        hints = said.get("x-ui") if isinstance(said, Mapping) else None
        if isinstance(hints, Mapping) and hints.get("widget") == "actions" and isinstance(said.get("enum"), list):
            return tuple(value for value in said["enum"] if isinstance(value, str))
    return ()


def _has_performer(task: nodes.UserTask) -> bool:
    who = task.performer
    return bool(who.assignee or who.users or who.groups or who.rule)


def _strangers(drawn: Program, document: Mapping[str, Any]) -> Iterator[Problem]:
    """Ids in process.json that the drawing does not have."""
    node_ids = {node.id for node in drawn.nodes}
    flow_ids = {flow.id for flow in drawn.flows}
    places = [(f"/steps/{name}", name, node_ids) for name in document["steps"]]
    places += [(f"/flows/{name}", name, flow_ids) for name in document.get("flows", {})]
    lane_ids = {lane.id for lane in drawn.lanes}
    places += [(f"/lanes/{name}", name, lane_ids) for name in document.get("lanes", {})]
    places += [
        (f"/policy/{name}", name, node_ids | flow_ids | {"*"} | set(document.get("parameters", {})))
        for name in document.get("policy", {})
    ]
    places.append(("/start/node", document["start"]["node"], node_ids))
    for part, keys in (("invariants", ("step", "first", "second")), ("kpis", ("from", "to"))):
        for number, entry in enumerate(document.get(part, ())):
            places += [(f"/{part}/{number}/{key}", entry[key], node_ids) for key in keys if key in entry]
    for pointer, name, known in places:
        if name not in known:
            yield Problem(
                code="element_unknown",
                text=both(zh=f"流程图中没有元素 {name}", en=f"the drawing has no element {name!r}"),
                file="process.json",
                pointer=pointer,
                element=name,
            )


def _named_alike(folder: str, definition: process.Definition, drawn: Program | None) -> Iterator[Problem]:
    if folder != definition.key:
        yield Problem(
            code="folder_named_otherwise",
            text=both(
                zh=f"文件夹名 {folder} 与流程键 {definition.key} 不同",
                en=f"the folder {folder!r} holds the process {definition.key!r}",
            ),
            file="process.json",
            pointer="/key",
        )
    if drawn is not None and drawn.key != definition.key:
        yield Problem(
            code="drawing_named_otherwise",
            text=both(
                zh=f"流程图的 id 是 {drawn.key}，应为 {definition.key}",
                en=f"the drawing's process id is {drawn.key!r}, expected {definition.key!r}",
            ),
            file="process.bpmn",
            element=drawn.key,
        )


def _drawn(drawing: bytes, read: Reader, problems: list[Problem]) -> Program | None:
    reading = read(drawing, "process.bpmn")
    problems += reading.problems
    if len(reading.programs) > 1:
        problems.append(
            Problem(
                code="several_processes",
                text=both(zh="一个文件夹只能有一个流程", en="a folder holds one process, its drawing has several"),
                file="process.bpmn",
            )
        )
    return reading.programs[0] if reading.programs else None


def _forms(folder: Path, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    forms = {}
    for path in _files(folder, "*.json"):
        name = f"forms/{path.name}"
        document, found = schemas.parse(path.read_bytes(), file=name)
        problems += found
        if isinstance(document, dict):
            problems += [msgspec.structs.replace(problem, file=name) for problem in form_check.vet(document)]
            forms[path.stem] = document
    return forms


def _documents(folder: Path, schema: str, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    return {
        path.stem: document
        for path in _files(folder, "*.json")
        if (document := _document(path, schema, problems, inside=folder.name)) is not None
    }


def _document(path: Path, schema: str, problems: list[Problem], *, inside: str = "") -> dict[str, Any] | None:
    """None when it is missing or wrong; ``problems`` then says why."""
    name = f"{inside}/{path.name}" if inside else path.name
    data = _bytes(path, problems)
    if not data:
        return None
    document, found = schemas.read(data, schema=schema, file=name)
    problems += found
    return None if found else document


def _bytes(path: Path, problems: list[Problem]) -> bytes:
    if path.is_file():
        return path.read_bytes()
    problems.append(
        Problem(
            code="file_missing", text=both(zh=f"缺少文件 {path.name}", en=f"{path.name} is missing"), file=path.name
        )
    )
    return b""


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern)) if folder.is_dir() else []


def _misfit(node: nodes.Node, misfit: steps.DoesNotFit) -> Problem:
    return Problem(
        code="part_does_not_fit",
        text=both(zh=f"{misfit.kind} 不能有 {misfit.part}", en=str(misfit)),
        file="process.json",
        pointer=f"/steps/{node.id}/{misfit.part}",
        element=node.id,
        name=node.name,
    )


def _about(node: nodes.Node, code: str, zh: str, en: str) -> Problem:
    return Problem(
        code=code,
        text=both(zh=zh, en=en),
        file="process.json",
        pointer=f"/steps/{node.id}",
        element=node.id,
        name=node.name,
    )
