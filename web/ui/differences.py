"""All variants of a process side by side: a heat map on the base, a table step x group, and both panes of one variant.

The table also as CSV, for spreadsheets, and as one HTML file that needs nothing else.
"""

import csv
import io

import flask
import msgspec

from engine.model.program import Diagram, Program
from engine.variants import diff, differences
from web.ui import cell, door, drawings, known, language, processes, visitor, words

blueprint = flask.Blueprint("differences", __name__, url_prefix="/differences")
WEIGHTS = ("variants", "cases")
HOTTEST = 4
"""Shades of the heat map: 1 is the faintest."""
STYLE = (
    "body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse}"
    "th,td{border:1px solid #999;padding:.4rem .6rem;text-align:left;vertical-align:top}thead th{background:#eee}"
    "td.differs{background:#fdf1dc}td.new{background:#e4f4ea}td.absent{background:#fdecea}"
)
"""Of the file that is handed out: it may lean on nothing."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


@blueprint.get("/<key>")
@door.needs("matrix.see")
def show(key: str) -> flask.typing.ResponseReturnValue:
    return flask.render_template(
        "differences/show.html", found=_found(key), weight=_weight(), weights=WEIGHTS, told=told
    )


@blueprint.get("/<key>/drawing")
@door.needs("matrix.see")
def heat(key: str) -> flask.typing.ResponseReturnValue:
    """The base; each step as hot as variants, or cases of variants, differ there."""
    found = _found(key)
    counted = found.touched if _weight() == "variants" else found.cases
    most = max(counted.values(), default=0)
    marks = {one: f"heat{-(-count * HOTTEST // most)}" for one, count in counted.items() if count}
    signs = {one: str(count) for one, count in counted.items() if count}
    return drawings.answer(processes.base(key), marks, signs)


@blueprint.get("/<key>/table.csv")
@door.needs("matrix.see")
def as_csv(key: str) -> flask.typing.ResponseReturnValue:
    """UTF-8 with a mark at its beginning, without which spreadsheets take Chinese for something else."""
    found = _found(key)
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(_safe([language.t("operations.step"), language.t("process.base"), *_names(found)]))
    for step in found.steps:
        cells = [told(step.base) if step.base else language.t("difference.absent")]
        sheet.writerow(_safe([language.said(step.names), *cells, *(told(one) for one in step.cells)]))
    answer = flask.Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}-variants.csv"'
    return answer


@blueprint.get("/<key>/table.html")
@door.needs("matrix.see")
def as_html(key: str) -> flask.typing.ResponseReturnValue:
    page = flask.render_template("differences/table.html", found=_found(key), told=told, style=STYLE)
    answer = flask.Response(page, mimetype="text/html")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}-variants.html"'
    return answer


@blueprint.get("/<key>/<group>/panes")
@door.needs("matrix.see")
def panes(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """Base and variant beside each other, moved and zoomed together."""
    page = cell.page(key, group)
    return flask.render_template("differences/panes.html", page=page, cell_name=cell.name(page))


@blueprint.get("/<key>/<group>/panes/<side>")
@door.needs("matrix.see")
def pane(key: str, group: str, side: str) -> flask.typing.ResponseReturnValue:
    """``base``: what goes and what will change; ``variant``: what came and what is different."""
    page = cell.page(key, group)
    if page.seen is None or page.seen.difference is None or page.seen.under is None:
        return drawings.answer(processes.base(key), {})
    under, difference = page.seen.under, page.seen.difference
    marks, whole = difference.marks, _drawn(diff.ghosted(under, difference))
    states: dict[str, str] = dict.fromkeys(marks.changed, "changed") | dict.fromkeys(marks.moved, "moved")
    if side == "base":
        return drawings.answer(_placed(under, whole), states | dict.fromkeys(marks.deleted, "deleted"))
    return drawings.answer(_placed(difference.program, whole), states | dict.fromkeys(marks.inserted, "inserted"))


def _drawn(program: Program) -> Diagram:
    """Where everything stands once what has no place yet is laid out."""
    engine = visitor.engine()
    (written,) = engine.reader(engine.writer(program), file="both.bpmn").programs
    return written.diagram


def _placed(program: Program, whole: Diagram) -> Program:
    """Each element where it stands in the drawing of both, so that the eye finds the same step at the same place; ways
    between steps that had to make room are drawn anew."""
    own = program.diagram
    shapes = {**own.shapes, **whole.shapes}
    stay = {key for key, bounds in own.shapes.items() if shapes[key] == bounds}
    ends = {flow.id: {flow.source, flow.target} for flow in program.flows}
    edges = {key: points for key, points in own.edges.items() if ends.get(key, set()) <= stay}
    return msgspec.structs.replace(
        program, diagram=msgspec.structs.replace(own, shapes=shapes, edges=edges, labels=whole.labels)
    )


def told(one: differences.Cell) -> str:
    """*Sales · form quote · within 4 hours*."""
    if one.presence == "absent":
        return language.t("difference.absent")
    people = [known.staff_group(name) if not name.startswith("=") else _expression(name) for name in one.performer]
    parts = [language.t("app.list_join").join(people) or language.t("app.system")]
    parts += [one.way] if one.way else []
    parts += [language.t("difference.within", span=words.duration(one.promise))] if one.promise else []
    parts += [language.t("process.goal", span=words.duration(one.goal))] if one.goal else []
    return " · ".join(parts)


def _expression(written: str) -> str:
    return language.t("change.account_manager") if written == "=customer.owner" else written


def _names(found: differences.Differences) -> list[str]:
    return [f"{key} {language.said(names)}" for key, names in found.groups]


def _safe(row: list[str]) -> list[str]:
    """A quote before what would be a formula; names come from people."""
    return [f"'{one}" if one.startswith(FORMULA) else one for one in row]


def _weight() -> str:
    asked = flask.request.args.get("weight", "")
    return asked if asked in WEIGHTS else WEIGHTS[0]


def _found(key: str) -> differences.Differences:
    return differences.differences(visitor.engine(), process=key, agent=visitor.me())
