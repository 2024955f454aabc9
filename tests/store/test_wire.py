"""What is said to libpq itself: values come back as the driver would give them, errors are the driver's."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store import database, wire
from engine.store.tables import metadata
from tests import postgres

TEXTS = [
    "",
    "a",
    "客户 <b>✓</b>",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "'; --",
    "%s $1",
    "x" * 100_000,
]
VALUES: list[tuple[str, list[Any]]] = [
    ("text", TEXTS),
    ("varchar(100)", ["", "编号-1"]),
    ("bigint", [0, 1, -1, 2**63 - 1, -(2**63), 1_772_442_000_000_000]),
    ("integer", [0, 7, -(2**31), 2**31 - 1]),
    ("smallint", [0, -(2**15), 2**15 - 1]),
    ("boolean", [True, False]),
    ("bytea", [b"", b"\0\1\xff", bytes(range(256)) * 50]),
    ("double precision", [0.0, -1.5, 1e300, 0.1]),
]


@pytest.fixture(scope="module")
def url(cluster: postgres.Cluster) -> str:
    return cluster.database()


@pytest.fixture
def driver(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as made:
        yield made


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=[kind for kind, _ in VALUES])
def test_each_kind_of_value_comes_back_as_it_was(driver: psycopg.Connection[Any], kind: str, values: list[Any]) -> None:
    said = f"SELECT $1::{kind}, $2::{kind}".encode()
    for value in values:
        assert wire.rows(driver, said, [value, None]) == [[value, None]]
        (through,) = psycopg.RawCursor(driver).execute(said, [value, None]).fetchall()
        assert wire.rows(driver, said, [value, None]) == [list(through)]
        assert [type(one) for one in wire.rows(driver, said, [value, None])[0]] == [type(one) for one in through]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(),
)
def test_any_value_comes_back_as_it_was(driver: psycopg.Connection[Any], text: str, number: int, data: bytes) -> None:
    said = b"SELECT $1::text, $2::bigint, $3::bytea"
    assert wire.rows(driver, said, [text, number, data]) == [[text, number, data]]


def test_every_type_of_our_tables_is_known(cluster: postgres.Cluster, driver: psycopg.Connection[Any]) -> None:
    asked = (
        "SELECT DISTINCT atttypid FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE attnum > 0 AND relname = ANY(%s)"
    )
    with psycopg.connect(cluster.dsn(cluster.furnished)) as furnished:
        used = {oid for (oid,) in furnished.execute(asked, (list(metadata.tables),)).fetchall()}
    assert len(used) >= 5 and used <= set(wire._READERS)


@pytest.mark.parametrize("value", ["\0", "a\0b", "\0" * 9])
def test_a_text_with_nul_is_refused_and_not_cut_short(driver: psycopg.Connection[Any], value: str) -> None:
    with pytest.raises(psycopg.DataError, match="NUL"):
        wire.rows(driver, b"SELECT $1::text", [value])
    with pytest.raises(psycopg.DataError, match="NUL"):
        driver.execute("SELECT %s::text", [value])
    assert wire.rows(driver, b"SELECT $1::text", ["a"]) == [["a"]]


@pytest.mark.parametrize("value", [object(), [1], {"a": 1}, 1j])
def test_a_value_that_no_column_of_ours_holds_is_an_error(driver: psycopg.Connection[Any], value: Any) -> None:
    with pytest.raises(KeyError):
        wire.rows(driver, b"SELECT $1::text", [value])


@pytest.mark.parametrize(
    ("said", "values", "sqlstate"),
    [
        (b"SELECT nothing", [], "42703"),
        (b"SELEC 1", [], "42601"),
        (b"SELECT 1 / $1::integer", [0], "22012"),
        (b"SELECT $1::integer", [2**31], "22003"),
        (b"INSERT INTO held VALUES ($1)", [1], "23505"),
        (b"INSERT INTO held VALUES ($1)", [None], "23502"),
    ],
)
def test_an_error_is_the_drivers_with_its_number(
    driver: psycopg.Connection[Any], said: bytes, values: list[Any], sqlstate: str
) -> None:
    driver.execute("CREATE TABLE IF NOT EXISTS held (id integer PRIMARY KEY)")
    driver.execute("INSERT INTO held VALUES (1) ON CONFLICT DO NOTHING")
    for _ in range(2):
        with pytest.raises(psycopg.Error) as caught:
            wire.rows(driver, said, values)
        assert caught.value.sqlstate == sqlstate
    assert wire.rows(driver, b"SELECT 1", []) == [[1]]


def test_touched_counts_rows_with_and_without_answers(driver: psycopg.Connection[Any]) -> None:
    driver.execute("CREATE TABLE counted (id integer PRIMARY KEY, n integer NOT NULL)")
    assert wire.touched(driver, b"INSERT INTO counted VALUES ($1, 0), ($2, 0)", [1, 2]) == 2
    assert wire.touched(driver, b"UPDATE counted SET n = n + 1 WHERE id > $1", [0]) == 2
    assert wire.touched(driver, b"UPDATE counted SET n = n + 1 WHERE id = $1", [9]) == 0
    whole = b"WITH s0 AS (INSERT INTO counted VALUES ($1, 0)) UPDATE counted SET n = 5 WHERE id = $2"
    assert wire.touched(driver, whole, [3, 1]) == 1
    assert wire.rows(driver, b"SELECT id, n FROM counted ORDER BY id", []) == [[1, 5], [2, 1], [3, 0]]


def test_a_statement_is_prepared_once_for_each_connection(driver: psycopg.Connection[Any], url: str) -> None:
    said = b"SELECT $1::text AS once"
    for number in range(5):
        assert wire.rows(driver, said, [str(number)]) == [[str(number)]]
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS once%' AND name LIKE 'crmflow%'"
    assert driver.execute(kept).fetchall() == [(1,)]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        assert wire.rows(other, said, ["x"]) == [["x"]]


def test_no_more_statements_are_kept_than_so_many(
    driver: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST", 3)
    for _ in range(2):
        for number in range(6):
            assert wire.rows(driver, f"SELECT $1::bigint + {number}".encode(), [1]) == [[1 + number]]
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'crmflow%'"
    assert driver.execute(kept).fetchall() == [(3,)]


def test_what_was_prepared_in_a_transaction_that_failed_is_there_afterwards(driver: psycopg.Connection[Any]) -> None:
    driver.execute("BEGIN")
    assert wire.rows(driver, b"SELECT $1::bigint", [1]) == [[1]]
    with pytest.raises(psycopg.errors.DivisionByZero):
        wire.rows(driver, b"SELECT 1 / $1::bigint", [0])
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        wire.rows(driver, b"SELECT $1::bigint", [1])
    driver.execute("ROLLBACK")
    assert wire.rows(driver, b"SELECT $1::bigint", [2]) == [[2]]


@pytest.mark.parametrize("prepared_by_the_driver", [0, 7])
@pytest.mark.parametrize(
    "said", ["ROLLBACK TO SAVEPOINT here", " drop table if exists none", "ALTER TABLE t ADD n integer"]
)
def test_what_the_driver_throws_away_is_prepared_anew_and_never_twice(
    url: str, said: str, prepared_by_the_driver: int
) -> None:
    """Behind such a statement the driver has the server forget all of them, if it prepared any itself."""
    opened = database.connect(url)
    asked = b"SELECT $1::bigint AS again"
    try:
        with opened.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE t (id integer)")
        for number in range(3):
            with opened.writing() as connection:
                driver = connection.connection.dbapi_connection
                assert wire.rows(driver, asked, [number]) == [[number]]
                for _ in range(prepared_by_the_driver):
                    connection.exec_driver_sql("SELECT 'prepared by the driver'")
                connection.exec_driver_sql("SAVEPOINT here")
                connection.exec_driver_sql(said.replace(" n ", f" n{number} "))
                assert wire.rows(driver, asked, [number]) == [[number]]
                kept = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'crmflow%%'"
                assert connection.exec_driver_sql(kept).scalar() == 1
    finally:
        with opened.writing() as connection:
            connection.exec_driver_sql("DROP TABLE t")
        opened.close()


def test_a_server_that_has_gone_is_the_drivers_error_of_a_lost_link(cluster: postgres.Cluster, url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as driver:
        wire.rows(driver, b"SELECT 1", [])
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (driver.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            wire.rows(driver, b"SELECT 1", [])


def test_texts_are_utf_8_whatever_the_database_holds(cluster: postgres.Cluster) -> None:
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE old_letters ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    opened = database.connect(cluster.url("old_letters"))
    try:
        with opened.reading() as connection:
            driver = connection.connection.dbapi_connection
            assert wire.rows(driver, b"SELECT $1::text, length($1::text)", ["Müller"]) == [["Müller", 6]]
    finally:
        opened.close()
        cluster.drop(cluster.url("old_letters"))


def test_threads_with_a_connection_each_do_not_mix_their_statements(url: str) -> None:
    wrong: list[Any] = []

    def work(number: int) -> None:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as own:
            for round_ in range(30):
                said = f"SELECT $1::bigint * {round_ % 7}".encode()
                if wire.rows(own, said, [number]) != [[number * (round_ % 7)]]:
                    wrong.append((number, round_))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
