"""A database that is away, full or slow: people are told to come again, nothing is half done, and work goes on."""

import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from engine import errors, records
from engine.customers import register
from engine.inbox import act, listing
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.model.text import EN, ZH
from engine.people.agent import SYSTEM
from engine.runtime import instances, start
from engine.store import database, outage
from tests import postgres
from tests.house import ANNA, BOSS, House
from tests.kernel.models import literal, node, program, timer
from tests.store.test_races import together

ROOT = Path(__file__).resolve().parent.parent.parent
SALES = Performer(groups=(literal("sales"),))
TWO = program(
    "start s", node("user one", performer=SALES), node("user two", performer=SALES), "end e",
    flow=["s > one > two > e"],
)  # fmt: skip
BY_ITSELF = program(
    "start s", node("service do", work=Work(handler="log")), node("catch pause", triggers=(timer("PT1M"),)), "end e",
    flow=["s > do > pause > e"],
)  # fmt: skip


@pytest.fixture
def own() -> Iterator[postgres.Cluster]:
    """A server that the test may stop."""
    with postgres.cluster() as made:
        yield made


@pytest.fixture
def house(own: postgres.Cluster) -> Iterator[House]:
    made = House(own.database())
    yield made
    made.engine.store.close()


def complete(house: House, case: str, name: str) -> Any:
    return act.complete(house.engine, work_item_id=house.item(case, name).id, data={}, agent=ANNA, now=house.now)


def away(work: Callable[[], Any]) -> None:
    """Raises AssertionError unless ``work`` says, in both languages, that one should come again."""
    with pytest.raises(errors.Unavailable) as told:
        work()
    assert told.value.code == "database_away"
    assert told.value.status == 503
    assert "稍后" in told.value.text[ZH]
    assert "again" in told.value.text[EN]


def test_while_the_server_is_away_people_are_told_and_afterwards_all_goes_on(
    own: postgres.Cluster, house: House
) -> None:
    house.release(TWO)
    case = house.start()
    work_item_id = house.item(case, "one").id
    own.stop()
    away(lambda: instances.get(house.engine, instance_id=case))
    away(lambda: act.complete(house.engine, work_item_id=work_item_id, data={}, agent=ANNA, now=house.now))
    away(lambda: house.engine.store.run(lambda tx: tx.due.next()))
    own.start()
    complete(house, case, "one")
    assert [item.node for item in house.items(case)] == ["two"]


def test_connections_that_a_server_closed_meanwhile_are_no_errors(own: postgres.Cluster, house: House) -> None:
    house.release(TWO)
    cases = [house.start() for _ in range(3)]
    for case in cases:  # each time on connections of before the crash
        own.stop()
        own.start()
        complete(house, case, "one")
        assert [item.node for item in house.items(case)] == ["two"]


def test_what_was_answered_before_a_crash_of_the_server_is_there_after_it(own: postgres.Cluster, house: House) -> None:
    """P1 for the database's own death."""
    house.release(TWO)
    case = house.start(business_key="k", n=1)
    complete(house, case, "one")
    before = house.facts(case)
    own.stop()
    own.start()
    assert house.facts(case) == before
    assert house.start(business_key="k", n=2) == case


def test_rounds_of_due_work_outlive_a_server_that_is_away(own: postgres.Cluster, house: House) -> None:
    house.release(BY_ITSELF)
    case = house.start()
    own.stop()
    away(house.settle)
    own.start()
    house.settle()
    house.pass_time(minutes=1)
    assert house.instance(case).status == "completed"
    assert house.told(case).count("TimerFired pause") == 1


