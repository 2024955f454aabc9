"""A form is made field by field beside its preview: the whole schema travels with the page, nothing is kept before it
is saved, and what was typed is laid over the form before any button does its work.
"""

from dataclasses import dataclass, field
from typing import Any

import flask
import msgspec

from engine import errors
from engine.definitions import edits, forms
from engine.forms import check, editing, review, settings, steps
from engine.forms.editing import Path
from engine.forms.references import escaped, unescaped
from engine.model import nodes
from engine.model import problem as problems_of
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text, both
from web.ui import door, filling, form_settings, known, language, visitor

blueprint = flask.Blueprint("form_editor", __name__, url_prefix="/designer")
LARGEST = 400_000
"""Characters of JSON that are read at all; what is taken is smaller (check.LARGEST_SCHEMA)."""
SECTION = "#"
"""Before the key of a section, where a field's path begins with a slash."""


@dataclass
class Bench:
    """What lies on the page. ``at``: ``/lines/sku`` is a field, ``#offer`` a section, empty the form itself."""

    process: str
    n: int
    key: str
    program: Program
    schema: dict[str, Any]
    seen: str
    at: str = ""
    shown_at: tuple[str, ...] = ()
    step: str = ""
    """The preview is as this step has it."""
    json: str | None = None
    """The text of the JSON tab while it is open."""
    wanted: settings.Settings | None = None
    """As typed, of the chosen field."""
    name: str = ""
    faults: dict[str, Text] = field(default_factory=dict)
    unfit: list[Problem] = field(default_factory=list)
    """Why the JSON is not taken."""
    tried: dict[str, Any] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)
    """What is wrong with what was filled in to try the form."""
    focus: str = ""

    @property
    def path(self) -> Path:
        return path_of(self.at)

    @property
    def line(self) -> editing.Line | None:
        lines = (line for line in editing.every(self.schema) if line.path == self.path)
        return next(lines, None) if self.at.startswith("/") else None

    @property
    def section(self) -> editing.Section | None:
        if not self.at.startswith(SECTION):
            return None
        return next((one for one in editing.outline(self.schema) if one.key and one.key == self.at[1:]), None)

    @property
    def titles(self) -> settings.Settings:
        return settings.read(self.schema)

    @property
    def showing(self) -> list[nodes.AnyNode]:
        """The steps that are chosen to show it."""
        return [node for node in self.program.nodes if node.id in self.shown_at]

    @property
    def offered(self) -> list[nodes.AnyNode]:
        """The steps that could show it."""
        return [node for node in self.program.nodes if isinstance(node, nodes.UserTask | nodes.StartEvent)]


def place(path: Path) -> str:
    return "".join(f"/{escaped(step)}" for step in path)


def path_of(at: str) -> Path:
    return tuple(unescaped(step) for step in at.split("/")[1:])


