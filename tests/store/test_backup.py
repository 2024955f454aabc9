"""A backup is one moment of the database, whoever writes meanwhile, and never half a file."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app, cli, errors
from engine.runtime import instances
from engine.settings import Settings
from engine.store import backup
from tests.store.test_kill import release
from tests.store.test_worker import JOB, begin


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/crmflow.db"


def cases(file: Path) -> int:
    with closing(sqlite3.connect(file)) as found:
        assert found.execute("pragma integrity_check").fetchone() == ("ok",)
        (count,) = found.execute("select count(*) from instance").fetchone()
        return int(count)


def called(*words: str, language: str = "en_GB.UTF-8") -> Result:
    return CliRunner().invoke(cli.main, ["db", "backup", *words], env={"LANG": language, "COLUMNS": "200"})


def test_what_is_brought_back_goes_on_where_it_was(tmp_path: Path) -> None:
    engine = app.build(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    release(engine, JOB)
    case = begin(engine)
    (tmp_path / "new").mkdir()
    backup.back_up(url(tmp_path), tmp_path / "new" / "crmflow.db")
    engine.close()
    again = app.build(Settings(data_dir=tmp_path / "new", queue="inline"), dispatcher=False)
    assert instances.get(again, instance_id=case).instance.id == case
    assert begin(again) != case
    again.close()


def test_while_others_write_it_holds_whole_transactions_only(tmp_path: Path) -> None:
    """Each transaction writes a pair; a moment between the two would show an odd number."""
    live = sqlite3.connect(tmp_path / "crmflow.db", check_same_thread=False, isolation_level=None)
    live.execute("pragma journal_mode=wal")
    live.execute("create table instance (n integer)")
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set() and n < 20_000:
            live.execute("begin immediate")
            live.execute("insert into instance values (?)", (n,))
            live.execute("insert into instance values (?)", (n,))
            live.execute("commit")
            begun.set()
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        counts = []
        for number in range(5):
            backup.back_up(url(tmp_path), tmp_path / f"{number}.db")
            counts.append(cases(tmp_path / f"{number}.db"))
    finally:
        stop.set()
        writer.join(30)
        live.close()
    assert counts == sorted(counts) and all(count % 2 == 0 for count in counts) and counts[0] > 0


def test_an_older_backup_is_never_written_over_and_nothing_half_is_left(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "crmflow.db").execute("create table instance (n integer)").connection.close()
    old = tmp_path / "old.db"
    old.write_text("yesterday's")
    with pytest.raises(errors.Conflict) as refused:
        backup.back_up(url(tmp_path), old)
    assert str(old) in refused.value.text["zh-CN"] and str(old) in refused.value.text["en"]
    with pytest.raises(errors.Invalid):
        backup.back_up(url(tmp_path), tmp_path / "nowhere" / "new.db")
    assert old.read_text() == "yesterday's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crmflow.db", "old.db"]


def test_what_is_no_database_is_refused_and_no_backup_is_made(tmp_path: Path) -> None:
    (tmp_path / "crmflow.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(errors.Invalid) as refused:
        backup.back_up(url(tmp_path), tmp_path / "new.db")
    assert "not a database" in refused.value.text["en"]
    assert not (tmp_path / "new.db").exists()


def test_the_command_tells_the_size_and_which_key_belongs_to_it(tmp_path: Path) -> None:
    engine = app.build(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    engine.close()
    done = called(str(tmp_path / "new.db"), "--data", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert f"{(tmp_path / 'new.db').stat().st_size:,} bytes" in done.output and "credentials.key" in done.output
    again = called(str(tmp_path / "new.db"), "--data", str(tmp_path), language="zh_CN.UTF-8")
    assert again.exit_code == 1 and "已存在" in again.output


@pytest.mark.parametrize(
    ("language", "words"), [("en_GB.UTF-8", "use pg_dump"), ("zh_CN.UTF-8", "PostgreSQL 请使用 pg_dump")]
)
def test_another_database_is_left_to_its_own_tools(
    language: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMFLOW_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    refused = called(str(tmp_path / "new.db"), language=language)
    assert refused.exit_code == 1 and words in refused.output


def test_a_folder_without_a_database_is_told(tmp_path: Path) -> None:
    refused = called(str(tmp_path / "new.db"), "--data", str(tmp_path / "none"))
    assert refused.exit_code == 1 and "There is no database" in refused.output
