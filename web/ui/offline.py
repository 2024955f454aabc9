"""Work on a phone without a connection: what is kept on the device, and what comes from it once the connection is back.

The device asks for the pack and keeps those pages; what is done meanwhile arrives here entry by entry, each under a
name of its own (``Idempotency-Key``), so that it happens once however often it is handed in.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flask
import flask_wtf.csrf
import msgspec

from engine import errors, records
from engine.inbox import act, late, listing, reminding
from engine.people import rights
from engine.runtime import repeat
from web.ui import door, inbox, known, language, shell, tasks, uploads, visitor
from web.ui.shelves import Shelf

blueprint = flask.Blueprint("offline", __name__)
MOST_TASKS = 40
MOST_BYTES = 20 * 1024 * 1024
LARGEST_FILE = 1024 * 1024
"""Files of a case that are not larger go along."""
MOST_HOURS = 72
"""An older pack is thrown away unread."""
MOST_WAITING_BYTES = 50 * 1024 * 1024
"""Of one entry with its photos."""


@blueprint.get("/offline")
@door.needs("task.work")
def show() -> flask.typing.ResponseReturnValue:
    limits = {"tasks": MOST_TASKS, "megabytes": MOST_BYTES // 2**20, "hours": MOST_HOURS}
    return flask.render_template("inbox/offline.html", limits=limits)


@blueprint.get("/offline/pack")
@door.needs("task.work")
def pack() -> flask.typing.ResponseReturnValue:
    """Which pages and files the device is to keep, each with a mark that changes with what it shows."""
    me, now = visitor.me(), visitor.now()
    found = listing.mine(visitor.engine(), agent=me, now=now, limit=MOST_TASKS)
    items = [row.item for row in found.rows]
    look = f"{shell.build()} {me.locale} {now.date()}"
    files = [one for item in _once_per_case(items) for one in tasks.files(item.instance_id)]
    small = [one for one in files if one.size <= LARGEST_FILE]
    return {
        "person": me.key,
        "build": shell.build(),
        "secret": base64.b64encode(_secret(me.key)).decode(),
        "csrf": flask_wtf.csrf.generate_csrf(),
        "now": now.isoformat(),
        "most_bytes": MOST_BYTES,
        "pages": _pages(items, look),
        "files": [{"address": flask.url_for("attachments.content", attachment_id=one.id)} for one in small],
        "tasks": len(items),
        "more_tasks": bool(found.cursor),
        "large_files": len(files) - len(small),
        "hours": MOST_HOURS,
        "words": language.words("offline"),
    }


@blueprint.post("/offline/send")
@door.needs("task.work")
def send() -> flask.typing.ResponseReturnValue:
    """One entry. ``state``: done, refused (a value or a file), conflict (it is not as it was any more)."""
    try:
        entry = _entry()
        following = tasks.following(Shelf.asked("mine"), entry.item_id)
        kept = repeat.once(
            visitor.engine(),
            key=flask.request.headers.get("Idempotency-Key", ""),
            request=_content(),
            agent=visitor.me(),
            now=visitor.now(),
            keep=late.REPEATABLE,
            work=lambda: (200, DEEDS[entry.what](entry)),
        )
    except errors.Invalid as error:
        problems = [{"pointer": one.pointer, "text": language.said(one.text)} for one in error.problems]
        return {"state": "refused", "text": language.said(error.text), "problems": problems}, 422
    except errors.TooLarge as error:
        return {"state": "refused", "text": language.said(error.text), "problems": []}, 413
    except (errors.Conflict, errors.NotFound, errors.Forbidden) as error:
        return {"state": "conflict", "text": _why(error)}, 409
    if "told" in flask.request.args and entry.what == "complete":
        inbox.tell_done(entry.item_id, kept.answer)
    return {"state": "done", "next": Shelf.asked("mine").address(following)}


@dataclass(frozen=True)
class Entry:
    item_id: str
    what: str
    done_at: datetime
    seen: str
    """Mark of what the form showed."""


def _entry() -> Entry:
    sent = flask.request.form
    what = sent.get("what", "")
    try:
        done_at = datetime.fromisoformat(sent.get("done_at", ""))
    except ValueError:
        done_at = datetime.min
    if what not in DEEDS or done_at.tzinfo is None:
        raise errors.Invalid(
            "entry_unreadable",
            zh="设备送来的记录无法读取：缺少办理内容或带时区的时间。",
            en="What the device sent cannot be read: it lacks what was done, or a moment with its zone.",
        )
    if sent.get("person", "") != visitor.me().key:
        raise errors.Forbidden(
            "entry_of_another", zh="这是另一个人的记录，只有其本人可以发送。", en="This is somebody else's to send."
        )
    return Entry(item_id=sent.get("item", "")[:100], what=what, done_at=done_at, seen=sent.get("seen", ""))


def _content() -> bytes:
    """What makes two requests the same: every field and every byte of every file."""
    fields = [pair for pair in flask.request.form.items(multi=True) if pair[0] != "csrf_token"]
    files = []
    for name, file in flask.request.files.items(multi=True):
        files.append((name, file.filename, hashlib.sha256(file.stream.read()).hexdigest()))
        file.stream.seek(0)
    return json.dumps([fields, files]).encode()


def _complete(entry: Entry) -> str:
    """Its title."""
    detail, data = _filled(entry)
    done_at = late.possible(detail.row.item, entry.done_at, visitor.now())
    given = {"data": data, "agent": visitor.me(), "now": visitor.now(), "done_at": done_at}
    act.complete(visitor.engine(), work_item_id=entry.item_id, **given)
    return tasks.title(detail.row.item)


def _draft(entry: Entry) -> None:
    detail, data = _filled(entry)
    kept = tasks.typed(data, detail)
    act.save_draft(visitor.engine(), work_item_id=entry.item_id, data=kept, agent=visitor.me(), now=visitor.now())


def _comment(entry: Entry) -> None:
    _tell(entry, "comment")
    text = flask.request.form.get("text", "")
    reminding.comment(visitor.engine(), work_item_id=entry.item_id, text=text, agent=visitor.me(), now=visitor.now())


def _add_file(entry: Entry) -> None:
    _tell(entry, "add_file")
    into = uploads.Uploads(entry.item_id.rpartition(".")[0])
    for file in flask.request.files.getlist("file"):
        into.add(file.filename or "", file.read())


DEEDS: dict[str, Callable[[Entry], str | None]] = {
    "complete": _complete,
    "draft": _draft,
    "comment": _comment,
    "add_file": _add_file,
}


def _filled(entry: Entry) -> tuple[listing.Detail, dict[str, Any]]:
    """The form as it is today, with what the device sent. Raises Conflict where it showed something else."""
    detail = inbox.detail_of(entry.item_id)
    if detail.actions["complete"] is None and entry.seen != tasks.seen(detail):
        raise errors.Conflict(
            "form_changed",
            zh="表单或其中显示的内容在此期间有变化，请核对后再办理。",
            en="The form, or what it shows, has changed meanwhile: please look at it again.",
        )
    data, refused = tasks.sent(detail)
    if refused:
        raise errors.Invalid("form_invalid", zh="有文件不被接受。", en="A file is not taken.", problems=tuple(refused))
    return detail, data


def _tell(entry: Entry, verb: late.Verb) -> None:
    act.tell_earlier(
        visitor.engine(),
        work_item_id=entry.item_id,
        verb=verb,
        done_at=entry.done_at,
        agent=visitor.me(),
        now=visitor.now(),
    )


def _why(error: errors.CrmflowError) -> str:
    if isinstance(error, errors.NotFound):
        return language.t("offline.gone")
    return tasks.who(error) if isinstance(error, errors.Conflict) else language.said(error.text)


def _secret(person: str) -> bytes:
    """Seals what waits on a device for its person alone: a device without a session has no way to read it."""
    key = flask.current_app.config["SECRET_KEY"]
    return hmac.new(key.encode(), f"offline {person}".encode(), hashlib.sha256).digest()


def _once_per_case(items: list[records.WorkItem]) -> list[records.WorkItem]:
    return list({item.instance_id: item for item in items}.values())


def _pages(items: list[records.WorkItem], look: str) -> list[dict[str, str]]:
    """The list, each task, each customer, and the page of what waits."""
    with visitor.engine().store.reading() as tx:
        cases = {item.instance_id: tx.instances.get(item.instance_id) for item in items}
    marks = {item.id: f"{item.revision} {case.revision if (case := cases[item.instance_id]) else 0}" for item in items}
    pages = [
        (flask.url_for("inbox.show"), " ".join(f"{key} {mark}" for key, mark in marks.items())),
        (flask.url_for("offline.show"), ""),
        *((flask.url_for("inbox.task", item_id=key), mark) for key, mark in marks.items()),
    ]
    if rights.may(visitor.me(), "customer.see"):
        customers = [known.customer(key) for key in dict.fromkeys(item.customer_id for item in items)]
        pages += [
            (flask.url_for("customers.show", customer_id=one.id), repr(msgspec.structs.astuple(one)))
            for one in customers
            if one is not None
        ]
    return [
        {"address": address, "mark": hashlib.sha256(f"{look} {mark}".encode()).hexdigest()[:16]}
        for address, mark in pages
    ]