def test_a_session_that_was_ended_by_its_operator_is_an_outage(own: postgres.Cluster, house: House) -> None:
    def ended_inside() -> None:
        with house.engine.store.transaction() as tx:
            pid = tx.connection.scalar(sa.text("SELECT pg_backend_pid()"))  # type: ignore[attr-defined]
            with psycopg.connect(own.dsn("postgres"), autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
            tx.due.next()

    away(ended_inside)
    house.release(TWO)
    assert house.start()


@pytest.mark.parametrize("words", [b"BEGIN", b"COMMIT"])
def test_a_link_that_breaks_while_libpq_itself_is_asked_is_an_outage(own: postgres.Cluster, words: bytes) -> None:
    with psycopg.connect(own.dsn("postgres"), autocommit=True) as connection:
        with socket.socket(fileno=os.dup(connection.fileno())) as link:
            link.shutdown(socket.SHUT_RDWR)
        error = psycopg.errors.error_from_result(connection.pgconn.exec_(words))
    assert error.sqlstate is None
    assert outage.away(error)


@pytest.mark.parametrize("last", ["commit", "statement", "commit of nothing"])
def test_a_session_that_died_without_a_word_is_an_outage(own: postgres.Cluster, house: House, last: str) -> None:
    """Killed as the system kills who takes too much memory: the server says nothing, and no state is known."""

    def died_inside() -> None:
        with house.engine.store.transaction() as tx:
            pid = tx.connection.scalar(sa.text("SELECT pg_backend_pid()"))  # type: ignore[attr-defined]
            if last == "commit":
                tx.people.put_group(records.StaffGroup(key="new", texts={"en": "new"}, manager="boss"))
            os.kill(pid, signal.SIGKILL)
            while Path(f"/proc/{pid}/stat").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text():
                time.sleep(0.001)
            if last == "statement":
                tx.due.next()

    away(died_inside)
    own.stop()
    own.start()
    house.release(TWO)
    assert house.start()


SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$;
    CREATE TRIGGER slow BEFORE INSERT ON fact FOR EACH STATEMENT EXECUTE FUNCTION slow();
"""


def test_a_slow_server_costs_time_and_nothing_else(house: House) -> None:
    house.release(TWO)
    case = house.start()
    with house.engine.store.transaction() as tx:
        tx.connection.exec_driver_sql(SLOW)  # type: ignore[attr-defined]
    begun = time.monotonic()
    results = together(*[lambda: complete(house, case, "one")] * 3)
    assert time.monotonic() - begun >= 0.2
    assert len([one for one in results if isinstance(one, errors.CrmflowError)]) == 2
    assert house.told(case).count("WorkItemCompleted one") == 1


def test_the_links_limits_can_be_said_in_the_url(own: postgres.Cluster) -> None:
    opened = database.connect(own.database() + "?connect_timeout=3&application_name=mine")
    assert isinstance(opened, database.Postgresql)
    with opened.reading() as connection:
        assert connection.scalar(sa.text("SHOW application_name")) == "mine"
        assert connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == "1min"
        assert connection.scalar(sa.text("SHOW tcp_user_timeout")) == "15000"
    opened.close()


# --- no room -------------------------------------------------------------------------------------------------------

FILLING = """
import resource, signal, sys
from engine import errors
from engine.people.agent import SYSTEM
from engine.runtime import instances, start
from tests.house import House
from tests.kernel.models import program

home = House(sys.argv[1])
home.release(program("start s", "user one", "end e", flow=["s > one > e"]))
home.customer()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
answered, refused = [], ""
for number in range(2000):
    try:
        begun = start.start(home.engine, process="p", customer_id="c-1", business_key=str(number),
                            data={"filler": "x" * 20000 + str(number)}, agent=SYSTEM, now=home.now)
        answered.append(begun.instance.id)
    except errors.Unavailable as error:
        refused = error.code
        break
seen = {one.id for one in instances.search(home.engine, limit=200)}
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
again = start.start(home.engine, process="p", customer_id="c-1", business_key=str(number),
                    data={}, agent=SYSTEM, now=home.now)
print(refused, len(answered), again.created, len(seen))
home.engine.store.close()
"""


def test_a_full_disk_refuses_a_start_whole_and_forgets_nothing_that_was_answered(tmp_path: Path) -> None:
    """The file's size is limited by the system, so that this runs without the right to mount anything."""
    url = f"sqlite:///{tmp_path}/full.db"
    limit = 1_500_000
    ended = subprocess.run(
        [sys.executable, "-c", FILLING, url, str(limit)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    refused, answered, created, _ = ended.stdout.split()
    assert refused == "database_away"
    assert created == "True", "what was refused had left no trace: the same key begins a case when there is room"
    home = House(url)
    found = instances.search(home.engine, limit=200)
    assert len(found) == int(answered) + 1
    home.engine.store.close()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY, "only the child was limited"


@pytest.fixture
def small() -> Iterator[postgres.Cluster]:
    """A server whose log of writes comes in files of a megabyte, so that larger ones are tables."""
    with postgres.cluster(postgres.SETTINGS, "--wal-segsize=1") as made:
        yield made


ROOM = 2 * 1024 * 1024 + 4096
"""Half a page beyond two megabytes: a page that is written in part is what a full disk looks like."""


def test_a_full_disk_of_the_server_refuses_a_start_whole_and_heals(small: postgres.Cluster) -> None:
    """The system limits the size of its files, which needs no right to mount anything."""
    home = House(small.database())
    home.release(TWO)
    home.customer()
    answered: list[str] = []

    def begin() -> Any:
        return start.start(
            home.engine,
            process="p",
            customer_id="c-1",
            business_key=str(len(answered)),
            data={"filler": secrets.token_hex(20_000)},
            agent=SYSTEM,
            now=home.now,
        )

    small.limit_files(ROOM)
    with pytest.raises(errors.Unavailable) as full:
        while len(answered) < 1000:
            answered.append(begin().instance.id)
    assert full.value.code == "database_away"
    assert answered
    assert {one.id for one in instances.search(home.engine, limit=200)} == set(answered)
    with pytest.raises(errors.Unavailable):
        begin()
    small.limit_files("unlimited")
    assert begin().created
    home.engine.store.close()


def test_no_connection_left_is_no_room_either(own: postgres.Cluster) -> None:
    url = own.database()
    with psycopg.connect(own.dsn("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE guest LOGIN")
        admin.execute(f"ALTER DATABASE {url.rpartition('/')[2]} CONNECTION LIMIT 0")
    outside = database.connect(url.replace("crmflow@", "guest@"))

    def enter() -> None:
        with outside.writing():
            pass

    away(enter)
    outside.close()


# --- which errors are outages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("08006", True), ("08003", True), ("53100", True), ("53300", True), ("57P01", True), ("57P03", True),
        ("23505", False), ("40001", False), ("40P01", False), ("42P01", False), ("57014", False), ("22P02", False),
    ],
)  # fmt: skip
def test_only_states_of_connections_room_and_endings_are_outages(state: str, expected: bool) -> None:
    error = psycopg.errors.lookup(state)("said the server")
    assert outage.away(error) is expected
    assert outage.away(sa.exc.DBAPIError("SELECT 1", None, error)) is expected


def test_an_error_without_a_state_is_an_outage_when_it_is_one_of_the_link() -> None:
    assert outage.away(psycopg.OperationalError("server closed the connection unexpectedly"))
    assert outage.away(psycopg.InterfaceError("the connection is closed"))
    assert not outage.away(psycopg.ProgrammingError("the query has 2 placeholders"))
    assert outage.away(sa.exc.TimeoutError("QueuePool limit reached"))


NUL = "a\x00b"


@pytest.mark.parametrize(
    "ask",
    [
        lambda home: instances.search(home.engine, query=instances.Query(process=NUL)),
        lambda home: instances.search(home.engine, query=instances.Query(status=NUL, seen_by=("anna", NUL))),
        lambda home: instances.get(home.engine, instance_id=NUL),
        lambda home: register.search(home.engine, text=NUL, agent=BOSS),
        lambda home: listing.mine(home.engine, agent=ANNA, now=home.now, where=listing.Filter(node=NUL)),
        lambda home: home.start(business_key=NUL),
        lambda home: home.engine.store.run(lambda tx: tx.repeats.get("anna", NUL, home.now)),
    ],
)
def test_text_that_postgresql_cannot_hold_is_refused_in_words(ask: Callable[[House], Any], house: House) -> None:
    house.release(TWO)
    with pytest.raises(errors.Invalid) as refused:
        ask(house)
    assert refused.value.code == "text_nul"
    assert "U+0000" in refused.value.text[ZH]
    assert "NUL character" in refused.value.text[EN]
    assert house.start(), "the connection is as good as before"


@pytest.mark.parametrize("error", [ValueError("no"), errors.Conflict("c", zh="不", en="no"), RuntimeError("psycopg")])
def test_other_errors_are_no_outages_and_pass(error: Exception) -> None:
    assert not outage.away(error)
    with pytest.raises(type(error)), outage.told():
        raise error


def test_a_wrong_statement_is_no_outage(url: str) -> None:
    opened = database.connect(url)
    with pytest.raises(sa.exc.DBAPIError) as wrong, opened.writing() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert not outage.away(wrong.value)
    opened.close()


def test_a_read_only_view_that_is_written_to_is_no_outage(url: str) -> None:
    opened = database.connect(url)
    with pytest.raises(sa.exc.DBAPIError) as wrong, opened.reading() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
    assert not outage.away(wrong.value)
    opened.close()


def test_a_start_while_the_server_is_away_may_be_repeated(own: postgres.Cluster, house: House) -> None:
    house.release(TWO)
    house.customer()

    def begin() -> Any:
        return start.start(
            house.engine, process="p", customer_id="c-1", business_key="k", data={}, agent=SYSTEM, now=house.now
        )

    own.stop()
    away(begin)
    own.start()
    assert begin().created
    assert not begin().created
