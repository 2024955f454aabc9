"""The resolution tester: which variant would this customer, or these facts, get on a day; why, and why not another."""

from datetime import datetime, timedelta
from typing import Any

import flask

from engine import errors
from engine.variants import tryout
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("resolutions", __name__, url_prefix="/resolutions")
SCORES = ("current", "potential")
MOST_FACTS = 20


@blueprint.get("/try")
@door.needs("matrix.see")
def show() -> flask.typing.ResponseReturnValue:
    asked = {name: value.strip()[:200] for name, value in flask.request.args.items()}
    tried, wrong = None, ""
    if asked.get("process"):
        try:
            tried = _tried(asked)
        except (errors.NotFound, errors.Conflict) as refused:
            wrong = language.said(refused.text)
        except (ValueError, OverflowError):
            wrong = language.t("tester.not_a_number")
    return flask.render_template(
        "variants/tester.html",
        asked=asked,
        tried=tried,
        wrong=wrong,
        scores=SCORES,
        groups=[group for group in tried.groups if group.state != "none"] if tried else [],
    )


def _tried(asked: dict[str, str]) -> tryout.Tried:
    """Raises ValueError for a score or a day that is none, OverflowError for a day at the end of the calendar."""
    facts: dict[str, Any] = {}
    values = {name: float(asked[name]) for name in SCORES if asked.get(name)}
    if values:
        facts["values"] = values
    if asked.get("kind"):
        facts["kind"] = asked["kind"]
    if asked.get("churn_risk"):
        facts["churn_risk"] = float(asked["churn_risk"])
    name, _, said = asked.get("fact", "").partition("=")
    if name.strip() and said.strip():
        facts[name.strip()] = _value(said.strip())
    at = None
    if asked.get("day"):
        # The whole day counts: what was released in the course of it holds at its end.
        day = datetime.fromisoformat(asked["day"]).replace(tzinfo=language.zone())
        at = day + timedelta(days=1) - timedelta(seconds=1)
    return tryout.try_out(
        visitor.engine(),
        process=asked["process"],
        customer_id=known.customer_id(asked["customer"]) if asked.get("customer") else "",
        facts=facts,
        at=at,
        agent=visitor.me(),
        now=visitor.now(),
    )


def _value(said: str) -> Any:
    try:
        return float(said)
    except ValueError:
        return {"true": True, "false": False}.get(said, said.strip('"'))
