"""Customers: find one, see everything that runs or ran for it, and why it is in its group."""

from datetime import date

import flask

from engine import errors, records, variation
from engine.analytics import history, timeline
from engine.customers import groups
from engine.domain import quoting, standing
from engine.people import scope
from engine.runtime import instances
from web.ui import door, known, language, shelves, visitor

blueprint = flask.Blueprint("customers", __name__, url_prefix="/customers")
PAGE = 50
FILTERS = ("q", "group")
SUGGESTIONS = 12
CASES = 100
HISTORY = 40
MOVES = 20
QUOTES = 12


@blueprint.get("")
@door.needs("customer.see")
def index() -> flask.typing.ResponseReturnValue:
    asked = flask.request.args
    found = search(asked.get("q", ""), group=asked.get("group", ""), after=asked.get("after", ""), limit=PAGE + 1)
    shown = found[:PAGE]
    return flask.render_template(
        "customers/index.html",
        customers=shown,
        asked=asked,
        more=shelves.more("customers.index", FILTERS, after=shown[-1].id) if len(found) > PAGE else "",
    )


@blueprint.get("/suggest")
@door.needs("customer.see")
def suggest() -> flask.typing.ResponseReturnValue:
    """Options for the field that asked, whatever its name."""
    typed = next((value for key, value in flask.request.args.items() if key not in ("field",)), "")
    found = search(typed, limit=SUGGESTIONS) if typed.strip() else []
    return flask.render_template("customers/options.html", customers=found)


@blueprint.get("/<customer_id>")
@door.needs("customer.see")
def show(customer_id: str) -> flask.typing.ResponseReturnValue:
    return _page(customer_id)


@blueprint.post("/<customer_id>/group")
@door.needs("group.decide")
def decide(customer_id: str) -> flask.typing.ResponseReturnValue:
    """The group by hand until a day, or by the rules again (``do``: ``lift``)."""
    form, engine = flask.request.form, visitor.engine()
    lifted = form.get("do") == "lift"
    try:
        if lifted:
            groups.lift(engine, customer_id=customer_id, agent=visitor.me(), now=visitor.now())
        else:
            groups.override(
                engine,
                customer_id=customer_id,
                group=form.get("group", ""),
                reason=form.get("reason", "")[:2000],
                until=_day(form.get("until", "")),
                agent=visitor.me(),
                now=visitor.now(),
            )
    except (errors.Invalid, errors.Conflict) as error:
        return _page(customer_id, error), error.status
    flask.flash(language.t("groups.lifted" if lifted else "groups.by_hand_done"), "good")
    return flask.redirect(flask.url_for("customers.show", customer_id=customer_id), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.Invalid("no_day", zh="请填写有效至哪一天。", en="Say until which day.") from None


def _page(customer_id: str, error: errors.CrmflowError | None = None) -> str:
    engine, me = visitor.engine(), visitor.me()
    customer = known.customer(customer_id)
    if customer is None:
        raise errors.NotFound(
            "customer_unknown", zh="没有此客户。", en="There is no such customer.", customer=customer_id
        )
    query = instances.Query(customer_id=customer_id)
    cases = instances.search(engine, query=query, limit=CASES)
    mine = instances.search(engine, query=instances.Query(customer_id=customer_id, seen_by=scope.of(me)), limit=CASES)
    lately = timeline.of_customer(engine, customer_id=customer_id, people=known.people(), limit=60)
    open_to_me = {case.id for case in mine}
    return flask.render_template(
        "customers/show.html",
        customer=customer,
        cases=cases,
        open_to_me=open_to_me,
        quotes=quoting.of_customer(engine, customer_id=customer.id, agent=me, now=visitor.now())[:QUOTES],
        history=history.of_customer(engine, customer_id=customer.id, agent=me, limit=HISTORY),
        now_at=_now_at(cases),
        lately=[moment for moment in lately if moment.instance_id in open_to_me][:12],
        numbers={case.id: case.number for case in cases},
        moves=_moves(customer_id),
        standing=standing.of_customer(engine, customer_id=customer.id, agent=me, now=visitor.now()),
        refused=[language.said(one.text) for one in getattr(error, "problems", ()) or filter(None, [error])],
    )


def _moves(customer_id: str) -> list[variation.GroupMove]:
    with visitor.engine().store.reading() as tx:
        return tx.groups.moves(customer_id)[:MOVES]


def search(text: str, *, group: str = "", after: str = "", limit: int) -> list[records.Customer]:
    with visitor.engine().store.reading() as tx:
        return tx.customers.search(text=text.strip()[:100], group=group[:20], after=after[:64], limit=limit)


def _now_at(cases: tuple[records.Instance, ...]) -> dict[str, list[records.WorkItem]]:
    """What each running case waits for: its open steps."""
    found = {}
    with visitor.engine().store.reading() as tx:
        for case in cases:
            if case.status == "active":
                found[case.id] = [item for item in tx.waits.work_items(case.id) if item.status == "open"]
    return found
