"""A decision table as a grid: rows and columns come and go, each cell is checked, test rows are run, and it is saved.

The whole table travels in the form: nothing is kept before it is saved, and nothing that was typed is lost on the way.
"""

from collections.abc import Mapping
from typing import Any, cast

import flask
import msgspec

from engine import errors
from engine.definitions import decisions, edits
from engine.dmn import sheet as sheets
from engine.dmn.model import AGGREGATIONS, HIT_POLICIES
from engine.dmn.sheet import Input, Output, Row, Sheet, Trial
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("sheets", __name__, url_prefix="/designer")
TYPES = ("", "string", "number", "boolean", "date", "dateTime", "days and time duration", "years and months duration")


@blueprint.get("/<key>/<int:n>/decisions")
@door.needs("process.draw")
def choose(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """From the form that asks for a key: an empty table, or the one that has it."""
    decision = flask.request.args.get("decision", "").strip()
    if not decision:
        return flask.redirect(flask.url_for("designer.version", key=key, n=n))
    return flask.redirect(flask.url_for("sheets.show", key=key, n=n, decision=decision))


@blueprint.get("/<key>/<int:n>/decisions/<decision>")
@door.needs("process.draw")
def show(key: str, n: int, decision: str) -> flask.typing.ResponseReturnValue:
    engine, me = visitor.engine(), visitor.me()
    try:
        found = decisions.opened(engine, process=key, n=n, key=decision, agent=me)
        return _page(key, n, found.sheet, found.seen)
    except errors.NotFound as error:
        if error.code != "decision_unknown":
            raise
    return _page(key, n, _empty(decision), edits.newest(engine, process=key, agent=me))


@blueprint.post("/<key>/<int:n>/decisions/<decision>")
@door.needs("process.draw")
def act(key: str, n: int, decision: str) -> flask.typing.ResponseReturnValue:
    """``do``: ``check``, ``save``, ``add-rule`` ... or ``drop-rule-3``."""
    form = flask.request.form
    table = entered(decision, form)
    deed, seen = form.get("do", "check"), form.get("seen", "")
    if deed != "save":
        edits.newest(visitor.engine(), process=key, agent=visitor.me())  # raises NotFound for no process
        return _page(key, n, _changed(table, deed), seen)
    try:
        made = decisions.save(
            visitor.engine(), process=key, n=n, table=table, seen=seen, agent=visitor.me(), now=visitor.now()
        )
    except (errors.Invalid, errors.Conflict) as error:
        return _page(key, n, table, seen, error), error.status
    version = next(one for one in made.versions if one.process == key)
    flask.flash(language.t("sheet.saved", n=version.n), "good")
    return flask.redirect(flask.url_for("sheets.show", key=key, n=version.n, decision=decision), 303)


def entered(decision: str, form: Mapping[str, str]) -> Sheet:
    """What stands in the boxes, up to the bounds of a sheet."""
    inputs, outputs = _count(form, "inputs"), _count(form, "outputs")
    width = inputs + outputs

    def at(name: str) -> str:
        return form.get(name, "").strip()

    return Sheet(
        key=decision,
        name=at("name")[:200] or decision,
        hit_policy=cast(Any, at("policy") or "UNIQUE"),
        aggregation=cast(Any, at("aggregation")),
        inputs=tuple(
            Input(expression=at(f"input-{i}"), label=at(f"label-{i}"), type=at(f"input-type-{i}"))
            for i in range(inputs)
        ),
        outputs=tuple(Output(name=at(f"output-{i}"), type=at(f"output-type-{i}")) for i in range(outputs)),
        rows=tuple(
            Row(cells=tuple(at(f"cell-{row}-{i}") for i in range(width)), note=at(f"note-{row}"))
            for row in range(_count(form, "rows"))
        ),
        trials=tuple(
            Trial(
                given=tuple(at(f"given-{row}-{i}") for i in range(inputs)),
                expected=tuple(at(f"expected-{row}-{i}") for i in range(outputs)),
            )
            for row in range(_count(form, "trials"))
        ),
    )


def _count(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "0")
    return min(int(text), sheets.MOST_ROWS + 1) if text.isdecimal() and len(text) < 6 else 0


def _changed(table: Sheet, deed: str) -> Sheet:
    """A row or column more or less; anything else leaves it as it is."""
    verb, _, rest = deed.partition("-")
    what, _, number = rest.partition("-")
    at = int(number) if number.isdecimal() and len(number) < 6 else -1
    if verb == "add":
        return _more(table, what)
    if verb == "up" and 0 < at < len(table.rows):
        rows = list(table.rows)
        rows[at - 1 : at + 1] = rows[at], rows[at - 1]
        return msgspec.structs.replace(table, rows=tuple(rows))
    return _less(table, what, at) if verb == "drop" and at >= 0 else table


def _more(table: Sheet, what: str) -> Sheet:
    replace = msgspec.structs.replace
    if what == "rule":
        cells = ("-",) * len(table.inputs) + ("",) * len(table.outputs)
        return replace(table, rows=(*table.rows, Row(cells=cells)))
    if what == "trial":
        blank = Trial(given=("",) * len(table.inputs), expected=("",) * len(table.outputs))
        return replace(table, trials=(*table.trials, blank))
    if what not in ("input", "output"):
        return table
    place = len(table.inputs) + (len(table.outputs) if what == "output" else 0)
    cell = "-" if what == "input" else ""
    rows = tuple(replace(row, cells=(*row.cells[:place], cell, *row.cells[place:])) for row in table.rows)
    field = "given" if what == "input" else "expected"
    trials = tuple(replace(one, **{field: (*getattr(one, field), "")}) for one in table.trials)
    if what == "input":
        return replace(table, inputs=(*table.inputs, Input(expression="")), rows=rows, trials=trials)
    return replace(table, outputs=(*table.outputs, Output(name="")), rows=rows, trials=trials)


def _less(table: Sheet, what: str, at: int) -> Sheet:
    replace = msgspec.structs.replace

    def without(items: tuple[Any, ...], number: int) -> tuple[Any, ...]:
        return items[:number] + items[number + 1 :]

    if what == "rule":
        return replace(table, rows=without(table.rows, at))
    if what == "trial":
        return replace(table, trials=without(table.trials, at))
    columns = {"input": table.inputs, "output": table.outputs}.get(what, ())
    if at >= len(columns):
        return table
    place = at + (len(table.inputs) if what == "output" else 0)
    rows = tuple(replace(row, cells=without(row.cells, place)) for row in table.rows)
    field = "given" if what == "input" else "expected"
    trials = tuple(replace(one, **{field: without(getattr(one, field), at)}) for one in table.trials)
    return replace(table, rows=rows, trials=trials, **{f"{what}s": without(columns, at)})


def _empty(decision: str) -> Sheet:
    return Sheet(
        key=decision,
        name=decision,
        inputs=(Input(expression=""),),
        outputs=(Output(name=""),),
        rows=(Row(cells=("-", "")),),
    )


def _page(key: str, n: int, table: Sheet, seen: str, error: errors.CrmflowError | None = None) -> str:
    findings = sheets.examine(table)
    wrong: dict[str, list[Any]] = {}
    for one in findings.wrong:
        wrong.setdefault(one.place, []).append(one)
    return flask.render_template(
        "designer/sheet.html",
        process=known.processes()[key],
        key=key,
        n=n,
        table=table,
        seen=seen,
        findings=findings,
        wrong=wrong,
        refused=language.said(error.text) if error else "",
        types=TYPES,
        policies=HIT_POLICIES,
        aggregations=AGGREGATIONS,
    )
