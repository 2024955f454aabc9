"""Running cases on older versions: what would become of them, moving them, how far that is, undoing it."""

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import flask

from engine import errors, moving
from engine.definitions import catalogue
from engine.migration import assess, plans, standing, tally
from engine.model import nodes
from engine.model.program import Program
from engine.model.text import pick
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("migration", __name__, url_prefix="/migrations")
NODE = "node:"
"""Form fields that map a step: ``node:<old id>`` = new id."""
SHOWN = 200
DEEDS: dict[str, Callable[..., plans.Progress]] = {
    "undo": plans.undo,
    "again": plans.again,
    "accept": plans.accept,
    "decline": plans.decline,
    "stop": plans.stop,
}


class Choice(NamedTuple):
    """A step that lost its id, and what may stand for it."""

    old: str
    name: str
    chosen: str
    why: str
    offered: list[tuple[str, str]]


@blueprint.get("")
@door.needs("case.migrate")
def index() -> flask.typing.ResponseReturnValue:
    engine, me = visitor.engine(), visitor.me()
    process = flask.request.args.get("process", "")[:100]
    return flask.render_template(
        "migration/index.html",
        older=standing.older(engine, process=process, agent=me),
        past=plans.listed(engine, process=process, agent=me),
    )


@blueprint.get("/try")
@door.needs("case.migrate")
def tried() -> flask.typing.ResponseReturnValue:
    return _page(flask.request.args, suggest=not any(name.startswith(NODE) for name in flask.request.args))


@blueprint.post("")
@door.needs("case.migrate")
def begin() -> flask.typing.ResponseReturnValue:
    sent = flask.request.form
    chosen = tuple(sent.getlist("instance")[: plans.MOST_LOOKED_AT])
    everybody = sent.get("all") == "1"
    if not chosen and not everybody:
        return _page(sent, wrong=language.t("migration.none_chosen")), 422
    order = _order(sent, instances=None if everybody else chosen)
    reason = sent.get("reason", "")
    try:
        begun = plans.begin(visitor.engine(), order=order, reason=reason, agent=visitor.me(), now=visitor.now())
    except errors.Invalid as refused:
        said = [language.said(one.text) for one in refused.problems] or [language.said(refused.text)]
        return _page(sent, wrong=language.t("app.list_join").join(said)), 422
    flask.flash(language.t("migration.begun", n=begun.total), "good")
    return flask.redirect(flask.url_for("migration.show", plan_id=begun.plan.id), 303)


@blueprint.get("/<plan_id>")
@door.needs("case.migrate")
def show(plan_id: str) -> flask.typing.ResponseReturnValue:
    engine, me = visitor.engine(), visitor.me()
    after = flask.request.args.get("after", "")[:64]
    progress = plans.get(engine, plan_id=plan_id, agent=me)
    found = plans.moves(engine, plan_id=plan_id, agent=me, after=after, limit=SHOWN + 1)
    return flask.render_template(
        "migration/show.html",
        progress=progress,
        rows=[_row(move) for move in found[:SHOWN]],
        tally=tally.tally(engine, plan_id=plan_id, agent=me),
        more=found[SHOWN - 1].instance_id if len(found) > SHOWN else "",
    )


@blueprint.post("/<plan_id>/<deed>")
@door.needs("case.migrate")
def act(plan_id: str, deed: str) -> flask.typing.ResponseReturnValue:
    """All of the plan, or the one instance that the button stands beside."""
    if deed not in DEEDS:
        raise errors.NotFound("deed_unknown", zh="没有此操作。", en="There is no such action.", deed=deed)
    one = flask.request.form.get("instance", "")
    more: dict[str, Any] = {"instances": [one]} if one and deed != "stop" else {}
    try:
        DEEDS[deed](visitor.engine(), plan_id=plan_id, agent=visitor.me(), now=visitor.now(), **more)
    except errors.Conflict as refused:
        flask.flash(language.said(refused.text), "bad")
    else:
        flask.flash(language.t(f"migration.done_{deed}"), "good")
    return flask.redirect(flask.url_for("migration.show", plan_id=plan_id), 303)


