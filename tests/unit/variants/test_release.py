"""From the catalogue's folders to what a customer's instance runs, and back to why."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import app, errors, files
from engine.bpmn import read
from engine.clock import HandClock
from engine.customers import groups, register
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine
from engine.runtime import start
from engine.settings import Settings
from engine.variants import approval, author, choose, matrix, release, replay, shipped
from tests.unit.variants.models import text

NOW = datetime(2026, 5, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The house with the whole catalogue; tests add customers and versions, and take back what they change."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("house"), queue="inline")
    built = app.build(settings, clock=HandClock(NOW), dispatcher=False)
    install(built)
    yield built
    built.close()


def install(engine: Engine) -> shipped.Installed:
    return shipped.install(
        engine,
        path=files.shipped("processes"),
        read=lambda data, file: read.read(data, file=file),
        agent=SYSTEM,
        now=NOW,
    )


def add(engine: Engine, number: str, **data: Any) -> Any:
    return register.register(engine, data={"number": number, "name": number, **data}, agent=SYSTEM, now=NOW)


def chosen(engine: Engine, process: str, customer: Any) -> Any:
    with engine.store.reading() as tx:
        return engine.chooser.choose(
            tx, instance_id="i1", process=tx.processes.get(process), customer=customer, data={}, now=NOW
        )


def test_the_catalogue_installs_whole_and_a_second_time_changes_nothing(engine: Engine) -> None:
    again = install(engine)
    assert {"CSS-02", "CSS-03", "SFA-15"} <= set(again.processes)
    assert len(again.variants) >= 12
    with engine.store.reading() as tx:
        assert {version.n for _, version in tx.variants.released()} == {1}
        assert {len(tx.processes.versions(key)) for key in again.processes} == {1}
        assert len(tx.groups.versions()) == 1


def test_a_key_account_and_an_ordinary_customer_get_different_programs_with_the_reason(engine: Engine) -> None:
    key = add(engine, "K-1", scores={"current": 60, "potential": 31})
    plain = add(engine, "S-1", scores={"current": 10})
    one, other = chosen(engine, "CSS-02", key), chosen(engine, "CSS-02", plain)
    assert one.program != other.program
    assert one.sentence["en"].startswith("Key accounts v1 because kind is customer and current")
    assert "current and potential value is 91, at least 85 (rule R1)" in one.sentence["en"]
    assert "base Incident resolution and escalation v1 with " in one.sentence["en"]
    assert one.sentence["zh-CN"].startswith("大客户 v1：因为")
    assert other.sentence["en"].startswith("Standard because no rule matches; not Key accounts because")
    assert other.sentence["en"].endswith("the group has no variant: base Incident resolution and escalation v1.")


def test_a_group_below_builds_on_the_variant_above(engine: Engine) -> None:
    risky = add(engine, "R-1", scores={"current": 40}, attributes={"churn_risk": 0.7})
    assert risky.group == "PR-R"
    resolution = chosen(engine, "CSS-02", risky)
    assert [link["id"] for link in resolution.chain] == ["CSS-02", "CSS-02:prospects", "CSS-02:at-risk"]
    inherited = chosen(engine, "SFA-15", risky)
    assert "At risk v1 (no variant of its own, that of Prospects and at risk)" in inherited.sentence["en"]


def test_a_start_carries_its_reason(engine: Engine) -> None:
    who = add(engine, "K-2", scores={"current": 95})
    begun = start.start(engine, process="CSS-02", customer_id=who.id, data=incident(engine), agent=SYSTEM, now=NOW)
    assert begun.instance.sentence["en"].startswith("Key accounts v1 because")
    with engine.store.reading() as tx:
        kept = tx.resolutions.of_instance(begun.instance.id)
    assert kept is not None
    assert kept.program == begun.instance.program == replay.replay(kept).program


def incident(engine: Engine) -> dict[str, Any]:
    document = json.loads((files.shipped("processes") / "CSS-02" / "scenarios" / "solved-at-once.json").read_bytes())
    data: dict[str, Any] = document["start"]["data"]
    return data


def test_ten_thousand_customers_each_get_exactly_one_variant_repeatable_from_the_resolution_alone(
    engine: Engine,
) -> None:
    base = add(engine, "M-1", scores={"current": 1})
    counted: Counter[str] = Counter()
    with engine.store.reading() as tx:
        process = tx.processes.get("CSS-02")
        assert process is not None
        offered = choose.offer(tx, process)
        book = groups.book(tx, NOW)
    for number in range(10_000):
        who = msgspec.structs.replace(
            base,
            id=str(number),
            kind="prospect" if number % 11 == 0 else "customer",
            scores={"current": number % 97, "potential": number % 53},
            attributes={"churn_risk": number % 10 / 10},
            group="",
            group_since=None,
            decided={},
        )
        decided = groups.decide(book, who, now=NOW)
        picked = choose.pick_one(offered, book, decided)
        counted[decided.group] += 1
        if number % 20 == 0:
            resolution = chosen(engine, "CSS-02", who)
            assert replay.replay(resolution).program == resolution.program == picked.program
    assert set(counted) == {"KA", "GR", "ST", "PR", "PR-R"}


def test_what_it_would_have_been_with_other_facts(engine: Engine) -> None:
    who = add(engine, "W-1", scores={"current": 80})
    resolution = chosen(engine, "CSS-02", who)
    other = replay.replay(resolution, facts={"values": {"current": 85, "potential": 0}})
    assert (replay.replay(resolution).group, other.group) == ("GR", "KA")
    assert other.variant == "CSS-02:key-accounts"


def test_a_decision_by_hand_is_explained_and_survives_the_replay(engine: Engine) -> None:
    who = add(engine, "H-1", scores={"current": 10})
    until = date(2026, 6, 1)
    put = groups.override(
        engine, customer_id=who.id, group="KA", reason="strategic partner", until=until, agent=SYSTEM, now=LATER
    )
    assert put.group == "KA"
    resolution = chosen(engine, "CSS-02", put)
    assert "because system decided so until 2026-06-01: strategic partner" in resolution.sentence["en"]
    assert replay.replay(resolution).program == resolution.program
    with engine.store.reading() as tx:
        assert [(move.old, move.new) for move in tx.groups.moves(who.id)] == [("ST", "KA"), ("", "ST")]
    with pytest.raises(errors.Invalid) as raised:
        groups.override(
            engine, customer_id=who.id, group="XX", reason="short", until=date(2026, 4, 1), agent=SYSTEM, now=NOW
        )
    assert [problem.pointer for problem in raised.value.problems] == ["/group", "/until", "/reason"]


def order(**changes: Any) -> author.Order:
    said: dict[str, Any] = {
        "process": "CSS-02",
        "name": "growth",
        "group": "GR",
        "texts": text("growth"),
        "reason": text("faster"),
        "operations": [
            {"id": "gr_test", "kind": "set_priority", "target": "diagnose", "priority": 77, "reason": text("why")}
        ],
    }
    return author.Order(**(said | changes))


def test_a_new_version_is_released_and_rolled_back_and_running_instances_keep_theirs(engine: Engine) -> None:
    who = add(engine, "G-1", scores={"current": 60})
    before = chosen(engine, "CSS-02", who).program
    running = start.start(engine, process="CSS-02", customer_id=who.id, data=incident(engine), agent=SYSTEM, now=NOW)
    saved = author.save(engine, order=order(), agent=SYSTEM, now=NOW)
    assert (saved.status, saved.n, saved.problems) == ("checked", 2, ())
    assert chosen(engine, "CSS-02", who).program == before
    for act in (approval.submit, approval.approve, release.release):
        act(engine, variant_id="CSS-02:growth", n=2, agent=SYSTEM, now=NOW + timedelta(hours=1))
    assert chosen(engine, "CSS-02", who).program == saved.program != before
    with engine.store.reading() as tx:
        kept = tx.instances.get(running.instance.id)
    assert kept is not None and kept.program == before
    release.roll_back(engine, variant_id="CSS-02:growth", agent=SYSTEM, now=NOW + timedelta(hours=2))
    assert chosen(engine, "CSS-02", who).program == before


def test_a_retired_variant_falls_back_and_comes_back(engine: Engine) -> None:
    who = add(engine, "G-2", scores={"current": 61})
    release.retire(engine, variant_id="CSS-03:growth", agent=SYSTEM, now=NOW)
    assert "the group has no variant" in chosen(engine, "CSS-03", who).sentence["en"]
    release.roll_back(engine, variant_id="CSS-03:growth", agent=SYSTEM, now=NOW)
    assert chosen(engine, "CSS-03", who).sentence["en"].startswith("Growth v1")


WRONG: list[tuple[list[dict[str, Any]], str, str]] = [
    ([{"id": "x", "kind": "delete", "target": "Gone", "reason": text("w")}], "element_unknown", "/operations/0"),
    ([{"id": "x", "kind": "explode", "reason": text("w")}], "json_enum", "/operations/0/kind"),
    (
        [
            {
                "id": "x",
                "kind": "add_branch",
                "target": "diagnose",
                "to": "diagnose",
                "condition": "1 +",
                "reason": text("w"),
            }
        ],
        "expression_unreadable",
        "",
    ),
]


@pytest.mark.parametrize(("operations", "code", "pointer"), WRONG)
def test_what_is_wrong_is_kept_as_a_draft_and_cannot_be_released(
    engine: Engine, operations: list[dict[str, Any]], code: str, pointer: str
) -> None:
    saved = author.save(engine, order=order(name="wrong", group="", operations=operations), agent=SYSTEM, now=NOW)
    assert (saved.status, saved.program) == ("draft", "")
    assert (code, pointer) in [(problem.code, problem.pointer) for problem in saved.problems]
    with pytest.raises(errors.Invalid) as raised:
        approval.submit(engine, variant_id="CSS-02:wrong", n=saved.n, agent=SYSTEM, now=NOW)
    assert raised.value.problems == saved.problems
    with pytest.raises(errors.Conflict):
        release.release(engine, variant_id="CSS-02:wrong", n=saved.n, agent=SYSTEM, now=NOW)


def test_releasing_needs_the_right(engine: Engine) -> None:
    staff = Agent(key="li", roles=frozenset({"staff"}))
    with pytest.raises(errors.Forbidden):
        author.save(engine, order=order(), agent=staff, now=NOW)
    with pytest.raises(errors.Forbidden):
        release.release(engine, variant_id="CSS-02:growth", n=1, agent=staff, now=NOW)


def test_the_matrix_shows_own_and_inherited_variants_and_what_runs_now(engine: Engine) -> None:
    shown = matrix.matrix(engine, agent=SYSTEM)
    assert [group.key for group in shown.groups] == ["ALL", "KA", "GR", "ST", "PR", "PR-R"]
    row = next(row for row in shown.rows if row.process == "CSS-02")
    cells = {cell.group: cell for cell in row.cells}
    assert {group: cell.state for group, cell in cells.items()} == {
        "ALL": "base",
        "KA": "own",
        "GR": "own",
        "ST": "base",
        "PR": "own",
        "PR-R": "own",
    }
    assert cells["PR-R"].fingerprint.total > cells["PR"].fingerprint.total > 0
    loans = next(row for row in shown.rows if row.process == "SFA-15")
    assert {cell.group: cell.state for cell in loans.cells}["PR-R"] == "inherited"
    begun = start.start(
        engine, process="CSS-02", customer_id=add(engine, "K-9", scores={"current": 99}).id, data=incident(engine),
        agent=SYSTEM, now=NOW,
    )  # fmt: skip
    after = next(row for row in matrix.matrix(engine, agent=SYSTEM).rows if row.process == "CSS-02")
    ours = next(cell for cell in after.cells if cell.group == "KA")
    assert begun.instance.status == "active"
    assert (ours.running, after.running) == (cells["KA"].running + 1, row.running + 1)


def test_a_customer_is_checked_changed_and_found(engine: Engine) -> None:
    who = add(engine, "C-77", kind="prospect", contacts=[{"name": "Wang", "phone": "1"}])
    assert (who.group, who.contacts[0]["name"]) == ("PR", "Wang")
    with pytest.raises(errors.Conflict):
        add(engine, "C-77")
    with pytest.raises(errors.Invalid) as raised:
        add(engine, "C-78", attributes={"group": "KA"})
    assert raised.value.problems[0].pointer == "/attributes/group"
    bought = register.change(
        engine, customer_id=who.id, data={"kind": "customer"}, agent=SYSTEM, now=NOW, revision=who.revision
    )
    assert (bought.group, bought.kind) == ("ST", "customer")
    with pytest.raises(errors.Conflict):
        register.change(engine, customer_id=who.id, data={}, agent=SYSTEM, now=NOW, revision=who.revision)
    assert register.get(engine, customer_id="C-77", agent=SYSTEM) == bought
    assert [one.id for one in register.search(engine, agent=SYSTEM, text="C-77")] == [who.id]
    with pytest.raises(errors.NotFound):
        register.get(engine, customer_id="nobody", agent=SYSTEM)


def test_a_folder_that_is_wrong_is_refused_with_every_problem(engine: Engine, tmp_path: Path) -> None:
    place = tmp_path / "CSS-99"
    place.mkdir()
    (place / "process.bpmn").write_text("<nothing/>")
    (tmp_path / "groups.json").write_bytes((files.shipped("processes") / "groups.json").read_bytes())
    with pytest.raises(errors.Invalid) as raised:
        shipped.install(
            engine, path=tmp_path, read=lambda data, file: read.read(data, file=file), agent=SYSTEM, now=NOW
        )
    assert "file_missing" in [problem.code for problem in raised.value.problems]


def test_a_catalogue_that_changed_a_step_and_the_variants_of_it_together_is_taken_as_it_comes(tmp_path: Path) -> None:
    """The new variant is written for the new base: nothing is left to decide, and the house starts."""
    shutil.copytree(files.shipped("processes") / "CSS-02", tmp_path / "processes" / "CSS-02")
    shutil.copy(files.shipped("processes") / "groups.json", tmp_path / "processes")
    built = app.build(Settings(data_dir=tmp_path, queue="inline"), clock=HandClock(NOW), dispatcher=False)

    def once() -> None:
        shipped.install(
            built,
            path=tmp_path / "processes",
            read=lambda data, file: read.read(data, file=file),
            agent=SYSTEM,
            now=NOW,
        )

    try:
        once()
        definition = tmp_path / "processes" / "CSS-02" / "process.json"
        changed = json.loads(definition.read_bytes())
        changed["steps"]["diagnose"]["promise"]["duration"] = "PT3H"
        definition.write_text(json.dumps(changed))
        once()
        with built.store.reading() as tx:
            found = {variant.id: found for variant, found in tx.variants.released()}
            assert {(one.n, one.base_n) for one in found.values()} == {(2, 2)}
            program = tx.programs.get(found["CSS-02:key-accounts"].program)
        assert program is not None
        (step,) = [one for one in program.nodes if one.id == "diagnose"]
        assert step.promise.duration == "PT15M", "what the variant says holds, whatever the base says now"
    finally:
        built.close()
