"""Who did what, when, to which case: searched on a page, and given out as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

import flask

from engine.analytics import telling, wording
from engine.watch import audit
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 50
FILTERS = ("since", "until", "who", "kind", "process", "number")
KINDS = (
    "InstanceStarted", "InstanceEnded", "InstanceCancelled", "InstanceSuspended", "InstanceResumed", "InstanceMigrated",
    "WorkItemActed", "DoneEarlier", "WorkItemCompleted", "TokenMoved", "VariablesSet", "VariantChosen",
    "EscalationReached", "IncidentRaised", "IncidentResolved", "MessageUndelivered", "Commented", "AttachmentAdded",
    "AttachmentRemoved",
)  # fmt: skip
ALL = "*"
"""With what the engine does by itself between two deeds."""


@blueprint.get("")
@door.needs("operations.see")
def show() -> flask.typing.ResponseReturnValue:
    wanted, wrong = _wanted()
    after = _cursor(flask.request.args.get("after", ""))
    found = audit.search(visitor.engine(), wanted=wanted, agent=visitor.me(), after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    more = {name: value for name in FILTERS if (value := flask.request.args.get(name))}
    return flask.render_template(
        "audit/show.html",
        entries=[(entry, what, detail) for entry, what, detail in _told(shown) if what or _everything()],
        asked=flask.request.args,
        wrong=wrong,
        kinds=KINDS,
        all=ALL,
        export=flask.url_for("audit.export", **more),
        more=flask.url_for("audit.show", **more, after=_after(shown[-1])) if len(found) > PAGE else "",
    )


@blueprint.get("/history.csv")
@door.needs("operations.see")
def export() -> flask.typing.ResponseReturnValue:
    """UTF-8 with a mark at its beginning, without which spreadsheets take Chinese for something else. Streamed."""
    wanted, _ = _wanted()
    entries = audit.export(visitor.engine(), wanted=wanted, agent=visitor.me())
    answer = flask.Response(flask.stream_with_context(_lines(entries)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=history.csv"
    return answer


def _lines(entries: Iterator[audit.Entry]) -> Iterator[str]:
    everything, inside = _everything(), language.t("audit.inside")
    words = ("when", "who", "key", "number", "process", "what", "detail", "kind")
    yield "\ufeff" + _line([language.t(f"audit.{word}") for word in words])
    while page := list(islice(entries, audit.PAGE)):
        for entry, what, detail in _told(page):
            if not what and not everything:
                continue
            moment = language.local(entry.row.at).strftime("%Y-%m-%d %H:%M:%S")
            who, kind = known.person(entry.row.agent), type(entry.row.fact).__name__
            yield _line(
                [moment, who, entry.row.agent, entry.number, known.process(entry.process), what or inside, detail, kind]
            )


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet would take a cell that begins so for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _everything() -> bool:
    """Mere machinery is shown to whoever asks for it, or for its kind."""
    return bool(flask.request.args.get("kind"))


def _told(entries: Sequence[audit.Entry]) -> Iterator[tuple[audit.Entry, str, str]]:
    """What happened, and what was said or chosen there; for mere machinery nothing, and its kind and its step."""
    with visitor.engine().store.reading() as tx:
        words = wording.of_cases(tx, known.people(), [entry.row for entry in entries])
    nobody = telling.Names({}, {}, known.people())
    for entry in entries:
        fact = entry.row.fact
        told = telling.tell(fact, words.get((entry.row.instance_id, entry.row.seq), nobody))
        if told is not None:
            detail = language.t("case.done_earlier", when=language.when(told.earlier)) if told.earlier else told.detail
            yield entry, language.said(told.text), language.said(detail)
        else:
            yield entry, "", type(fact).__name__ + f" {fact.node}".rstrip()


def _wanted() -> tuple[audit.Search, str]:
    """What is asked for, and what of it could not be read. Without a kind the machinery is left out."""
    asked = flask.request.args
    kind = asked.get("kind", "")[:60]
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    wrong = any(asked.get(name) and _day(asked[name]) is None for name in ("since", "until"))
    return audit.Search(
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        agent=asked.get("who", "").strip()[:100],
        type="" if kind == ALL else kind,
        types=() if kind else KINDS,
        process=asked.get("process", "")[:100],
        number=asked.get("number", "").strip()[:100],
    ), language.t("audit.wrong_day") if wrong else ""


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 1971 <= found.year <= 9000 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, language.zone())


def _after(entry: audit.Entry) -> str:
    moment, instance, seq = audit.cursor(entry)
    return f"{moment.isoformat()}~{instance}~{seq}"


def _cursor(text: str) -> audit.Cursor | None:
    """None, the first page, for what is no place."""
    parts = text[:200].split("~")
    try:
        moment = datetime.fromisoformat(parts[0])
        return (moment, parts[1], int(parts[2])) if moment.tzinfo is not None else None
    except (ValueError, IndexError):
        return None
