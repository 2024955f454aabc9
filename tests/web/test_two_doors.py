"""Everything that a screen can do, a program can do: each page and button has its operation in the API."""

import re
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest

from engine import app
from engine.settings import Settings
from web.api.app import create_api
from web.ui.app import create_pages

BROWSER_ONLY = "of the browser alone: signing in, its language, its files"
# What a page or button is called in the pages, and which operations do the same.
SAME: dict[str, str] = {
    "static": BROWSER_ONLY,
    "login.show": BROWSER_ONLY,
    "login.enter": BROWSER_ONLY,
    "login.leave": BROWSER_ONLY,
    "login.home": BROWSER_ONLY,
    "shell.worker": BROWSER_ONLY,
    "shell.manifest": BROWSER_ONLY,
    "shell.none": BROWSER_ONLY,
    "offline.show": BROWSER_ONLY,
    "offline.pack": "GET /tasks, GET /tasks/{}, GET /instances/{}/attachments",
    "offline.send": "POST /tasks/{}/complete, PUT /tasks/{}/draft, POST /tasks/{}/comments, "
    "POST /instances/{}/attachments",
    "attachments.add": "POST /instances/{}/attachments, POST /attachments",
    "attachments.content": "GET /attachments/{}",
    "attachments.remove": "DELETE /attachments/{}",
    "boards.show": "GET /processes/{}/board",
    "boards.accept": "POST /processes/{}/board/accept",
    "boards.approve": "POST /variants/{}/versions/{}/approve",
    "boards.carry_over": "POST /processes/{}/board/carry",
    "boards.decide": "PUT /processes/{}/board/{}/conflicts/{}",
    "boards.release_all": "POST /variants/{}/versions/{}/release",
    "boards.undo": "POST /variants/{}/undo",
    "calendars.index": "GET /calendars",
    "calendars.add": "PUT /calendars/{}",
    "calendars.show": "GET /calendars/{}, GET /calendars/{}/due",
    "calendars.export": "GET /calendars/{}",
    "calendars.change": "PUT /calendars/{}, GET /holidays/{}",
    "calendars.put_back": "DELETE /calendars/{}",
    "groups.show": "GET /group-rules, POST /group-rules/preview",
    "groups.version": "GET /group-rules/versions/{}",
    "groups.edit": "GET /group-rules",
    "groups.change": "PUT /group-rules/draft, POST /group-rules/check, POST /group-rules/preview",
    "groups.act": "POST /group-rules/draft/submit, POST /group-rules/draft/send-back, POST /group-rules/draft/release, "
    "POST /group-rules/call-off, DELETE /group-rules/draft",
    "customers.decide": "PUT /customers/{}/group, DELETE /customers/{}/group",
    "differences.show": "GET /processes/{}/differences",
    "differences.heat": "GET /processes/{}/differences, GET /processes/{}/versions/{}/bpmn",
    "differences.as_csv": "GET /processes/{}/differences",
    "differences.as_html": "GET /processes/{}/differences",
    "differences.panes": "GET /variants/{}/versions/{}",
    "differences.pane": "GET /variants/{}/versions/{}, GET /programs/{}/bpmn",
    "migration.index": "GET /migrations, GET /migrations/older",
    "migration.tried": "POST /migrations/dry-run",
    "migration.begin": "POST /migrations",
    "migration.show": "GET /migrations/{}, GET /migrations/{}/instances, GET /migrations/{}/tally",
    "migration.act": "POST /migrations/{}/undo, POST /migrations/{}/again, POST /migrations/{}/stop",
    "mine.copied": "GET /copies",
    "mine.notices": "GET /notices",
    "mine.read": "POST /notices/read",
    "mine.withdraw": "POST /instances/{}/withdraw",
    "mine.started": "GET /instances",
    "verbs.do": "POST /tasks/{}/transfer, POST /tasks/{}/delegate, POST /tasks/{}/send-back, POST /tasks/{}/take-back, "
    "POST /tasks/{}/hold, POST /tasks/{}/resume",
    "outside.index": "GET /connectors, GET /webhooks, GET /credentials, GET /openings",
    "outside.credential": "GET /credentials/{}",
    "outside.change_credential": "PUT /credentials/{}",
    "outside.drop_credential": "DELETE /credentials/{}",
    "outside.new_credential": "POST /credentials",
    "outside.add_credential": "POST /credentials",
    "outside.open_place": "PUT /openings",
    "outside.close_place": "DELETE /openings",
    "connectors.show": "GET /connectors/{}",
    "connectors.change": "PUT /connectors/{}",
    "connectors.drop": "DELETE /connectors/{}",
    "connectors.try_out": "POST /connectors/{}/try",
    "connectors.new": "PUT /connectors/{}",
    "connectors.add": "PUT /connectors/{}",
    "connectors.template": "GET /mail-templates/{}",
    "connectors.change_template": "PUT /mail-templates/{}",
    "connectors.drop_template": "DELETE /mail-templates/{}",
    "connectors.new_template": "PUT /mail-templates/{}",
    "connectors.add_template": "PUT /mail-templates/{}",
    "webhooks.show": "GET /webhooks/{}, GET /webhooks/{}/deliveries",
    "webhooks.change": "PUT /webhooks/{}",
    "webhooks.act": "POST /webhooks/{}/stop, POST /webhooks/{}/start, POST /webhooks/{}/test, POST /webhooks/{}/replay",
    "webhooks.rotate": "POST /webhooks/{}/rotate",
    "webhooks.new": "POST /webhooks",
    "webhooks.add": "POST /webhooks",
    "modifications.show": "POST /instances/{}/modification",
    "modifications.change": "POST /instances/{}/modification",
    "designer.bind": "PUT /handlers",
    "designer.unbind": "DELETE /handlers",
    "designer.ask_play": "PUT /processes/{}/play-before-release",
    "designer.mend": "POST /processes/{}/versions/{}/mend",
    "login.switch": "PUT /me/language",
    "bulk.do": "POST /tasks/bulk",
    "live.glance": "GET /tasks/live",
    "kept.index": "GET /task-filters",
    "kept.save": "POST /task-filters",
    "kept.remove": "DELETE /task-filters/{}",
    "absences.mine": "GET /absences/standing",
    "absences.show": "GET /absences/standing, GET /absences",
    "absences.declare": "POST /absences",
    "absences.end": "POST /absences/{}/end",
    "account.show": "GET /me",
    "account.change": "PUT /me/password",
    "account.keys": "GET /me/keys",
    "account.change_keys": "PUT /me/keys",
    "cases.index": "GET /instances",
    "cases.show": "GET /instances/{}, GET /instances/{}/timeline",
    "cases.stop": "POST /instances/{}/cancel",
    "cases.hold": "POST /instances/{}/suspend",
    "cases.resume": "POST /instances/{}/resume",
    "cases.drawing": "GET /instances/{}/bpmn",
    "cases.retry": "POST /incidents/{}/retry",
    "cases.skip": "POST /incidents/{}/skip",
    "campaigns.index": "GET /campaigns/returns",
    "customers.index": "GET /customers",
    "customers.show": "GET /customers/{}, GET /customers/{}/history, GET /customers/{}/quotes, "
    "GET /customers/{}/standing, GET /instances",
    "quotes.index": "GET /quotes, GET /quotes/figures",
    "quotes.show": "GET /quotes/{}",
    "sales.index": "GET /deals, GET /sales/outlook",
    "knowledge.index": "GET /articles",
    "knowledge.show": "GET /articles/{}",
    "knowledge.rate": "POST /articles/{}/rating",
    "quotes.answer": "POST /quotes/{}/answer",
    "quotes.order": "POST /quotes/{}/order",
    "quotes.contract": "POST /quotes/{}/contract",
    "customers.suggest": "GET /customers",
    "feedback.show": "GET /feedback",
    "feedback.say": "POST /feedback",
    "feedback.listed": "GET /feedback",
    "feedback.answer": "POST /feedback/{}/answer",
    "phrases.show": "GET /phrases",
    "phrases.keep": "POST /phrases",
    "phrases.remove": "DELETE /phrases/{}",
    "cases.comment": "POST /instances/{}/comments",
    "packs.show": "GET /packs",
    "packs.file": "GET /packs/{}",
    "packs.install": "POST /packs",
    "uses.show": "GET /uses/{}",
    "materials.suggest": "GET /materials",
    "products.suggest": "GET /products",
    "comparison.show": "GET /processes/{}/comparison",
    "comparison.choose": "GET /processes/{}/comparison",
    "comparison.pane": "GET /processes/{}/comparison",
    "sandbox.show": "POST /processes/{}/versions/{}/play",
    "sandbox.act": "POST /processes/{}/versions/{}/play",
    "sandbox.drawing": "GET /processes/{}/versions/{}/drawing",
    "sheets.choose": "GET /processes/{}/versions/{}/decisions/{}",
    "sheets.show": "GET /processes/{}/versions/{}/decisions/{}",
    "sheets.act": "PUT /processes/{}/versions/{}/decisions/{}, POST /processes/{}/versions/{}/decisions/{}/check",
    "form_editor.choose": "GET /processes/{}/versions/{}/forms/{}",
    "form_editor.show": "GET /processes/{}/versions/{}/forms/{}",
    "form_editor.act": "PUT /processes/{}/versions/{}/forms/{}, POST /processes/{}/versions/{}/forms/{}/check",
    "modeler.new": "POST /processes",
    "modeler.begin": "POST /processes",
    "modeler.draw": "GET /processes/{}/versions/{}/drawing",
    "modeler.file": "GET /processes/{}/versions/{}/drawing",
    "modeler.check": "POST /processes/{}/versions/{}/check",
    "modeler.save": "PUT /processes/{}/versions/{}/drawing",
    "designer.index": "GET /processes, GET /handlers",
    "designer.upload": "POST /deployments",
    "designer.version": "GET /processes/{}/versions/{}/problems",
    "designer.drawing": "GET /processes/{}/versions/{}/bpmn",
    "designer.packed": "GET /processes/{}/versions/{}/bundle",
    "designer.file": "GET /processes/{}/versions/{}/bpmn",
    "designer.release": "POST /processes/{}/versions/{}/release",
    "inbox.show": "GET /tasks, GET /tasks/counts",
    "inbox.task": "GET /tasks/{}",
    "inbox.complete": "POST /tasks/{}/complete",
    "inbox.claim": "POST /tasks/{}/claim",
    "inbox.draft": "PUT /tasks/{}/draft",
    "inbox.release": "POST /tasks/{}/release",
    "matrix.show": "GET /matrix",
    "audit.show": "GET /history",
    "audit.export": "GET /history",
    "operations.retry": "POST /incidents/retry",
    "operations.show": "GET /operations/health, GET /operations/stuck, GET /incidents, GET /health/ready",
    "undelivered.show": "GET /messages/undelivered",
    "undelivered.retry": "POST /messages/undelivered/{}/retry",
    "undelivered.discard": "POST /messages/undelivered/{}/discard",
    "people.index": "GET /people, GET /staff-groups",
    "people.show": "GET /people/{}",
    "people.new": "POST /people",
    "people.add": "POST /people",
    "people.change": "PUT /people/{}",
    "people.reset": "PUT /people/{}/password",
    "people.put_group": "PUT /staff-groups/{}",
    "processes.index": "GET /processes",
    "processes.show": "GET /processes/{}",
    "processes.drawing": "GET /processes/{}/versions/{}/bpmn",
    "processes.variant": "GET /variants/{}/versions/{}",
    "processes.variant_drawing": "GET /programs/{}/bpmn",
    "resolutions.show": "POST /resolutions/try",
    "start.choose": "GET /processes",
    "start.fill": "GET /processes/{}/start-form",
    "start.go": "POST /instances",
    "tokens.show": "GET /people/{}/tokens",
    "tokens.issue": "POST /people/{}/tokens",
    "tokens.revoke": "DELETE /people/{}/tokens/{}",
    "variants.show": "GET /variants/{}",
    "variants.drawing": "GET /programs/{}/bpmn",
    "variants.change": "POST /variants",
    "variants.take_back": "POST /variants",
    "variants.discard": "POST /variants/{}/discard",
    "copies.show": "POST /variants/infer",
    "copies.upload": "POST /variants/infer",
    "copies.take": "POST /variants",
    "rollout.submit": "POST /variants/{}/versions/{}/submit",
    "rollout.approve": "POST /variants/{}/versions/{}/approve",
    "rollout.send_back": "POST /variants/{}/versions/{}/send-back",
    "rollout.release_it": "POST /variants/{}/versions/{}/release",
    "rollout.unschedule": "POST /variants/{}/versions/{}/unschedule",
    "rollout.retire": "POST /variants/{}/retire",
    "rollout.roll_back": "POST /variants/{}/roll-back",
}


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[flask.Flask, flask.Flask]]:
    folder: Path = tmp_path_factory.mktemp("faces")
    engine = app.build(Settings(data_dir=folder, queue="inline"), dispatcher=False)
    try:
        yield create_pages(engine), create_api(engine)
    finally:
        engine.close()


