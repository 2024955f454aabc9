"""Writes gathered into one statement: whatever their number, they are what they would be one by one."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from engine.store import database, raw
from tests import postgres


class Heard:
    """Takes down what is said before the last statement."""

    def __init__(self) -> None:
        self.said: list[tuple[str, list[Any]]] = []

    def execute(self, text: bytes, values: list[Any]) -> None:
        self.said.append((text.decode(), list(values)))


def test_one_write_is_said_as_it_is() -> None:
    assert raw.Whole(Heard()).last("UPDATE a SET b = %s WHERE c = %s", (1, 2)) == (
        b"UPDATE a SET b = $1 WHERE c = $2",
        [1, 2],
    )


def test_several_writes_are_one_statement_with_values_in_their_order() -> None:
    heard = Heard()
    whole = raw.Whole(heard)
    whole.execute("DELETE FROM t WHERE a = %s", (1,))
    whole.executemany("INSERT INTO u (a, b) VALUES (%s, %s::INTEGER)", [(2, 3), (4, 5)])
    whole.executemany("DELETE FROM v WHERE a = %s", [(6,), (7,)])
    text, values = whole.last("UPDATE w SET a = %s", (8,))
    assert heard.said == [], "nothing is said before the last"
    assert text == (
        b"WITH s0 AS (DELETE FROM t WHERE a = $1), "
        b"s1 AS (INSERT INTO u (a, b) VALUES ($2, $3::INTEGER), ($4, $5::INTEGER)), "
        b"s2 AS (DELETE FROM v WHERE a = $6), s3 AS (DELETE FROM v WHERE a = $7) UPDATE w SET a = $8"
    )
    assert values == [1, 2, 3, 4, 5, 6, 7, 8]


def test_more_values_than_one_statement_takes_are_said_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "MOST_VALUES", 6)
    heard = Heard()
    whole = raw.Whole(heard)
    rows = [(number, number) for number in range(10)]
    whole.executemany("INSERT INTO u (a, b) VALUES (%s, %s)", rows)
    text, values = whole.last("UPDATE w SET a = 1", ())
    assert [value for _, some in heard.said for value in some] + values == [value for row in rows for value in row]
    assert all(len(some) <= 12 for _, some in heard.said)
    assert text.endswith(b"UPDATE w SET a = 1")


@pytest.fixture
def table(cluster: postgres.Cluster) -> Iterator[sa.Connection]:
    """A table ``t`` with the one row 1, in a database that is gone afterwards."""
    url = cluster.database()
    opened = database.connect(url)
    try:
        with opened.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE t (n INTEGER PRIMARY KEY, CHECK (n < 100))")
            connection.exec_driver_sql("INSERT INTO t VALUES (1)")
            yield connection
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN")
    finally:
        opened.close()
        cluster.drop(url)


HERE = (b"UPDATE t SET n = n WHERE n = $1", [1])
NOWHERE = (b"UPDATE t SET n = n WHERE n = $1", [2])
AGAIN = (b"INSERT INTO t VALUES ($1)", [1])
NEW = (b"INSERT INTO t VALUES ($1)", [3])
WRONG = (b"INSERT INTO t VALUES ($1)", [100])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([HERE], True), ([NOWHERE], False), ([AGAIN], False), ([NEW], True),
        ([HERE, NEW], True), ([HERE, NOWHERE], False), ([NOWHERE, HERE], False),
        ([HERE, AGAIN], False), ([AGAIN, HERE], False), ([NEW, HERE, HERE], True),
    ],
)  # fmt: skip
def test_each_statement_must_touch_a_row_and_a_row_that_was_there_before_is_none(
    table: sa.Connection, said: list[raw.Said], expected: bool
) -> None:
    assert raw.touched(table, said) is expected


@pytest.mark.parametrize("said", [[WRONG], [HERE, WRONG], [WRONG, HERE]])
def test_any_other_refusal_is_an_error(table: sa.Connection, said: list[raw.Said]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        raw.touched(table, said)
