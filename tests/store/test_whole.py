"""Writes gathered into one statement: whatever their number, they are what they would be one by one."""

from typing import Any

import pytest

from engine.store import raw


class Heard:
    """Takes down what would be said to the database."""

    def __init__(self, rows: int = 1, fault: Exception | None = None) -> None:
        self.said: list[tuple[str, list[Any]]] = []
        self.rowcount = rows
        self.fault = fault

    def execute(self, text: bytes, values: list[Any]) -> None:
        self.said.append((text.decode(), list(values)))
        if self.fault:
            raise self.fault


def test_one_write_is_said_as_it_is() -> None:
    heard = Heard()
    assert raw.Whole(heard).last("UPDATE a SET b = %s WHERE c = %s", (1, 2))
    assert heard.said == [("UPDATE a SET b = $1 WHERE c = $2", [1, 2])]


def test_several_writes_are_one_statement_with_values_in_their_order() -> None:
    heard = Heard()
    whole = raw.Whole(heard)
    whole.execute("DELETE FROM t WHERE a = %s", (1,))
    whole.executemany("INSERT INTO u (a, b) VALUES (%s, %s::INTEGER)", [(2, 3), (4, 5)])
    whole.executemany("DELETE FROM v WHERE a = %s", [(6,), (7,)])
    assert heard.said == [], "nothing is said before the last"
    whole.last("UPDATE w SET a = %s", (8,))
    ((text, values),) = heard.said
    assert text == (
        "WITH s0 AS (DELETE FROM t WHERE a = $1), "
        "s1 AS (INSERT INTO u (a, b) VALUES ($2, $3::INTEGER), ($4, $5::INTEGER)), "
        "s2 AS (DELETE FROM v WHERE a = $6), s3 AS (DELETE FROM v WHERE a = $7) UPDATE w SET a = $8"
    )
    assert values == [1, 2, 3, 4, 5, 6, 7, 8]


def test_more_values_than_one_statement_takes_are_said_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "MOST_VALUES", 6)
    heard = Heard()
    whole = raw.Whole(heard)
    rows = [(number, number) for number in range(10)]
    whole.executemany("INSERT INTO u (a, b) VALUES (%s, %s)", rows)
    whole.last("UPDATE w SET a = 1", ())
    assert [value for _, values in heard.said for value in values] == [value for row in rows for value in row]
    assert all(len(values) <= 12 for _, values in heard.said)
    assert heard.said[-1][0].endswith("UPDATE w SET a = 1")


def test_an_update_that_touched_nothing_says_so() -> None:
    assert not raw.Whole(Heard(rows=0)).last("UPDATE w SET a = 1", ())


class Refused(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def test_a_row_that_another_inserted_before_means_that_the_other_was_faster() -> None:
    assert not raw.Whole(Heard(fault=Refused("23505"))).last("UPDATE w SET a = 1", ())


def test_any_other_refusal_is_an_error() -> None:
    with pytest.raises(Refused):
        raw.Whole(Heard(fault=Refused("23503"))).last("UPDATE w SET a = 1", ())
