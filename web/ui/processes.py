"""Processes by pillar; one process with its drawing and, in words, what each customer group gets instead."""

from dataclasses import dataclass

import flask

from engine import errors, variation
from engine.definitions import bases, catalogue
from engine.model import nodes
from engine.model.program import Program
from engine.people import rights
from engine.runtime import retention
from engine.variants import diff, words
from engine.variants.operations import kinds
from web.ui import door, drawings, known, language, visitor

blueprint = flask.Blueprint("processes", __name__, url_prefix="/processes")
PILLARS = ("MA", "SFA", "CSS", "X")


@blueprint.get("")
@door.needs("process.see")
def index() -> flask.typing.ResponseReturnValue:
    found = known.processes().values()
    pillars = [(key, [process for process in found if process.pillar == key]) for key in PILLARS]
    return flask.render_template("processes/index.html", pillars=[(key, part) for key, part in pillars if part])


@blueprint.get("/<key>")
@door.needs("process.see")
def show(key: str) -> flask.typing.ResponseReturnValue:
    process, versions = catalogue.get(visitor.engine(), process=key)
    released = next((version for version in versions if version.status == "released"), None)
    program = catalogue.program(visitor.engine(), sha256=released.program) if released else None
    return flask.render_template(
        "processes/show.html",
        process=process,
        versions=versions if rights.may(visitor.me(), "process.draw") else (),
        released=released,
        kept_days=retention.days(process, house=visitor.engine().settings.keep_ended_days),
        steps=steps(program) if program else [],
        rounds=catalogue.rounds(visitor.engine(), process=key),
        variants=[(group, one, variant_diff(key, one)) for group, one in variants(key).items()] if program else [],
    )


@blueprint.get("/<key>/drawing")
@door.needs("process.see")
def drawing(key: str) -> flask.typing.ResponseReturnValue:
    return drawings.answer(base(key), {})


@blueprint.get("/<key>/variants/<group_key>")
@door.needs("process.see")
def variant(key: str, group_key: str) -> flask.typing.ResponseReturnValue:
    process, _ = catalogue.get(visitor.engine(), process=key)
    found = variants(key).get(group_key)
    return flask.render_template(
        "processes/variant.html",
        process=process,
        group_key=group_key,
        variant=found,
        difference=variant_diff(key, found) if found else None,
        base=base(key),
    )


@blueprint.get("/<key>/variants/<group_key>/drawing")
@door.needs("process.see")
def variant_drawing(key: str, group_key: str) -> flask.typing.ResponseReturnValue:
    found = variants(key).get(group_key)
    if found is None:
        return drawings.answer(base(key), {})
    difference = variant_diff(key, found)
    marks = dict.fromkeys(difference.marks.changed, "changed")
    marks |= dict.fromkeys(difference.marks.moved, "moved")
    marks |= dict.fromkeys(difference.marks.inserted, "inserted")
    return drawings.answer(difference.program, marks)


def variants(key: str) -> dict[str, variation.VariantVersion]:
    """Customer group -> its released variant of the process."""
    with visitor.engine().store.reading() as tx:
        return {one.customer_group: version for one, version in tx.variants.released(key) if one.customer_group}


def variant_diff(key: str, version: variation.VariantVersion) -> diff.Difference:
    """Against the base that the variant was composed on."""
    with visitor.engine().store.reading() as tx:
        under = tx.processes.version(key, version.base_n)
        program = tx.programs.get(under.program) if under else None
        house = words.of(tx, bases.get(tx, key).definition)
    if program is None:
        raise errors.NotFound("process_unknown", zh="没有此流程。", en="There is no such process.", process=key)
    return diff.diff(program, kinds.read(list(version.operations)), words=house)


def base(key: str) -> Program:
    """Raises NotFound while nothing of the process is released."""
    with visitor.engine().store.reading() as tx:
        version = tx.processes.released(key)
        program = tx.programs.get(version.program) if version else None
    if program is None:
        raise errors.NotFound(
            "process_unknown", zh="此流程尚未发布。", en="Nothing of this process is released yet.", process=key
        )
    return program


@dataclass(frozen=True)
class Step:
    texts: dict[str, str]
    name: str
    who: str
    promise: str
    goal: str
    value: dict[str, str]


def steps(program: Program) -> list[Step]:
    """What people and the system do, in the order of the drawing."""
    return [
        Step(
            texts=node.texts,
            name=node.name,
            who=who(node),
            promise=node.promise.duration if node.promise else "",
            goal=node.promise.goal if node.promise else "",
            value=node.worth.value if node.worth else {},
        )
        for node in program.nodes
        if isinstance(node, nodes.Activity) and not isinstance(node, nodes.SubProcess)
    ]


def who(node: nodes.Activity) -> str:
    """The staff groups that do it; the system does what no person does."""
    if not isinstance(node, nodes.UserTask):
        return language.t("app.system")
    fixed = [group.text for group in node.performer.groups if group.language == "literal"]
    return language.t("app.list_join").join(known.staff_group(key) for key in fixed)
