"""The forms of a version: opened to be edited, and saved into the process's draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.definitions import drafts, edits, folder, publish
from engine.forms import review, steps
from engine.model import nodes
from engine.model import problem as problems_of
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    version: records.BaseVersion
    program: Program
    schema: dict[str, Any]
    seen: str
    """What the newest version is now: a save says it again."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    schema: dict[str, Any]
    shown_at: tuple[str, ...] | None = None
    """Ids of the user tasks and start events that show it from now on; None changes nothing about that."""


def opened(engine: Engine, *, process: str, n: int, key: str, agent: Agent) -> Opened:
    """Raises errors.Forbidden, and errors.NotFound for a version or a form that is not there."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        version, program = edits.readable(tx, process, n)
        newest = tx.processes.versions(process)[0]
    schema = program.forms.get(key)
    if schema is None:
        raise _unknown(key, program)
    return Opened(version=version, program=program, schema=schema, seen=newest.resource_id)


def readable(engine: Engine, *, process: str, n: int) -> Program:
    """Of a version that can be read. Raises errors.NotFound."""
    with engine.store.reading() as tx:
        return edits.readable(tx, process, n)[1]


def users(program: Program, key: str) -> list[nodes.StartEvent | nodes.UserTask]:
    """The steps that show this form, in the order of the drawing."""
    return [node for node in program.nodes if isinstance(node, nodes.StartEvent | nodes.UserTask) and node.form == key]


def save(
    engine: Engine, *, process: str, n: int, form: Form, seen: str, agent: Agent, now: datetime
) -> publish.Deployed:
    """Version ``n`` with this form in place of its own, or as one more: over the draft that is the newest version, else
    as the draft of the next one. The buttons of the steps that show it follow.

    Raises errors.Forbidden, errors.NotFound, errors.Conflict when somebody else has saved since, and errors.Invalid
    with every place that is wrong; warnings stop nothing.
    """
    rights.need(agent, "process.draw")
    _sound(form)

    return edits.save(
        engine,
        process=process,
        n=n,
        change=lambda program: (_with(program, form), {}),
        what=f"form {form.key}",
        seen=seen,
        agent=agent,
        now=now,
    )


def problems(program: Program, schema: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the form, and rights for steps that the process does not have."""
    known = {node.id for node in program.nodes}
    strangers = sorted(steps.named(schema) - known)
    return [
        *review.problems(schema),
        *(Problem(code="form_step_unknown", text=_no_step(step), severity="warning") for step in strangers),
    ]


def _with(program: Program, form: Form) -> Program:
    forms = {**program.forms, form.key: form.schema}
    shows = {node.id for node in users(program, form.key)} if form.shown_at is None else set(form.shown_at)
    found = [_showing(node, form.key, node.id in shows, forms) for node in program.nodes]
    wrong = shows - {node.id for node in users(msgspec.structs.replace(program, nodes=tuple(found)), form.key)}
    if wrong:
        raise errors.Invalid(
            "form_step_unknown",
            zh=f"没有可显示表单的步骤 {'、'.join(sorted(wrong))}。",
            en=f"There is no step {', '.join(sorted(wrong))} that could show a form.",
            problems=[Problem(code="form_step_unknown", text=_no_step(step), element=step) for step in sorted(wrong)],
        )
    return msgspec.structs.replace(program, nodes=tuple(found), forms=forms)


def _showing(node: nodes.AnyNode, key: str, shows: bool, forms: Mapping[str, dict[str, Any]]) -> nodes.AnyNode:
    if not isinstance(node, nodes.StartEvent | nodes.UserTask) or (node.form != key and not shows):
        return node
    return folder.with_buttons(msgspec.structs.replace(node, form=key if shows else ""), forms)


def _no_step(step: str) -> Text:
    return both(zh=f"流程中没有步骤“{step}”", en=f"The process has no step {step!r}")


def _sound(form: Form) -> None:
    if not drafts.KEY.fullmatch(form.key) or "." in form.key:
        raise errors.Invalid(
            "form_key",
            zh="表单的编号以字母开头，由字母、数字、“-”“_”组成。",
            en="A form's key begins with a letter and has letters, digits, - and _ only.",
        )
    wrong = problems_of.errors(review.problems(form.schema))
    if wrong:
        raise errors.Invalid(
            "form_wrong",
            zh=f"表单有 {len(wrong)} 处错误，没有保存。",
            en=f"The form has {len(wrong)} mistakes; it was not saved.",
            problems=wrong,
        )


def _unknown(key: str, program: Program) -> errors.NotFound:
    return errors.NotFound(
        "form_unknown",
        zh=f"没有表单 {key}；有：{'、'.join(sorted(program.forms)) or '无'}。",
        en=f"There is no form {key!r}; there are: {', '.join(sorted(program.forms)) or 'none'}.",
        form=key,
    )