def operations(api: flask.Flask) -> set[str]:
    """As ``GET /instances/{}``."""
    found = set()
    for rule in api.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", "{}", rule.rule).removeprefix("/v1")
        found |= {f"{method} {path}" for method in rule.methods or ()}
    return found


def test_each_page_and_button_has_its_operation(faces: tuple[flask.Flask, flask.Flask]) -> None:
    pages, api = faces
    known = operations(api)
    for rule in pages.url_map.iter_rules():
        assert rule.endpoint in SAME, f"{rule.rule} ({rule.endpoint}): which operation of the API does the same?"
        if SAME[rule.endpoint] == BROWSER_ONLY:
            continue
        for operation in SAME[rule.endpoint].split(", "):
            assert operation in known, f"{rule.rule}: there is no {operation}"


def test_the_table_names_nothing_that_is_gone(faces: tuple[flask.Flask, flask.Flask]) -> None:
    pages, _ = faces
    assert set(SAME) <= set(pages.view_functions)


def test_no_button_is_of_the_browser_alone(faces: tuple[flask.Flask, flask.Flask]) -> None:
    pages, _ = faces
    alone = {
        rule.endpoint
        for rule in pages.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and SAME.get(rule.endpoint) == BROWSER_ONLY
    }
    assert alone == {"login.enter", "login.leave"}
