"""Starting a process for a customer: which process, for whom, with what; and before it starts, why it will run so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
import msgspec

from engine import errors, records
from engine.forms import steps
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Program
from engine.runtime import start
from web.ui import door, filling, known, language, uploads, visitor

blueprint = flask.Blueprint("start", __name__, url_prefix="/start")
PILLARS = ("MA", "SFA", "CSS", "X")


@blueprint.get("")
@door.needs("case.start")
def choose() -> flask.typing.ResponseReturnValue:
    with visitor.engine().store.reading() as tx:
        ready = [process for process in known.processes().values() if tx.processes.released(process.key)]
    open_to_me = [process for process in ready if _may_start(process)]
    pillars = [(key, [process for process in open_to_me if process.pillar == key]) for key in PILLARS]
    return flask.render_template(
        "start/choose.html",
        pillars=[(key, found) for key, found in pillars if found],
        customer=known.customer(flask.request.args.get("customer", "")),
    )


@blueprint.get("/<key>")
@door.needs("case.start")
def fill(key: str) -> flask.typing.ResponseReturnValue:
    customer = known.customer(flask.request.args.get("customer", ""))
    typed = f"{customer.number} {customer.name}" if customer else ""
    return _page(Asked(key=key, typed=typed, once=visitor.engine().store.new_id()))


@blueprint.post("/<key>")
@door.needs("case.start")
def go(key: str) -> flask.typing.ResponseReturnValue:
    sent = flask.request.form
    asked = Asked(
        key=key,
        typed=sent.get("customer", "").strip()[:200],
        once=sent.get("once", "")[:64],
        pressed=sent.get("do", ""),
    )
    files = uploads.Uploads()
    asked.data = filling.sent(asked.schema, {}, files)
    asked.uploads = files.problems
    changed = filling.rows_changed(asked.data, asked.pressed)
    if files.problems:
        return _page(asked), 422
    if changed is not None or asked.pressed != "start":
        return _page(asked)
    try:
        started = start.start(
            visitor.engine(),
            process=key,
            customer_id=known.customer_id(asked.typed) if asked.typed else None,
            data=asked.data,
            # The page's own number: pressed twice, it is the same case.
            business_key=f"desk-{asked.once}" if asked.once else None,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict) as error:
        asked.error = error
        return _page(asked), error.status
    words = "start.started" if started.created else "start.already"
    flask.flash(language.t(words, number=started.instance.number), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=started.instance.id), 303)


@dataclass
class Asked:
    """What the page knows so far."""

    key: str
    typed: str
    """The customer, as it stands in the box."""
    once: str
    pressed: str = ""
    data: dict[str, Any] | None = None
    error: errors.CrmflowError | None = None
    uploads: Sequence[Problem] = ()
    """What is wrong with files that came along."""

    def __post_init__(self) -> None:
        found = known.processes().get(self.key)
        if found is None or not _may_start(found):
            raise errors.NotFound(
                "process_unknown", zh="没有此流程。", en="There is no such process.", process=self.key
            )
        self.process = found
        self.customer = known.customer(known.customer_id(self.typed)) if self.typed else None
        self.base = _base(self.key)

    @property
    def schema(self) -> Mapping[str, Any]:
        """The start form of the program that would run; of the base while nobody knows for whom."""
        return _start_form(self.base)

    @property
    def problems(self) -> Sequence[Problem]:
        found = self.error.problems if isinstance(self.error, errors.Invalid) else ()
        told = [problem for problem in found if problem.pointer != "/customer_id"]
        return [*self.uploads, *(_of_form(problem) for problem in told)]

    @property
    def customer_error(self) -> str:
        if isinstance(self.error, errors.Invalid):
            for problem in self.error.problems:
                if problem.pointer == "/customer_id":
                    return language.said(problem.text)
        if self.pressed == "which" and self.customer is None:
            return language.t("form.unknown_customer")
        return ""

    @property
    def refused(self) -> str:
        if self.error is None or self.problems or self.customer_error:
            return ""
        return language.said(self.error.text)


def _of_form(problem: Problem) -> Problem:
    return msgspec.structs.replace(problem, pointer=problem.pointer.removeprefix("/data"))


def _page(asked: Asked) -> str:
    chosen, program, unchosen = _chosen(asked)
    return flask.render_template(
        "start/fill.html",
        process=asked.process,
        customer=asked.customer,
        customer_typed=asked.typed,
        customer_error=asked.customer_error,
        customer_needed=asked.process.details.get("start", {}).get("customer_required", True),
        refused=asked.refused,
        once=asked.once,
        drawn=filling.Drawn(asked.schema, asked.data or {}, asked.problems),
        chosen=chosen,
        unchosen=unchosen,
        steps=_steps(program) if program else [],
    )


def _chosen(asked: Asked) -> tuple[records.Resolution | None, Program | None, str]:
    """What the start would choose now, with its reason; nothing is stored."""
    if asked.customer is None and not asked.process.details.get("start", {}).get("group_from"):
        return None, None, ""
    engine = visitor.engine()
    try:
        with engine.store.reading() as tx:
            found = engine.chooser.choose(
                tx,
                instance_id=engine.store.new_id(),
                process=asked.process,
                customer=asked.customer,
                data=asked.data or {},
                now=visitor.now(),
            )
            return found, tx.programs.get(found.program), ""
    except errors.CrmflowError as error:
        return None, None, language.said(error.text)


@dataclass(frozen=True)
class Step:
    name: str
    texts: dict[str, str]
    who: str


def _steps(program: Program) -> list[Step]:
    """The steps that people do, in the order of the drawing, and the group that does each."""
    return [
        Step(name=node.name, texts=node.texts, who=_who(node))
        for node in program.nodes
        if isinstance(node, nodes.UserTask)
    ]


def _who(node: nodes.UserTask) -> str:
    fixed = [group.text for group in node.performer.groups if group.language == "literal"]
    return language.t("app.list_join").join(known.staff_group(key) for key in fixed)


def _base(key: str) -> Program:
    with visitor.engine().store.reading() as tx:
        version = tx.processes.released(key)
        program = tx.programs.get(version.program) if version else None
    if program is None:
        raise errors.Conflict(
            "nothing_released", zh="此流程尚未发布。", en="Nothing of this process is released yet.", process=key
        )
    return program


def _start_form(program: Program) -> Mapping[str, Any]:
    starts = [node for node in program.nodes if isinstance(node, nodes.StartEvent) and not node.scope]
    start = next((node for node in starts if node.form and not node.triggers), None)
    return (steps.of(program.forms, start.form, start.id) if start else None) or filling.EMPTY


def _may_start(process: records.Process) -> bool:
    groups = set(process.details.get("start", {}).get("groups", ()))
    return not groups or bool(groups & visitor.me().groups) or "admin" in visitor.me().roles
