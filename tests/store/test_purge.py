"""What ended long ago goes whole; what runs, ended lately, or belongs to another process stays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.inbox import act
from engine.store import purge
from engine.store.tables import metadata
from engine.store.unit_of_work import Store
from tests.house import ANNA, House
from tests.kernel.models import literal, node, program
from tests.store.test_crash import Performer

ASK = program(
    "start s", node("user one", performer=Performer(groups=(literal("sales"),))), "end e", flow=["s > one > e"]
)


def ended(home: House, process: str = "p") -> str:
    case = home.start(process)
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    return case


def store(home: House) -> Store:
    found: Store = home.engine.store  # type: ignore[assignment]
    return found


def about(home: House, case: str) -> dict[str, int]:
    """How many rows of each table speak of the case."""
    found = {}
    with store(home).reading() as tx:
        for table in metadata.sorted_tables:
            if "instance_id" in table.c:
                query = sa.select(sa.func.count()).select_from(table).where(table.c.instance_id == case)
                found[table.name] = tx.connection.scalar(query) or 0
    return {name: count for name, count in found.items() if count}


def left(home: House) -> set[str]:
    with store(home).reading() as tx:
        return {one.id for one in tx.instances.search(where={}, after="", limit=1000)}


@pytest.fixture
def old(home: House) -> tuple[str, str]:
    """One that ended a year ago and one that began then and runs still."""
    home.release(ASK)
    made = ended(home), home.start()
    home.clock.advance(timedelta(days=365))
    return made


def test_what_ended_long_ago_goes_with_all_that_is_kept_about_it(home: House, old: tuple[str, str]) -> None:
    gone, running = old
    lately = ended(home)
    before = {case: about(home, case) for case in (gone, running, lately)}
    done = purge.purge(store(home), before=home.now - timedelta(days=90))
    assert done.instances == 1
    assert done.rows == before[gone]
    assert left(home) == {running, lately}
    assert about(home, gone) == {}
    assert {case: about(home, case) for case in (running, lately)} == {c: before[c] for c in (running, lately)}


def test_a_dry_run_says_what_would_go_and_touches_nothing(home: House, old: tuple[str, str]) -> None:
    before = home.now - timedelta(days=90)
    would = purge.purge(store(home), before=before, dry=True)
    assert left(home) == set(old)
    assert purge.purge(store(home), before=before) == would


def test_only_the_named_processes_are_touched(home: House, old: tuple[str, str]) -> None:
    assert purge.purge(store(home), before=home.now, processes=["other"]).instances == 0
    assert purge.purge(store(home), before=home.now, processes=["other", "p"]).instances == 1


def test_the_moment_itself_is_not_before_it(home: House) -> None:
    home.release(ASK)
    ended(home)
    assert purge.purge(store(home), before=home.now).instances == 0
    assert purge.purge(store(home), before=home.now + timedelta(microseconds=1)).instances == 1


def test_it_goes_in_small_transactions_and_may_be_stopped(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "BATCH", 2)
    home.release(ASK)
    for _ in range(5):
        ended(home)
    home.clock.advance(timedelta(days=1))

    def stop(count: int) -> None:
        if count >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        purge.purge(store(home), before=home.now, told=stop)
    assert len(left(home)) == 1
    counts: list[int] = []
    assert purge.purge(store(home), before=home.now, told=counts.append).instances == 1
    assert counts == [1]
    assert left(home) == set()


def test_a_purged_business_key_may_be_used_again(home: House) -> None:
    home.release(ASK)
    case = home.start(business_key="k")
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    assert home.start(business_key="k") == case
    purge.purge(store(home), before=home.now + timedelta(days=1))
    assert home.start(business_key="k") != case
