"""Where something is used: the places that name a process, a decision, a group ... before it is changed or goes."""

from collections.abc import Sequence

import flask

from engine.definitions import uses
from web.ui import door, known, visitor

blueprint = flask.Blueprint("uses", __name__, url_prefix="/uses")


@blueprint.get("")
@door.needs("process.draw")
def show() -> flask.typing.ResponseReturnValue:
    """``kind`` alone lists what there is of it; with ``key`` where it is used."""
    engine, me = visitor.engine(), visitor.me()
    asked = flask.request.args
    kind, key, process = asked.get("kind", "process"), asked.get("key", ""), asked.get("process", "")
    found = uses.of(engine, kind=kind, key=key, process=process, agent=me) if key else ()
    return flask.render_template(
        "designer/uses.html",
        kinds=uses.KINDS,
        kind=kind,
        key=key,
        process=process,
        name=named(kind, key),
        named=named,
        found=found,
        running=running(found),
        keys=() if key else uses.keys(engine, kind=kind, agent=me),
    )


def named(kind: str, key: str) -> str:
    """What people call it."""
    names = {
        "process": known.process,
        "group": known.staff_group,
        "person": known.person,
    }
    return names[kind](key) if kind in names else key


def running(found: Sequence[uses.Use]) -> int:
    """Cases of all versions that name it; a version that names it twice counts once."""
    return sum({(one.process, one.variant, one.n): one.running for one in found}.values())
