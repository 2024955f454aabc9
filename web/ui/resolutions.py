"""The resolution tester: which variant would this customer, or these facts, get on a day; why, and why not another."""

import json
import math
from datetime import datetime, timedelta
from typing import Any

import flask

from engine import errors
from engine.variants import tryout
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("resolutions", __name__, url_prefix="/resolutions")
SCORES = ("current", "potential")
LONGEST, LONGEST_DATA = 200, 4000


@blueprint.get("/try")
@door.needs("matrix.see")
def show() -> flask.typing.ResponseReturnValue:
    asked = {
        name: value.strip()[: LONGEST_DATA if name == "data" else LONGEST] for name, value in flask.request.args.items()
    }
    tried, wrong = None, ""
    if asked.get("process"):
        try:
            tried = _tried(asked)
        except (errors.NotFound, errors.Conflict) as refused:
            wrong = language.said(refused.text)
        except NoData as error:
            wrong = language.t("tester.no_data", line=str(error))
        except (ValueError, OverflowError):
            wrong = language.t("tester.not_a_number")
    return flask.render_template(
        "variants/tester.html",
        asked=asked,
        tried=tried,
        wrong=wrong,
        scores=SCORES,
        groups=[group for group in tried.groups if group.state != "none"] if tried else [],
        seen=tried.variant.partition(":")[2] or tried.group if tried else "",
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
        data=_data(asked.get("data", "")),
        at=at,
        agent=visitor.me(),
        now=visitor.now(),
    )


class NoData(Exception):
    """What a start would bring, and cannot be read: the line."""


def _data(said: str) -> dict[str, Any]:
    """A JSON object, or one ``name = value`` on each line. Raises NoData."""
    if said.startswith("{"):
        try:
            found = json.loads(said, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise NoData(said[:80]) from error
        return found if isinstance(found, dict) else {}
    data: dict[str, Any] = {}
    for line in filter(None, (one.strip() for one in said.splitlines())):
        name, sign, value = line.partition("=")
        if not (sign and name.strip() and value.strip()):
            raise NoData(line[:80])
        data[name.strip()] = _value(value.strip())
    return data


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _value(said: str) -> Any:
    try:
        number = float(said)
    except ValueError:
        return {"true": True, "false": False}.get(said, said.strip('"'))
    return number if math.isfinite(number) else said
