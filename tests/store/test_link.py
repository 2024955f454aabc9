"""What a connection to PostgreSQL is asked to be: our settings, and those of the database's URL beside them."""

from urllib.parse import quote

import pytest
import sqlalchemy as sa

from engine import errors
from engine.store import database
from tests import postgres

OURS = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "idle_in_transaction_session_timeout": "1min",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""As PostgreSQL shows them; over TCP, in seconds and milliseconds."""


@pytest.fixture(scope="module")
def empty(cluster: postgres.Cluster) -> str:
    return cluster.database()


def shown(url: str, *names: str) -> dict[str, str]:
    opened = database.connect(url)
    try:
        with opened.reading() as connection:
            return {name: str(connection.scalar(sa.text(f"SHOW {name}"))).removesuffix("s") for name in names}
    finally:
        opened.close()


def ours(**changed: str) -> dict[str, str]:
    return {name: value.removesuffix("s") for name, value in {**OURS, **changed}.items()}


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("", {}),
        ("?application_name=desk", {"application_name": "desk"}),
        (f"?options={quote('-c search_path=desk,public')}", {"search_path": "desk,public"}),
        (f"?options={quote('-csearch_path=desk')}&application_name=desk", {"search_path": "desk"}),
        (f"?options={quote('--work-mem=8MB -c statement_timeout=1min')}",
         {"work_mem": "8MB", "statement_timeout": "1min"}),
        (f"?options={quote('-c jit=on')}", {"jit": "on"}),
        (f"?options={quote('-c jit=on')}&options={quote('-c work_mem=8MB')}", {"jit": "on", "work_mem": "8MB"}),
        (f"?options={quote('-c jit=on')}&options={quote('-c jit=off')}", {"jit": "off"}),
        ("?options=", {}),
    ],
)  # fmt: skip
def test_options_of_the_url_are_kept_beside_ours_and_win_one_by_one(
    empty: str, query: str, changed: dict[str, str]
) -> None:
    expected = ours(**changed)
    assert shown(f"{empty}{query}", *expected) == expected


def test_an_option_that_the_server_does_not_know_is_told_and_not_dropped(empty: str) -> None:
    opened = database.connect(f"{empty}?options={quote('-c no_such_setting=1')}")
    try:
        with pytest.raises(errors.Unavailable) as caught, opened.reading():
            pass
        assert "no_such_setting" in str(caught.value.__cause__)
    finally:
        opened.close()