def _page(sent: Any, *, wrong: str = "", suggest: bool = False) -> str:
    engine, me, now = visitor.engine(), visitor.me(), visitor.now()
    order = _order(sent)
    if suggest:
        nodes_ = plans.propose(engine, process=order.process, old=order.old, new=order.new, agent=me, now=now)
        order = _order(sent, nodes=nodes_)
    try:
        shown = plans.dry_run(engine, order=order, agent=me, now=now)
    except errors.Invalid as refused:  # a mapping that names a step twice: tried without it, and told
        wrong = wrong or language.t("app.list_join").join(language.said(one.text) for one in refused.problems)
        order = _order(sent, nodes={})
        shown = plans.dry_run(engine, order=order, agent=me, now=now)
    process, _ = catalogue.get(engine, process=order.process)
    return flask.render_template(
        "migration/try.html",
        process=process,
        shown=shown,
        order=order,
        choices=_choices(shown, order),
        allowances=assess.ALLOWANCES,
        needed=Counter(need for one in shown.prospects for need in one.needs),
        customers={one.customer_id: known.customer(one.customer_id) for one in shown.prospects},
        reason=sent.get("reason", "")[: plans.LONGEST_REASON],
        wrong=wrong,
        following=_following(shown, order),
    )


def _order(sent: Any, *, nodes: dict[str, str] | None = None, instances: tuple[str, ...] | None = None) -> plans.Order:
    """What the page's form says; what it does not know is left out."""
    if nodes is None:
        nodes = {name.removeprefix(NODE): sent[name] for name in sent if name.startswith(NODE)}
    allowed = frozenset(one for one in assess.ALLOWANCES if one in sent.getlist("allow"))
    terms = assess.Terms(nodes=nodes, allow=allowed, timers="again" if sent.get("timers") == "again" else "keep")
    return plans.Order(
        process=sent.get("process", "")[:100],
        old=sent.get("old", "")[:64],
        new=sent.get("new", "")[:64],
        terms=terms,
        instances=instances,
        after=sent.get("after", "")[:64],
        patient=sent.get("patient") == "1",
    )


def _following(shown: plans.DryRun, order: plans.Order) -> str:
    """Address of the next cases on the same terms; empty at the end."""
    if not shown.next:
        return ""
    said: dict[str, Any] = {f"{NODE}{old}": new for old, new in order.terms.nodes.items()}
    return flask.url_for(
        "migration.tried",
        process=order.process,
        old=order.old,
        new=order.new,
        after=shown.next,
        allow=sorted(order.terms.allow),
        timers=order.terms.timers,
        patient="1" if order.patient else None,
        **said,
    )


def _choices(shown: plans.DryRun, order: plans.Order) -> list[Choice]:
    old, new = _program(shown.old), _program(shown.new)
    before = {node.id: node for node in old.nodes}
    fresh = [node for node in new.nodes if node.id not in before and _is_offered(node)]
    return [
        Choice(
            old=pair.old,
            name=_name(before[pair.old]),
            chosen=order.terms.nodes.get(pair.old, ""),
            why=pair.why if order.terms.nodes.get(pair.old) == pair.new else "",
            offered=[(node.id, _name(node)) for node in fresh if _alike(before[pair.old], node)],
        )
        for pair in shown.pairs
        if pair.old in before
    ]


def _is_offered(node: nodes.AnyNode) -> bool:
    return isinstance(node, nodes.Activity | nodes.CatchEvent | nodes.BoundaryEvent | nodes.EventBasedGateway)


def _alike(old: nodes.AnyNode, new: nodes.AnyNode) -> bool:
    if isinstance(old, nodes.Activity) and isinstance(new, nodes.Activity):
        return isinstance(old, nodes.SubProcess) == isinstance(new, nodes.SubProcess)
    return type(old) is type(new)


def _name(node: nodes.AnyNode) -> str:
    return pick(node.texts, language.locale(), node.name or node.id).replace("\n", " ")


def _program(sha256: str) -> Program:
    return catalogue.program(visitor.engine(), sha256=sha256)


def _row(move: moving.Move) -> tuple[moving.Move, Any, Any]:
    with visitor.engine().store.reading() as tx:
        instance = tx.instances.get(move.instance_id)
    return move, instance, known.customer(instance.customer_id if instance else None)
