"""A filled form against its schema, and what a form shows before anybody filled it in."""

from collections.abc import Mapping
from typing import Any

from engine import errors, records
from engine.attachments import fields
from engine.forms import check, frozen, rows, steps
from engine.kernel import codec, view
from engine.ports import Engine, Transaction


def schema(engine: Engine, tx: Transaction, item: records.WorkItem) -> dict[str, Any] | None:
    """The form as it was when the program was frozen, as this step has it; None for a task without one."""
    return steps.of(engine.plans.get(tx, item.program).program.forms, item.form, item.node)


def values(tx: Transaction, item: records.WorkItem) -> dict[str, Any]:
    """The variables that the work item sees."""
    kept = tx.steps.read(item.instance_id)
    if kept is None or item.status != "open":
        return {}
    return view.visible(codec.decode(kept.state), item.wait)


def given(engine: Engine, tx: Transaction, item: records.WorkItem) -> dict[str, Any]:
    """The same without what this step does not see: no page and no program that works on it is given that."""
    found, form = values(tx, item), _whole_form(engine, tx, item)
    if form is None:
        return found
    concealed, columns = steps.hidden(form, item.node)
    return rows.given(columns, {name: value for name, value in found.items() if name not in concealed})


def _whole_form(engine: Engine, tx: Transaction, item: records.WorkItem) -> dict[str, Any] | None:
    found: dict[str, Any] | None = engine.plans.get(tx, item.program).program.forms.get(item.form)
    return found


def checked(engine: Engine, tx: Transaction, *, item: records.WorkItem, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the process takes over. A task without a form takes what it is given, within the bounds of a form.

    Read-only fields may be sent back unchanged; they are not taken. Raises errors.Invalid with every problem.
    """
    form = schema(engine, tx, item)
    if form is None:
        bounded(data)
        return dict(data)
    problems = check.check(form, data) + fields.problems(tx, form, data, instance_id=item.instance_id)
    stored = values(tx, item)
    _, columns = steps.hidden(_whole_form(engine, tx, item) or {}, item.node)
    shown = rows.given(columns, stored)
    problems += frozen.problems(form, data, shown)
    if problems:
        raise errors.Invalid(
            "form_invalid",
            zh=f"表单有 {len(problems)} 处需要修改。",
            en=f"The form has {len(problems)} places to mend.",
            problems=problems,
            work_item=item.id,
        )
    return rows.whole(columns, frozen.taken(form, data, shown), stored)


def yes(form: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the first of the form's buttons hands in; None where the form asks for more than that."""
    if form is None:
        return {}
    data = {
        name: part["enum"][0]
        for name, part in form.get("properties", {}).items()
        if isinstance(part, Mapping) and part.get("x-ui", {}).get("widget") == "actions" and part.get("enum")
    }
    return None if check.check(form, data) else data


def bounded(data: Mapping[str, Any]) -> None:
    """Raises errors.TooLarge for more than a form can hold."""
    check.bounded(data)
