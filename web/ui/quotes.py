"""Quotes: found by number, customer and status; one with its versions, the customer's answer, and what it becomes."""

from datetime import timedelta

import flask

from engine import errors, records
from engine.domain import pricing, quoting
from engine.messages import correlate
from engine.people import scope
from web.ui import door, known, language, shelves, visitor

blueprint = flask.Blueprint("quotes", __name__, url_prefix="/quotes")
PAGE = 50
FILTERS = ("q", "status")
TERMS = ("prepaid", "net_15", "net_30", "net_60", "instalments")


@blueprint.get("")
@door.needs("customer.see")
def index() -> flask.typing.ResponseReturnValue:
    engine, me, now, asked = visitor.engine(), visitor.me(), visitor.now(), flask.request.args
    found = quoting.search(
        engine, agent=me, now=now, text=asked.get("q", ""), status=asked.get("status", ""),
        after=asked.get("after", ""), limit=PAGE + 1,
    )  # fmt: skip
    shown = found[:PAGE]
    return flask.render_template(
        "quotes/index.html",
        quotes=shown,
        figures=quoting.figures(engine, agent=me, now=now),
        standings=quoting.STANDINGS,
        asked=asked,
        more=shelves.more("quotes.index", FILTERS, after=shown[-1].quote.id) if len(found) > PAGE else "",
    )


@blueprint.get("/<path:number>")
@door.needs("customer.see")
def show(number: str) -> flask.typing.ResponseReturnValue:
    return _page(number)


@blueprint.post("/answer/<path:number>")
@door.needs("case.start")
def answer(number: str) -> flask.typing.ResponseReturnValue:
    sent = flask.request.form
    engine, me, now = visitor.engine(), visitor.me(), visitor.now()
    told = quoting.answered(
        engine, number=number, reply=sent.get("reply", ""), reason=sent.get("reason", ""), agent=me, now=now
    )
    letter = correlate.Letter(**told)
    engine.store.run(lambda tx: correlate.within(engine, tx, letter=letter, agent=me, now=now, keep=timedelta()))
    flask.flash(language.t("quotes.answered"), "good")
    return flask.redirect(flask.url_for("quotes.show", number=number), 303)


@blueprint.post("/order/<path:number>")
@door.needs("case.start")
def order(number: str) -> flask.typing.ResponseReturnValue:
    sent = flask.request.form
    try:
        begun = quoting.order(
            visitor.engine(), number=number, requested_date=sent.get("requested_date", ""),
            ship_to=sent.get("ship_to", "").strip(), agent=visitor.me(), now=visitor.now(),
        )  # fmt: skip
    except errors.Invalid as error:
        told = [language.said(problem.text) for problem in error.problems] or [language.said(error.text)]
        return _page(number, refused=language.t("app.list_join").join(dict.fromkeys(told))), 422
    return _begun(begun.instance)


@blueprint.post("/contract/<path:number>")
@door.needs("case.start")
def contract(number: str) -> flask.typing.ResponseReturnValue:
    begun = quoting.contract(visitor.engine(), number=number, agent=visitor.me(), now=visitor.now())
    return _begun(begun.instance)


def _begun(case: records.Instance) -> flask.typing.ResponseReturnValue:
    flask.flash(language.t("quotes.begun", number=case.number), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=case.id), 303)


def _page(number: str, *, refused: str = "") -> str:
    told = quoting.get(visitor.engine(), number=number, agent=visitor.me())
    quote = told.versions[0]
    return flask.render_template(
        "quotes/show.html",
        told=told,
        quote=quote,
        lines=[(line, float(pricing.net_price(line))) for line in quote.lines],
        customer=known.customer(quote.customer),
        case=_case(quote.instance_id),
        accepted=any(one.status == "accepted" for one in told.versions),
        terms=TERMS,
        today=visitor.now().date().isoformat(),
        refused=refused,
        sent=flask.request.form,
    )


def _case(instance_id: str) -> records.Instance | None:
    """Where whoever looks at the page may see it."""
    with visitor.engine().store.reading() as tx:
        seen = scope.sees(tx, instance_id=instance_id, agent=visitor.me())
        return tx.instances.get(instance_id) if seen else None
