"""The matrix, process x customer group: what each group gets, how different it is, and how much of it runs now."""

import flask

from engine import errors
from engine.variants import matrix
from web.ui import door, visitor

blueprint = flask.Blueprint("matrix", __name__, url_prefix="/matrix")
PILLARS = ("MA", "SFA", "CSS", "X")
ELEMENTS = ("activity", "logic", "way", "performer", "service_level")


@blueprint.get("")
@door.needs("matrix.see")
def show() -> flask.typing.ResponseReturnValue:
    try:
        found = matrix.matrix(visitor.engine(), agent=visitor.me())
    except errors.Conflict as nothing:
        if nothing.code != "no_group_rules":
            raise
        found = matrix.Matrix(groups=(), rows=())
    # A root whose column holds nothing but the base (everybody's group) would only widen the table.
    parents = {group.parent for group in found.groups}
    plain = {
        group.key for group in found.groups if not group.parent and group.key in parents and _all_base(found, group.key)
    }
    pillars = [(key, [row for row in found.rows if row.pillar == key]) for key in PILLARS]
    return flask.render_template(
        "matrix/show.html",
        groups=[group for group in found.groups if group.key not in plain],
        plain=plain,
        pillars=[(key, rows) for key, rows in pillars if rows],
        elements=ELEMENTS,
    )


def _all_base(found: matrix.Matrix, group: str) -> bool:
    return all(cell.state in ("base", "nothing") for row in found.rows for cell in row.cells if cell.group == group)