@blueprint.get("/<key>/<int:n>/forms")
@door.needs("process.draw")
def choose(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """From the box that asks for a key: an empty form, or the one that has it."""
    form = flask.request.args.get("form", "").strip()
    if not form:
        return flask.redirect(flask.url_for("designer.version", key=key, n=n))
    return flask.redirect(flask.url_for("form_editor.show", key=key, n=n, form=form))


@blueprint.get("/<key>/<int:n>/forms/<form>")
@door.needs("process.draw")
def show(key: str, n: int, form: str) -> flask.typing.ResponseReturnValue:
    return _page(_opened(key, n, form))


@blueprint.post("/<key>/<int:n>/forms/<form>")
@door.needs("process.draw")
def act(key: str, n: int, form: str) -> flask.typing.ResponseReturnValue:
    """``do``: ``save``, ``select:/total``, ``add``, ``up:/total``, ``try`` ... ; anything else only looks at it."""
    bench = _entered(_opened(key, n, form))
    verb, _, rest = (flask.request.form.get("do") or flask.request.form.get("else", "check")).partition(":")
    if bench.unfit:
        return _page(bench), 422
    if verb == "save":
        return _save(bench)
    if verb in ("try", "remove", filling.KEEP) or (verb == "add" and rest):
        _try(bench, f"{verb}:{rest}")
    else:
        _do(bench, verb, rest)
    return _page(bench)


def _opened(key: str, n: int, form: str) -> Bench:
    engine, me = visitor.engine(), visitor.me()
    try:
        found = forms.opened(engine, process=key, n=n, key=form, agent=me)
        schema, program, seen = found.schema, found.program, found.seen
    except errors.NotFound as error:
        if error.code != "form_unknown":
            raise
        program = forms.readable(engine, process=key, n=n)
        schema, seen = editing.empty(), edits.newest(engine, process=key, agent=me)
    shown = tuple(node.id for node in forms.users(program, form))
    bench = Bench(process=key, n=n, key=form, program=program, schema=schema, seen=seen, shown_at=shown)
    _take(bench, schema, "")
    return bench


def _entered(bench: Bench) -> Bench:
    """The page as it was sent: its schema, and over it what was typed beside it."""
    form = flask.request.form
    bench.seen, bench.step = form.get("seen", ""), form.get("step", "")
    if "shown" in form:
        bench.shown_at = tuple(form.getlist("shown_at"))
    text = form.get("json", form.get("schema", ""))
    try:
        schema = msgspec.json.decode(text[:LARGEST], type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as fault:
        words = both(zh=f"不是 JSON 对象：{fault}", en=f"This is no JSON object: {fault}")
        bench.json, bench.unfit = text, [Problem(code="form_not_json", text=words)]
        return bench
    _take(bench, schema, text if "json" in form else "")
    bench.at = form.get("at", "")
    if not bench.unfit and form.get("panel") == bench.at:
        _lay(bench)
    return bench


def _take(bench: Bench, schema: dict[str, Any], text: str) -> None:
    """A schema that is no form can only be mended as JSON."""
    bench.schema, bench.unfit = schema, check.vet(schema)
    if text or bench.unfit:
        bench.json = text or msgspec.json.format(msgspec.json.encode(schema)).decode()


def _lay(bench: Bench) -> None:
    """What stands in the boxes of the chosen field, section or of the form itself."""
    line, form = bench.line, flask.request.form
    if line is not None:
        bench.wanted, bench.name = form_settings.entered(form, line.settings), form.get("set-key", "").strip()
        bench.faults = review.faults(bench.schema, line.path, bench.wanted, bench.name)
        required = form.get("set-required") == "1"
        bench.schema, path = editing.put(bench.schema, line.path, bench.wanted, key=bench.name, required=required)
        bench.at = place(path)
        return
    zh, en = form.get("set-zh", "").strip()[:500], form.get("set-en", "").strip()[:500]
    if bench.section is not None:
        bench.schema = editing.put_section(bench.schema, bench.section.key, zh=zh, en=en)
    elif not bench.at:
        bench.schema = editing.put_title(bench.schema, zh=zh, en=en)


def _do(bench: Bench, verb: str, rest: str) -> None:
    bench.focus = f"{verb}:{rest}"
    try:
        match verb:
            case "json":
                bench.json = msgspec.json.format(msgspec.json.encode(bench.schema)).decode()
            case "fields":
                bench.json = None
            case "add":
                _add(bench)
            case "select" | "up" | "down" | "drop":
                _change(bench, verb, rest)
            case "option-up" | "option-drop":
                _options(bench, verb, rest)
    except (errors.NotFound, errors.Invalid) as error:
        bench.found = []
        flask.flash(language.said(error.text), "bad")


def _add(bench: Bench) -> None:
    """Inside the rows or the group that is chosen, beside the column that is, else at the end of the section."""
    kind = flask.request.form.get("new", "text")
    if kind == "section":
        bench.schema, key = editing.add_section(bench.schema)
        bench.at, bench.focus = SECTION + key, "panel"
    else:
        line, inside = bench.line, bench.path[:-1]
        if line is not None and line.settings.kind in settings.HOLDERS and not line.elsewhere:
            inside = line.path
        section = bench.section.key if bench.section else line.settings.section if line else ""
        bench.schema, path = editing.add(bench.schema, kind, inside=inside, section=section)
        bench.at, bench.focus = place(path), "panel"
    bench.wanted, bench.name, bench.faults = None, "", {}


def _change(bench: Bench, verb: str, at: str) -> None:
    by = {"up": -1, "down": 1}.get(verb, 0)
    if at.startswith(SECTION):
        if by:
            bench.schema = editing.move_section(bench.schema, at[1:], by)
        elif verb == "drop":
            bench.schema, bench.at = editing.drop_section(bench.schema, at[1:]), ""
    elif at:
        path = path_of(at)
        if by:
            bench.schema = editing.move(bench.schema, path, by)
        elif verb == "drop":
            bench.schema, bench.at = editing.drop(bench.schema, path), place(path[:-1])
    if verb == "select":
        bench.at, bench.focus = at, "panel"
    if verb in ("select", "drop"):
        bench.wanted, bench.name, bench.faults = None, "", {}


def _options(bench: Bench, verb: str, at: str) -> None:
    line = bench.line
    if line is None or not at.isdecimal() or int(at[:6]) >= len(line.settings.options):
        return
    options, number = list(line.settings.options), int(at)
    if verb == "option-drop":
        del options[number]
    elif number:
        options.insert(number - 1, options.pop(number))
    wanted = msgspec.structs.replace(line.settings, options=tuple(options))
    bench.schema, _ = editing.put(bench.schema, line.path, wanted, key=line.path[-1], required=line.required)
    bench.wanted = None


def _try(bench: Bench, what: str) -> None:
    """The preview as it was filled in; rows come and go in it, or the server says what it thinks of it."""
    schema = steps.at(bench.schema, bench.step)
    bench.tried = filling.typed(schema)
    changed = filling.rows_changed(bench.tried, what)
    if changed is not None:
        bench.tried = changed
        return
    bench.found = check.check(schema, bench.tried)
    bench.focus = "tried"


def _save(bench: Bench) -> flask.typing.ResponseReturnValue:
    if bench.faults:
        return _page(bench), 422
    form = forms.Form(key=bench.key, schema=bench.schema, shown_at=bench.shown_at)
    try:
        made = forms.save(
            visitor.engine(),
            process=bench.process,
            n=bench.n,
            form=form,
            seen=bench.seen,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict) as error:
        return _page(bench, error), error.status
    version = next(one for one in made.versions if one.process == bench.process)
    flask.flash(language.t("editor.saved", n=version.n), "good")
    return flask.redirect(flask.url_for("form_editor.show", key=bench.process, n=version.n, form=bench.key), 303)


def _unlaid(bench: Bench) -> settings.Settings | None:
    """What was typed, while some of it cannot be taken."""
    return bench.wanted if bench.faults else None


def _page(bench: Bench, error: errors.CrmflowError | None = None) -> str:
    fit = not bench.unfit
    found = forms.problems(bench.program, bench.schema) if fit else bench.unfit
    schema = steps.at(bench.schema, bench.step) if fit else filling.EMPTY
    return flask.render_template(
        "designer/form.html",
        process=known.processes()[bench.process],
        bench=bench,
        fit=fit,
        outline=editing.outline(bench.schema) if fit else (),
        panel=form_settings.panel(bench.schema, bench.line, _unlaid(bench), bench.name) if fit and bench.line else None,
        problems=[(one, place(review.path(bench.schema, one.pointer))) for one in found],
        wrong=len(problems_of.errors(found)) + len(bench.faults),
        drawn=filling.Drawn(schema, bench.tried, bench.found),
        text=msgspec.json.encode(bench.schema).decode(),
        place=place,
        kinds=settings.KINDS,
        rights=steps.RIGHTS,
        refused=language.said(error.text) if error else "",
    )
